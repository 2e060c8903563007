/** What surrounds the content of every page: head, skip link, site navigation, trail and footer. */
import { posix } from "node:path";
import config from "../../../deno.json" with { type: "json" };
import { type Html, html } from "./html.ts";

export interface Page {
  /** Path below the site's folder, with forward slashes. */
  readonly path: string;
  readonly title: string;
  /** Pages above this one, from the top; the overview is always first and left out here. */
  readonly trail?: readonly { readonly title: string; readonly path: string }[];
  /** What stands below the heading. */
  readonly body: Html;
}

/** Pages that every page links to. */
export const SECTIONS = [
  { title: "Reproduced tables", path: "index.html#tables" },
  { title: "Published claims", path: "index.html#sources" },
  { title: "Findings", path: "findings/index.html" },
  { title: "Runs", path: "runs/index.html" },
] as const;

/** The address of `to` (which may end in a fragment) as written in the page `from`. */
export function link(from: string, to: string): string {
  const [path = "", fragment] = to.split("#");
  const relative = path === from ? "" : posix.relative(posix.dirname(from), path);
  return fragment === undefined ? relative || posix.basename(path) : `${relative}#${fragment}`;
}

/** The pages carry no script; this keeps any other from running. */
const POLICY =
  "script-src 'none'; object-src 'none'; frame-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'";

/** The whole page. */
export function frame({ path, title, trail, body }: Page): string {
  const to = (target: string) => link(path, target);
  const crumbs = trail && [{ title: "Overview", path: "index.html" }, ...trail];
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="${POLICY}">
        <title>${path === "index.html" ? title : `${title} - Assay`}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="${to("style.css")}">
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <nav aria-label="Site"><a class="brand" href="${to("index.html")}"${path === "index.html" && html`
            aria-current="page"
          `}>Assay</a>
    <ul>${SECTIONS.map((s) =>
      html`<li><a href="${to(s.path)}"${
        s.path === path && html`
          aria-current="page"
        `
      }>${s.title}</a></li>`
    )}</ul></nav>
        </header>
        <main id="main" tabindex="-1">
    ${crumbs &&
      html`
        <nav class="trail" aria-label="Trail">
          <ol>${crumbs.map((c) => html`<li><a href="${to(c.path)}">${c.title}</a></li>`)}</ol>
        </nav>
      `}
    <h1>${title}</h1>
    ${body}
        </main>
        <footer>Made by Assay ${config.version}. These pages need no network and no script.</footer>
      </body>
    </html>
  `.text;
}
