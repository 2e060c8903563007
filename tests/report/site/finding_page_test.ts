import assert from "node:assert/strict";
import { findingList, findingPage } from "../../../src/report/site/finding_page.ts";
import { named, tagsOf } from "./page.ts";
import { sampleContext } from "./sample.ts";

Deno.test("findingPage states rule, severity, place, arithmetic line by line, cells and the rule's text", async () => {
  const context = await sampleContext();
  for (const finding of context.findings) {
    const tags = tagsOf(findingPage(context, finding));
    const body = named(tags, "main")[0]!.text;
    for (const text of [finding.message, finding.rule, finding.severity, context.ruleHelp(finding)]) {
      assert.ok(body.includes(text), `${finding.rule}: ${text}`);
    }
    assert.ok(body.includes(`${finding.at.file}:${finding.at.line}:${finding.at.column}`));
    const lines = named(tags, "li").filter((t) => t.parent!.attributes.class === "arithmetic").map((t) =>
      t.text
    );
    assert.deepEqual(lines, finding.arithmetic);
    const cells = named(tags, "a").filter((a) => a.parent!.name === "th").map((a) => a.text);
    assert.deepEqual(cells, finding.claims.map((c) => c.id));
  }
});

Deno.test("findingPage leads to its neighbours", async () => {
  const context = await sampleContext();
  const rel = (i: number) =>
    named(tagsOf(findingPage(context, context.findings[i]!)), "a").flatMap((a) => a.attributes.rel ?? []);
  assert.deepEqual(rel(0), ["next"]);
  for (let i = 1; i < context.findings.length - 1; i++) assert.deepEqual(rel(i), ["prev", "next"]);
  assert.deepEqual(rel(context.findings.length - 1), ["prev"]);
});

Deno.test("findingList holds every finding once, under its severity", async () => {
  const context = await sampleContext();
  const tags = tagsOf(findingList(context));
  const links = named(tags, "a").map((a) => a.attributes.href!);
  for (const finding of context.findings) {
    const address = context.address.finding(finding).replace("findings/", "");
    assert.equal(links.filter((l) => l === address).length, 1, address);
  }
});
