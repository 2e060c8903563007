import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Session } from "../../../src/gpu/session.ts";
import { grad } from "../../../src/nn/grad.ts";
import { Trace, type Value } from "../../../src/nn/trace.ts";
import { dot } from "../../../src/nn/ops/reduce.ts";
import { concat, gatherRows, sliceRows, split } from "../../../src/nn/ops/rows.ts";
import { checkOp, testDevice } from "../check_op.ts";

const targets = [PORTABLE];

for (const row of [[1], [3], [8], [2, 3], [5, 52]]) {
  Deno.test(`row operations equal their references on rows of [${row}]`, async () => {
    const data = { 1: Uint32Array.of(4, 0, 4, 2, 4) };
    // Copies; the gradient of a row adds the three gathers of it.
    await checkOp(
      { inputs: [[6, ...row], [5]], data, terms: 3, targets },
      (t, [x, index]) => gatherRows(t, x!, index!),
    );
    await checkOp({ inputs: [[6, ...row]], terms: 1, targets }, (t, [x]) => sliceRows(t, x!, 2, 3));
    await checkOp({ inputs: [[6, ...row]], terms: 1, targets }, (t, [x]) => split(t, x!, [1, 3, 2]));
    await checkOp(
      { inputs: [[2, ...row], [1, ...row], [4, ...row]], terms: 1, targets },
      (t, values) => concat(t, values),
    );
  });
}

Deno.test("gatherRows adds more gathers than a workgroup has threads", async () => {
  const index = Uint32Array.from({ length: 200 }, (_, i) => (i * i) % 3);
  await checkOp(
    { inputs: [[70, 9], [200]], data: { 1: index }, terms: 200, targets },
    (t, [x, i]) => gatherRows(t, x!, i!),
  );
});

Deno.test("concat accepts a value twice, and one value alone", async () => {
  await checkOp({ inputs: [[2, 3]], terms: 2, targets }, (t, [x]) => concat(t, [x!, x!, x!]));
  const t = new Trace();
  const x = t.input("x", [2, 3]);
  assert.equal(concat(t, [x]), x);
});

Deno.test("split gives zeros to the rows of parts that no loss uses", async () => {
  for (const used of [[0], [0, 2]]) {
    await checkOp({ inputs: [[6, 5]], terms: 1, targets }, (t, [x]) => {
      const parts = split(t, x!, [2, 1, 3]);
      return used.map((i) => parts[i]!);
    });
  }
});

async function run(
  t: Trace,
  feeds: [Value, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>][],
  y: Value,
) {
  t.program.output(y);
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    feeds.forEach(([v, data]) => session.write(v, data));
    session.replay();
    return new Uint32Array((await session.readBytes(y)).buffer);
  } finally {
    session.close();
  }
}

Deno.test("gatherRows copies u32 tables bit for bit", async () => {
  const t = new Trace();
  const table = t.input("table", [3, 2], "u32");
  const index = t.input("index", [2], "u32");
  const words = Uint32Array.of(1, 0x7f800001, 2, 0xffffffff, 3, 0x80000000); // signalling NaNs as f32
  const y = gatherRows(t, table, index);
  assert.equal(y.dtype, "u32");
  assert.deepEqual([...await run(t, [[table, words], [index, Uint32Array.of(1, 0)]], y)], [
    2,
    0xffffffff,
    1,
    0x7f800001,
  ]);
});

Deno.test("gatherRows gives NaN for an index past the table, whose gradient reaches no row", async () => {
  const t = new Trace();
  const table = t.input("table", [2, 2]);
  const index = t.input("index", [2], "u32");
  const w = t.input("w", [2, 2]);
  const y = t.program.output(gatherRows(t, table, index));
  const [dtable] = grad(t, dot(t, y, w), [table]);
  t.program.output(dtable!);
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    session.write(table, Float32Array.of(1, 2, 3, 4));
    session.write(index, Uint32Array.of(7, 1));
    session.write(w, Float32Array.of(10, 20, 30, 40));
    session.replay();
    assert.deepEqual([...await session.read(y)], [NaN, NaN, 3, 4]);
    assert.deepEqual([...await session.read(dtable!)], [0, 0, 30, 40]);
  } finally {
    session.close();
  }
});

Deno.test("row operations refuse what does not fit", () => {
  const t = new Trace();
  const x = t.input("x", [4, 3]);
  assert.throws(() => gatherRows(t, x, t.input("floats", [2])), { message: /the index must be u32 \[N\]/ });
  assert.throws(() => sliceRows(t, x, 3, 2), { message: /rows 3 to 4 must lie in 0 to 3/ });
  assert.throws(() => split(t, x, [2, 1]), { message: /parts of 2, 1 rows must be positive and add up/ });
  assert.throws(() => concat(t, [x, t.input("wide", [4, 4])]), {
    message: /rows must have one shape and type/,
  });
  assert.throws(() => concat(t, []), { message: /at least one is needed/ });
});
