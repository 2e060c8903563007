import assert from "node:assert/strict";
import {
  badge,
  bySeverity,
  facts,
  findingCards,
  findingLines,
  hash,
  plural,
  tableBox,
} from "../../../src/report/site/blocks.ts";
import type { Finding } from "../../../src/claims/rules/finding.ts";
import type { Html } from "../../../src/report/site/html.ts";
import { named, tagsOf } from "./page.ts";

const parse = (block: Html) => tagsOf(`<!doctype html>\n${block.text}`);
const finding = (severity: Finding["severity"], message: string): Finding => ({
  rule: "a/b",
  severity,
  sources: ["s"],
  message,
  arithmetic: [],
  claims: [],
  at: { file: "f", line: 1, column: 1 },
});

Deno.test("tableBox names its box by its caption, scopes every heading and can be reached by keyboard", () => {
  const tags = parse(tableBox("c", "Cap", [{ title: "a", kind: "head" }, { title: "b", kind: "number" }], [
    { id: "r1", cells: ["x<", 1] },
    { cells: ["y", undefined] },
  ]));
  const [box] = named(tags, "div"), [caption] = named(tags, "caption");
  assert.deepEqual(box!.attributes, { class: "box", role: "region", tabindex: "0", "aria-labelledby": "c" });
  assert.equal(caption!.attributes.id, "c");
  assert.deepEqual(named(tags, "th").map((t) => [t.text, t.attributes.scope]), [
    ["a", "col"],
    ["b", "col"],
    ["x<", "row"],
    ["y", "row"],
  ]);
  assert.deepEqual(named(tags, "td").map((t) => [t.text, t.attributes.class]), [["1", "r"], ["", "r"]]);
  assert.deepEqual(named(tags, "tr").map((t) => t.attributes.id), [undefined, "r1", undefined]);
});

Deno.test("tableBox keeps an unseen caption for those who hear the page", () => {
  const [caption] = named(parse(tableBox("c", { unseen: "Cap" }, [{ title: "a" }], [])), "caption");
  assert.equal(caption!.text, "Cap");
  assert.equal(caption!.attributes.class, "unseen");
});

Deno.test("facts leaves out what is not known", () => {
  const tags = parse(facts([["a", "1"], ["b", undefined], ["c", false], ["d", 0]]));
  assert.deepEqual(named(tags, "dt", "dd").map((t) => t.text), ["a", "1", "d", "0"]);
});

Deno.test("badge says its word; the colour only repeats it", () => {
  assert.match(badge("BELOW").text, /class="badge bad">BELOW</);
  assert.match(badge("warning").text, /class="badge warn">warning</);
});

Deno.test("plural counts, bySeverity sorts, hash is whole", () => {
  assert.equal(plural(1, "claim"), "1 claim");
  assert.equal(plural(1200, "claim"), "1,200 claims");
  const counted = bySeverity([finding("error", ""), finding("note", ""), finding("note", "")]);
  assert.deepEqual(counted, { error: 1, warning: 0, note: 2 });
  assert.equal(hash("abc").text, "<code>abc</code>");
});

Deno.test("findingCards and findingLines link each finding by its title and show its message", () => {
  const links = [{ finding: finding("error", "m<m"), address: "x.html", title: "t>t" }];
  for (const list of [findingCards(links), findingLines(links)]) {
    const tags = parse(list);
    const [a] = named(tags, "a");
    assert.equal(a!.attributes.href, "x.html");
    assert.equal(a!.text, "t>t");
    assert.match(named(tags, "li")[0]!.text, /m<m/);
  }
});
