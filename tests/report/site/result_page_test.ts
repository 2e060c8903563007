import assert from "node:assert/strict";
import { resultFiles } from "../../../src/report/site/result_page.ts";
import { REDUCED_SCALE } from "../../../src/judge/judgement.ts";
import { named, tagsOf } from "./page.ts";
import { sampleContext } from "./sample.ts";

const context = await sampleContext();
const [found] = context.results;
const path = context.address.result(found!);
const files = await resultFiles(context, found!);
const tags = tagsOf(files.get(path)!);

Deno.test("resultFiles holds the page and an image for each plot", () => {
  assert.deepEqual([...files.keys()].sort(), [path, path.replace(".html", "-plot-1.svg")].sort());
});

Deno.test("resultFiles: each claim has its verdict and inequality, and leads to the published claim where there is one", () => {
  const cards = named(tags, "li").filter((t) => t.parent!.attributes.class === "cards").map((t) => t.text);
  assert.match(cards[0]!, /^REPRODUCED demo:goneAnother\./);
  assert.match(cards[1]!, /^BELOW demo:t1\/ours\/top1We win .*41\.0 < 71\.0 - 1\.0/);
  assert.match(cards[2]!, /^NOT-COMPARABLE .*the runs contradict the direction/);
  assert.match(cards[3]!, /^holds ownOwn .*1 = 1/);
  const link = named(tags, "a").find((a) => a.text === "demo:t1/ours/top1")!;
  assert.equal(link.attributes.href, "../claims/demo/t1.html#ours/top1");
  assert.equal(named(tags, "a").find((a) => a.text === "demo:gone"), undefined);
});

Deno.test("resultFiles says what a reduced scale can show, and that once", async () => {
  const said = (page: string) => page.split(REDUCED_SCALE).length - 1;
  assert.equal(said(files.get(path)!), 1);
  const noted = { ...found!, result: { ...found!.result, notes: [REDUCED_SCALE] } };
  const claims = found!.result.claims.filter((c) => !c.differs.includes("scale"));
  const full = { ...found!, result: { ...found!.result, claims } };
  const address = { ...context.address, result: () => path };
  assert.equal(said((await resultFiles({ ...context, address }, noted)).get(path)!), 1);
  assert.equal(said((await resultFiles({ ...context, address }, full)).get(path)!), 0);
});

Deno.test("resultFiles links the runs in its folder and gives the digest without times", () => {
  const links = named(tags, "a").map((a) => a.text);
  for (const run of context.runs) assert.ok(links.includes(run.name), run.name);
  assert.ok(named(tags, "dd").some((t) => t.text.includes(found!.digest)));
});

Deno.test("resultFiles shows times in the marked section alone", () => {
  const [section] = named(tags, "section");
  assert.equal(section!.attributes.class, "times");
  assert.ok(section!.text.includes("12.5") && section!.text.includes("77.7"));
  const rest = named(tags, "main")[0]!.text.replace(section!.text, "");
  assert.ok(!rest.includes("12.5") && !rest.includes("77.7"));
});
