/**
 * The style sheet of the site. Every colour is a custom property with a light and a dark value; a test computes the
 * contrast of each text colour on each ground. No fonts are fetched.
 */

/** Colours by name: on the light page, on the dark page. */
export const COLOURS = {
  ground: ["#ffffff", "#14181d"],
  raised: ["#f4f6f8", "#1d232a"],
  ink: ["#1c2128", "#e6e9ee"],
  muted: ["#57606a", "#a4adb8"],
  line: ["#d5dae0", "#3a424c"],
  link: ["#1f5fa8", "#86b9f2"],
  good: ["#1a6b4f", "#6fd0ab"],
  bad: ["#a83232", "#f08a8a"],
  warn: ["#7a5200", "#e0b457"],
} as const;

function properties(theme: 0 | 1): string {
  return Object.entries(COLOURS).map(([name, value]) => `--${name}:${value[theme]}`).join(";");
}

/** Text of `style.css`. */
export const STYLE = `:root{color-scheme:light dark;${properties(0)}}
@media (prefers-color-scheme:dark){:root{${properties(1)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif;overflow-wrap:break-word}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
.skip{position:absolute;left:.5rem;top:-4rem;padding:.5rem .9rem;background:var(--ground);color:var(--link);z-index:1}
.skip:focus{top:.5rem}
.top{border-bottom:1px solid var(--line);background:var(--raised)}
.top nav,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
.top nav{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;align-items:baseline;padding-top:.7rem;padding-bottom:.7rem}
.top ul{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:0;padding:0;list-style:none}
.top li{margin:0}
ul.plain{padding:0;list-style:none}
.words{grid-template-columns:minmax(10rem,max-content) minmax(0,1fr)}
.top a{display:inline-block;padding:.25rem 0;text-decoration:none}
.top a:hover,.top a[aria-current]{text-decoration:underline}
.top a[aria-current]{color:var(--ink)}
.top .brand{font-weight:700;font-size:1.1rem;color:var(--ink)}
main{padding-top:1.4rem;padding-bottom:3rem}
footer{padding-top:1rem;padding-bottom:2.5rem;border-top:1px solid var(--line);color:var(--muted);font-size:.88rem}
.trail{font-size:.9rem;margin-bottom:.9rem}
.trail ol{display:flex;flex-wrap:wrap;margin:0;padding:0;list-style:none}
.trail li:not(:last-child)::after{content:"/";color:var(--muted);margin:0 .5rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .6rem;max-width:46rem;text-wrap:balance}
h2{font-size:1.28rem;line-height:1.3;margin:2.6rem 0 .7rem}
h3{font-size:1.06rem;line-height:1.35;margin:2rem 0 .5rem}
p,li,dd,blockquote{max-width:46rem}
p{margin:.6rem 0}
.lead{font-size:1.06rem}
.muted{color:var(--muted)}
.small{font-size:.88rem}
code,.mono{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.arithmetic{max-width:60rem;margin:.6rem 0;padding:.7rem 1rem;background:var(--raised);border:1px solid var(--line);border-radius:6px;list-style:none;font:.87rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.arithmetic li{max-width:none;margin:.25rem 0;padding-left:1.5rem;text-indent:-1.5rem}
blockquote{margin:.6rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line)}
.box{margin:.8rem 0;overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:.91rem;font-variant-numeric:tabular-nums}
caption{padding:.55rem .8rem;text-align:left;color:var(--muted);border-bottom:1px solid var(--line)}
caption span{display:inline-block;position:sticky;left:.8rem;max-width:min(46rem,calc(100vw - 4.6rem))}
caption.unseen{padding:0;border:0}
.unseen span{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.42rem .8rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
thead th{background:var(--raised);font-weight:600;vertical-align:bottom}
tbody th{font-weight:500}
.r{text-align:right}
td.wrap,th.wrap{white-space:normal;min-width:15rem}
tr:target{outline:2px solid var(--link);outline-offset:-2px}
dl.facts{display:grid;grid-template-columns:minmax(7.5rem,max-content) minmax(0,1fr);gap:.3rem 1.2rem;margin:.8rem 0}
dl.facts dt{color:var(--muted)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
ul,ol{padding-left:1.3rem}
li{margin:.3rem 0}
ul.inline{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;padding:0;list-style:none}
ul.inline li{margin:0}
h4{font-size:1rem;margin:1.2rem 0 .4rem}
.cards{display:grid;grid-template-columns:minmax(0,1fr);gap:.7rem;margin:.8rem 0;padding:0;list-style:none}
.cards>li{margin:0;padding:.75rem 1rem;max-width:60rem;border:1px solid var(--line);border-radius:6px}
.cards p{margin:.3rem 0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:1.2rem 0;padding:0;list-style:none}
.figures li{margin:0;padding:.7rem 1rem;background:var(--raised);border:1px solid var(--line);border-radius:6px;color:var(--muted);font-size:.9rem}
.figures strong{display:block;font-size:1.5rem;line-height:1.25;color:var(--ink);font-variant-numeric:tabular-nums}
.badge{display:inline-block;padding:.02rem .5rem;border:1px solid currentColor;border-radius:4px;font-size:.78rem;font-weight:650;line-height:1.5;letter-spacing:.02em;white-space:nowrap;color:var(--muted)}
.good{color:var(--good)}
.bad{color:var(--bad)}
.warn{color:var(--warn)}
.inequality{font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
figure{margin:1.2rem 0}
figure .box{padding:.8rem;max-width:46rem}
figure img{display:block;width:100%;min-width:26rem;height:auto}
figcaption{color:var(--muted);font-size:.92rem;max-width:46rem}
.times{margin-top:2.6rem;padding:0 1rem .4rem;border:1px dashed var(--line);border-radius:6px}
.times h2{margin-top:1rem}
.pager{display:flex;flex-wrap:wrap;gap:.4rem 2rem;justify-content:space-between;margin-top:2.6rem;padding-top:.9rem;border-top:1px solid var(--line)}
details{margin:.8rem 0}
summary{cursor:pointer;color:var(--link)}
@media (max-width:34rem){.top nav,main,footer{padding-left:.9rem;padding-right:.9rem}h1{font-size:1.4rem}dl.facts{grid-template-columns:minmax(0,1fr);gap:0}dl.facts dd{margin-bottom:.5rem}td.wrap,th.wrap{min-width:21rem}}
@media print{.top,.skip,.trail,.pager{display:none}.box{overflow:visible}}
`;
