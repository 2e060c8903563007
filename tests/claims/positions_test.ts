import assert from "node:assert/strict";
import { z } from "zod";
import { AssayError } from "../../src/base/error.ts";
import { parsePositioned, suggestion, validate } from "../../src/claims/positions.ts";

const yaml = `a: 1
list:
  - { name: x, value: 63.0 }
  - { name: y, value: 2 }
`;

Deno.test("parsePositioned gives one-based line and column of nested values", () => {
  const file = parsePositioned("f.yaml", yaml);
  assert.deepEqual(file.at(["list", 1, "value"]), { file: "f.yaml", line: 4, column: 23 });
  assert.deepEqual(file.at(["a"]), { file: "f.yaml", line: 1, column: 4 });
});

Deno.test("parsePositioned falls back to the nearest ancestor of a path that does not exist", () => {
  const file = parsePositioned("f.yaml", yaml);
  assert.equal(file.at(["list", 1, "missing"]).line, 4);
});

Deno.test("text keeps the zero of 63.0 as written", () => {
  const file = parsePositioned("f.yaml", yaml);
  assert.equal(file.text(["list", 0, "value"]), "63.0");
  assert.equal(file.text(["list"]), undefined);
});

Deno.test("parsePositioned reports a syntax error with its place", () => {
  assert.throws(
    () => parsePositioned("f.yaml", "a: 1\nb: [1, 2\n"),
    (e) => e instanceof AssayError && /f\.yaml:3:1/.test(e.message),
  );
});

Deno.test("parsePositioned refuses a duplicate key", () => {
  assert.throws(() => parsePositioned("f.yaml", "a: 1\na: 2\n"), /f\.yaml:2:1.*unique/);
});

const schema = z.strictObject({
  a: z.number(),
  list: z.array(
    z.strictObject({ name: z.string(), value: z.union([z.number(), z.strictObject({ x: z.number() })]) }),
  ),
});

Deno.test("validate names every wrong value with line and column", () => {
  const file = parsePositioned("f.yaml", yaml.replace("a: 1", "a: one").replace("name: y", "name: 7"));
  assert.throws(() => validate(file, schema), (e) => {
    assert.ok(e instanceof AssayError);
    assert.match(e.message, /f\.yaml:1:4: a: .*number/);
    assert.match(e.message, /f\.yaml:4:13: list\.1\.name: .*string/);
    return true;
  });
});

Deno.test("validate points at the unknown key itself", () => {
  const file = parsePositioned("f.yaml", yaml.replace("{ name: y,", "{ nmae: y, name: y,"));
  assert.throws(() => validate(file, schema), /f\.yaml:4:7: list\.1 has no key "nmae"/);
});

Deno.test("validate looks into the branch of a union that was meant", () => {
  const file = parsePositioned("f.yaml", yaml.replace("value: 2", "value: { x: 1, y: 2 }"));
  assert.throws(() => validate(file, schema), /f\.yaml:4:31: list\.1\.value has no key "y"/);
});

Deno.test("suggestion names the nearest word, or lists all", () => {
  assert.equal(suggestion("resutls", ["results", "models"]), 'did you mean "results"');
  assert.equal(suggestion("zzzzzz", ["results", "models"]), "use one of results, models");
});
