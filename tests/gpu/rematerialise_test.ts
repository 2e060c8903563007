import assert from "node:assert/strict";
import { liveBytes } from "../../src/gpu/planner.ts";
import { rematerialise, type Weighing } from "../../src/gpu/rematerialise.ts";
import { grad } from "../../src/nn/grad.ts";
import { multiply, relu } from "../../src/nn/ops/elementwise.ts";
import { sum } from "../../src/nn/ops/reduce.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";

const WEIGHING: Weighing = { distance: 0.5, descendants: true, traffic: 1 };

/** x, then `length` times relu and multiply, differentiated: each link reads the one before. */
function chain(length: number, between: (t: Trace, w: Value) => void = () => {}): Trace {
  const t = new Trace();
  const x = t.input("x", [256]);
  const w = t.state(t.program.arena("state", "s"), "w", [256], (_, n) => new Float32Array(n));
  let h: Value = x;
  for (let i = 0; i < length; i++) h = multiply(t, relu(t, h), w);
  const loss = sum(t, h);
  between(t, w);
  grad(t, loss, [x]).forEach((g) => t.program.output(g));
  return t;
}

Deno.test("rematerialise keeps live bytes within its limit, repeats dispatches of the forward pass and reads only what was written", () => {
  const { program } = chain(24);
  const all = liveBytes(program);
  for (const share of [1, 0.7, 0.5, 0.4]) {
    const found = rematerialise(program, all * share, WEIGHING)!;
    assert.ok(found, `a way within ${share}`);
    assert.ok(liveBytes(found) <= all * share);
    const written = new Set<Value>();
    for (const d of found.dispatches) {
      for (const v of d.read.values()) assert.ok(v.arena || written.has(v), `${d.label} reads ${v}`);
      for (const v of d.write.values()) written.add(v);
    }
    const again = found.dispatches.filter((d) => d.label.endsWith("(again)"));
    assert.equal(again.length, found.dispatches.length - program.dispatches.length);
    assert.equal(again.length > 0, share < 1);
  }
});

Deno.test("rematerialise finds no way within less than a dispatch needs", () => {
  const { program } = chain(4);
  assert.equal(rematerialise(program, 1024, WEIGHING), undefined);
});

Deno.test("rematerialise never computes again from a pinned value that has changed since", () => {
  const overwrite = (t: Trace, w: Value): void =>
    t.program.effect("overwrite", () => {
      const { kernel } = t.program.dispatches[0]!;
      t.program.dispatch({
        kernel,
        entry: "copy",
        label: "overwrite",
        read: { a: t.inputs.get("x")! },
        update: { y: w },
        uniform: { n: 64, width: 256, s: 0 },
        workgroups: [1],
      });
    });
  const { program } = chain(24, overwrite);
  const at = program.dispatches.findIndex((d) => d.label === "overwrite");
  assert.ok(at > 0);
  for (const share of [0.9, 0.7, 0.5]) {
    const found = rematerialise(program, liveBytes(program) * share, WEIGHING);
    const changed = found?.dispatches.findIndex((d) => d.label === "overwrite") ?? 0;
    const late = found?.dispatches.slice(changed).filter((d) => d.label.endsWith("(again)")) ?? [];
    assert.ok(late.every((d) => [...d.read.values()].every((v) => v.label !== "w")));
  }
});
