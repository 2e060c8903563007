import assert from "node:assert/strict";
import { headRows, MOVES, movesOf, requireHeadRows } from "../../src/nn/head_rows.ts";
import { absorb, advance, type Multistep, MultistepPlan, type RowState } from "../../src/nn/multistep.ts";
import { gradients } from "../../src/nn/grad.ts";
import { guard } from "../../src/nn/guard.ts";
import { dot } from "../../src/nn/ops/reduce.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { compare, EPS, randomData } from "./check_op.ts";
import { withSession } from "./toy.ts";

const UPDATE = { mode: "lazy", period: "epoch", biasCorrection: false, firstVisitDecay: false } as const;

/** A step whose gradient by the rows is an input: loss = <rows, g>. */
function tappedStep(batch: number, width: number): { t: Trace; g: Value; weights: Value } {
  const t = new Trace();
  const s = Scope.root(t, { batch });
  const { weights, tap } = headRows(s, "head", width, UPDATE);
  const g = t.input("g", [batch, width]);
  const loss = dot(t, weights, g);
  const grads = gradients(t, [{ loss, wrt: [], taps: [tap] }]);
  t.program.output(weights);
  t.program.backward(() => {
    guard(t, [loss, grads.get(weights)!], []);
    tap.use(grads.get(weights)!);
    t.recordLater();
  });
  return { t, g, weights };
}

const SPEC: Multistep = { mode: "lazy", period: 49, lr: 1e-2, weightDecay: 0.1 };

for (const mode of ["none", "eager", "lazy"] as const) {
  Deno.test(`head rows move on the GPU as in f64 over visits at odd gaps, mode ${mode}`, async () => {
    for (const [batch, width, biasCorrection] of [[1, 1, false], [3, 5, true], [4, 67, false]] as const) {
      const { t, g, weights } = tappedStep(batch, width);
      const { rows, moves } = requireHeadRows(t);
      const plan = new MultistepPlan({ ...SPEC, mode, biasCorrection });
      await withSession(t, async (session) => {
        const start = await session.read(rows);
        const expected: RowState[] = Array.from({ length: batch }, (_, b) => ({
          h: Float64Array.from(start.subarray(b * 3 * width, b * 3 * width + width)),
          m: new Float64Array(width),
          v: new Float64Array(width),
        }));
        let last = Array.from({ length: batch }, () => -1);
        for (const [visit, step] of [2, 3, 60, 700].entries()) {
          const gradient = randomData(batch * width, visit, 2);
          session.write(g, gradient);
          session.write(moves, movesOf(plan, step, last));
          session.replay({ scalars: t.scalarsAt(step) });
          expected.forEach((row, b) => advance(row, plan.before(step, last[b]!)));
          compare(
            "rows before",
            await session.read(weights),
            expected.flatMap((r) => [...r.h]),
            8 * (visit + 1),
          );
          expected.forEach((row, b) => {
            absorb(row, gradient.subarray(b * width, (b + 1) * width), plan.beta1, plan.beta2);
            advance(row, plan.after(step));
          });
          const all = expected.flatMap(({ h, m, v }) => [...h, ...m, ...v]);
          compare("rows after", await session.read(rows), all, 8 * (visit + 1));
          last = last.map(() => step);
        }
      });
    }
  });
}

Deno.test("a coordinate that never had a gradient stays 0 / 0 = 0 without eps, only decaying", async () => {
  const { t, g } = tappedStep(2, 3);
  const { rows, moves } = requireHeadRows(t);
  const plan = new MultistepPlan({ ...SPEC, eps: 0 });
  await withSession(t, async (session) => {
    const start = await session.read(rows);
    session.write(g, new Float32Array(6));
    session.write(moves, movesOf(plan, 4, [-1, -1]));
    session.replay({ scalars: t.scalarsAt(4) });
    const after = await session.read(rows);
    // Four decays before the visit and one in it.
    for (const i of [0, 1, 2, 9, 10, 11]) {
      assert.ok(Math.abs(after[i]! - start[i]! * 0.999 ** 5) < 4 * EPS);
    }
    assert.ok(after.every(Number.isFinite));
  });
});

Deno.test("a gradient of rows that is not finite leaves the rows alone, now and afterwards", async () => {
  const { t, g } = tappedStep(3, 5);
  const { rows } = requireHeadRows(t);
  await withSession(t, async (session) => {
    session.write(g, randomData(15, 1));
    session.replay({ scalars: t.scalarsAt(0) });
    const good = await session.read(rows);
    session.write(g, new Float32Array(15).fill(Infinity));
    session.replay({ scalars: t.scalarsAt(1) });
    session.write(g, randomData(15, 2));
    session.replay({ scalars: t.scalarsAt(2) });
    assert.deepEqual(await session.read(rows), good);
  });
});

Deno.test("head rows have bytes by batch and width, in role state, and only methods with rows have them", () => {
  const { t } = tappedStep(8, 32);
  const { rows, moves } = t.headRows!;
  assert.equal(rows.bytes, 8 * 3 * 32 * 4);
  assert.equal(moves.bytes, 8 * MOVES * 4);
  assert.equal(rows.role, "state");
  assert.throws(() => requireHeadRows(new Trace()), /its method must read head rows/);
});
