import assert from "node:assert/strict";
import { allConfigurations, parseConfigurations } from "./configurations.ts";

const text = (more: string) => `
source: demo
repository: owner/name
revision: abc
files:
  - { id: a, path: a.yaml, fields: { x: 1, list.0.p: 0.5, list.1.p: 0.1, data: one } }
  - { id: b, path: b.yaml, at: list, fields: { 0.p: 0.2 } }
  - { id: c, path: c.py, fields: { momentum: 0.9 } }
configurations:
  - { method: m, dataset: d, file: a.yaml, files: [a, b, c]${more} }
`;

Deno.test("parseConfigurations merges files in order; one with `at` takes the place of all that stood there", () => {
  const [configuration] = parseConfigurations(text(", changes: { data: two }"));
  assert.deepEqual(Object.fromEntries(configuration!.fields), {
    x: { value: 1, file: "a.yaml" },
    data: { value: "two", file: "a.yaml" },
    "list.0.p": { value: 0.2, file: "b.yaml" },
    momentum: { value: 0.9, file: "c.py" },
  });
});

Deno.test("parseConfigurations refuses a change of what no file states", () => {
  assert.throws(() => parseConfigurations(text(", changes: { y: 2 }")), /y cannot change/);
});

Deno.test("every configuration names its file among the files it is read from, and one revision", () => {
  const all = allConfigurations();
  const names = all.map((c) => `${c.method} on ${c.dataset}`);
  assert.equal(new Set(names).size, names.length, "one configuration for a method and dataset");
  for (const c of all) {
    const files = new Set([...c.fields.values()].map((f) => f.file));
    assert.ok(files.has(c.file), `${c.source}: ${c.file}`);
    if (!c.repository.includes("openreview")) assert.match(c.revision, /^[0-9a-f]{40}$/, c.source);
  }
});
