import assert from "node:assert/strict";
import { environmentSection, timesSection } from "../../../src/report/site/run_sections.ts";
import { named, tagsOf } from "./page.ts";
import { sampleCollection } from "./sample.ts";

const { runs } = await sampleCollection();
const { recorded } = runs[0]!;

Deno.test("environmentSection names code by its hashes and machine by what it said of itself", () => {
  const environment = recorded.environment!;
  const adapter = {
    vendor: "v",
    architecture: "a",
    device: "d",
    description: "llvmpipe <x>",
    fallback: true,
    runtime: "r",
  };
  const tags = tagsOf(
    `<!doctype html>\n${
      environmentSection({
        ...environment,
        machine: { ...environment.machine, adapter, commit: "abc", dirty: true },
      }).text
    }`,
  );
  const text = tags.map((t) => t.text).join("\n");
  for (
    const part of [
      environment.code.source,
      environment.code.lock,
      "llvmpipe <x> (v)",
      "abc, with uncommitted changes",
    ]
  ) {
    assert.ok(text.includes(part), part);
  }
  const kernels = named(tags, "th").filter((t) => t.attributes.scope === "row").map((t) => t.text);
  assert.deepEqual(kernels, Object.keys(environment.code.kernels));
});

Deno.test("environmentSection leaves out what the process could not read", () => {
  assert.doesNotMatch(environmentSection(recorded.environment!).text, /null|undefined|<dt>memory/);
});

Deno.test("timesSection says that its readings are excluded from hashes and marks each moment", () => {
  const text = timesSection(recorded).text;
  assert.match(
    text,
    /^<section class="times"><h2 id="times">Times<\/h2>\s*<p>[^<]*are excluded from hashes and verdicts/,
  );
  const first = recorded.events[0]!.time;
  assert.ok(text.includes(`<time datetime="${first}">${first}</time>`));
  assert.match(text, /<th scope="row">resume<\/th>/);
});
