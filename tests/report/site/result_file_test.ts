import assert from "node:assert/strict";
import { AssayError } from "../../../src/base/error.ts";
import { parseResult } from "../../../src/report/site/result_file.ts";
import { sampleResult } from "./sample.ts";

const parse = (change: Record<string, unknown>) =>
  parseResult(JSON.stringify({ ...sampleResult, ...change }), "x/run.json");
const refused = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AssayError);
  assert.match(error.message, pattern);
  return true;
};

Deno.test("parseResult reads what repro writes", () => {
  assert.deepEqual(parse({}), JSON.parse(JSON.stringify(sampleResult)));
});

Deno.test("parseResult names the file and the field that is wrong", () => {
  assert.throws(() => parseResult("{", "x/run.json"), refused(/x\/run\.json.*must be JSON/));
  assert.throws(() => parse({ scale: "huge" }), refused(/"x\/run\.json".*found scale: /));
  assert.throws(() => parse({ claims: [{ id: "a" }] }), refused(/claims\.0\./));
  assert.throws(
    () => parse({ tables: [{ title: "t", headings: ["a"], rows: [["1", "2"]] }] }),
    refused(/one cell a heading/),
  );
});

Deno.test("parseResult refuses a plot that would read a file or an address", () => {
  const plot = (spec: Record<string, unknown>) => ({ plots: [{ name: "p", caption: "c", spec }] });
  assert.throws(
    () => parse(plot({ data: { url: "file:///etc/passwd" } })),
    refused(/plot "p".*must carry its data/),
  );
  assert.throws(
    () => parse(plot({ layer: [{ encoding: { href: { value: "javascript:x" } } }] })),
    refused(/plot "p"/),
  );
});
