import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { parseResult } from "../../src/report/result.ts";
import { sampleResult } from "./site/sample.ts";

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
  const column = { id: "a", heading: "a", unit: "count" };
  const grid = (columns: unknown, rows: unknown) => ({ grids: [{ title: "t", columns, rows }] });
  assert.throws(() => parse(grid([column, column], [])), refused(/grids\.0: two columns are called "a"/));
  assert.throws(
    () => parse(grid([column], [{ name: "x", cells: { b: { value: 1 } } }])),
    refused(/row "x" has a cell for "b"/),
  );
  assert.throws(() => parse(grid([{ ...column, unit: "miles" }], [])), refused(/grids\.0\.columns\.0\.unit/));
  assert.throws(() => parse({ verdicts: [] }), refused(/[Uu]nrecognized key/));
});

Deno.test("parseResult keeps the order of columns and every setting", () => {
  const settings = { scale: "mini", rows: ["b", "a"], seeds: [1, 0], epochs: 3 };
  const { grids } = sampleResult;
  const columns = grids[0]!.columns.toReversed();
  const read = parse({ settings, grids: [{ ...grids[0]!, columns }] });
  assert.deepEqual(read.settings, settings);
  assert.deepEqual(read.grids[0]!.columns, columns);
});

Deno.test("parseResult names an older format in one sentence and says what to do", () => {
  const old = {
    table: "sdiet/table6",
    title: "t",
    scale: "smoke",
    rows: [],
    claims: [],
    notes: [],
    plots: [],
  };
  assert.throws(
    () => parseResult(JSON.stringify(old), "x/run.json"),
    refused(
      /^Cannot read result "x\/run\.json": it is of the older format assay-result-1; make it again with \.\/run repro/,
    ),
  );
});

Deno.test("parseResult refuses a plot that would read a file or an address", () => {
  const plot = (spec: Record<string, unknown>) => ({ plots: [{ name: "p", caption: "c", spec }] });
  assert.throws(
    () => parse(plot({ data: { url: "file:///etc/passwd" } })),
    refused(/plots\.0: a plot must carry its data/),
  );
  assert.throws(
    () => parse(plot({ layer: [{ encoding: { href: { value: "javascript:x" } } }] })),
    refused(/plots\.0/),
  );
});

Deno.test("parseResult refuses a plot whose name would leave its folder or its attribute", () => {
  for (const name of ["../x", 'a" onload="b', ""]) {
    assert.throws(
      () => parse({ plots: [{ name, caption: "c", spec: {} }] }),
      refused(/plots\.0\.name: must be letters/),
    );
  }
});
