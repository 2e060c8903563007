import assert from "node:assert/strict";
import { reportFiles } from "../../src/report/report.ts";
import { smallResult } from "./small_result.ts";

const page = (await reportFiles(smallResult)).get("report.html")!;

Deno.test("renderHtml makes one file without script that fetches nothing", () => {
  assert.doesNotMatch(page, /<script|<link|<img|@import|url\((?!#)/);
  const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, a]) => a!);
  assert.deepEqual(addresses.filter((a) => !a.startsWith("#")), []);
});

Deno.test("renderHtml escapes text and draws every plot once", () => {
  assert.match(page, /A title with &lt;brackets&gt; &amp; an ampersand/);
  assert.match(page, /A note with <code>code<\/code>\./);
  assert.equal(page.match(/<svg /g)!.length, smallResult.plots.length);
});

Deno.test("renderHtml adapts to dark readers and narrow screens", () => {
  assert.match(page, /prefers-color-scheme:dark/);
  assert.match(page, /<meta name="viewport" content="width=device-width/);
  assert.match(page, /<div class="scroll" tabindex="0"/);
});

Deno.test("identifiers in the page are unique although it holds several drawings", () => {
  const ids = [...page.matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id!);
  assert.equal(new Set(ids).size, ids.length);
});
