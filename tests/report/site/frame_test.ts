import assert from "node:assert/strict";
import { frame, link, SECTIONS } from "../../../src/report/site/frame.ts";
import { markup } from "../../../src/report/site/html.ts";
import { named, tagsOf } from "./page.ts";

Deno.test("link writes relative addresses that also work from a file", () => {
  assert.equal(link("index.html", "sources/a.html"), "sources/a.html");
  assert.equal(link("claims/a/t.html", "sources/a.html#x"), "../../sources/a.html#x");
  assert.equal(link("findings/a.html", "findings/b.html"), "b.html");
  assert.equal(link("index.html", "index.html#tables"), "#tables");
  assert.equal(link("runs/index.html", "runs/index.html"), "index.html");
});

Deno.test("frame puts the skip link first, one h1 with the title, and the sections on every page", () => {
  const page = frame({
    path: "claims/a/t.html",
    title: "A < B",
    trail: [{ title: "Up", path: "index.html" }],
    body: markup`<p>x</p>`,
  });
  const tags = tagsOf(page);
  const [first] = named(tags, "a");
  assert.equal(first!.attributes.href, "#main");
  assert.deepEqual(named(tags, "h1").map((t) => t.text), ["A < B"]);
  assert.equal(named(tags, "title")[0]!.text, "A < B - Assay");
  assert.equal(named(tags, "html")[0]!.attributes.lang, "en");
  const addresses = named(tags, "a").map((t) => t.attributes.href);
  for (const { path } of SECTIONS) assert.ok(addresses.includes(`../../${path}`), path);
  assert.equal(tags.find((t) => t.name === "main")!.attributes.id, "main");
});

Deno.test("frame marks the page that the reader is on", () => {
  const current = (path: string) =>
    named(tagsOf(frame({ path, title: "t", body: markup`` })), "a")
      .filter((t) => t.attributes["aria-current"] === "page").map((t) => t.text);
  assert.deepEqual(current("findings/index.html"), ["Findings"]);
  assert.deepEqual(current("index.html"), ["Assay"]);
  assert.deepEqual(current("sources/a.html"), []);
});
