/** What surrounds the content of every page: head, skip link, site navigation, trail and footer. */
import { posix } from "node:path";
import config from "../../../deno.json" with { type: "json" };
import { attribute, type Html, markup } from "./html.ts";

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
  { title: "Tables", path: "index.html#tables" },
  { title: "Claims", path: "index.html#sources" },
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
  const item = (target: string, name: string, tone?: string): Html => {
    const current = attribute("aria-current", target === path && "page");
    return markup`<a${attribute("class", tone)} href="${to(target)}"${current}>${name}</a>`;
  };
  const crumbs = trail && [{ title: "Overview", path: "index.html" }, ...trail];
  return markup`<!doctype html>
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
<header class="top"><nav aria-label="Site">
${item("index.html", "Assay", "brand")}
<ul>${SECTIONS.map((s) => markup`<li>${item(s.path, s.title)}</li>`)}</ul>
</nav></header>
<main id="main" tabindex="-1">
${
    crumbs &&
    markup`<nav class="trail" aria-label="Trail"><ol>${
      crumbs.map((c) => markup`<li><a href="${to(c.path)}">${c.title}</a></li>`)
    }</ol></nav>
`
  }<h1>${title}</h1>
${body}</main>
<footer>Made by Assay ${config.version}. These pages need no network and no script.</footer>
</body>
</html>
`.text;
}
