import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { Session } from "../../../src/gpu/session.ts";
import { sumPartials } from "../../../src/nn/ops/partials.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { randomData, testDevice } from "../check_op.ts";

Deno.test("partial results are added in order: the f32 sums of a loop, bit for bit", async () => {
  const t = new Trace();
  const [splits, size] = [13, 20];
  const x = t.input("x", [splits, 4, 5]);
  const y = t.program.output(sumPartials(t, x, [4, 5], "y"));
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    const data = randomData(splits * size, 1, 1e3);
    session.write(x, data);
    session.replay();
    const expected = Array.from({ length: size }, (_, i) => {
      let sum = data[i]!;
      for (let s = 1; s < splits; s++) sum = Math.fround(sum + data[s * size + i]!);
      return sum;
    });
    assert.deepEqual([...await session.read(y)], expected);
  } finally {
    session.close();
  }
});
