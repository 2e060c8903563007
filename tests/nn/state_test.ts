import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { Trace } from "../../src/nn/trace.ts";
import { testDevice } from "./check_op.ts";

const uniform = (draw: { uniform(): number }, n: number) =>
  Float32Array.from({ length: n }, () => draw.uniform());

async function initial(names: readonly string[], seed: number): Promise<Map<string, Float32Array>> {
  const t = new Trace();
  const s = Scope.root(t);
  const values = names.map((name) =>
    (name.startsWith("copy/") ? s.inArena("copy") : s).parameter(
      name.replace("copy/", ""),
      [6],
      "vector",
      uniform,
    )
  );
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    initialise(session, t, seed);
    return new Map(
      await Promise.all(values.map(async (v, i) => [names[i]!, await session.read(v)] as const)),
    );
  } finally {
    session.close();
  }
}

Deno.test("initial values depend on name and seed alone, and a copy starts equal to its source", async () => {
  const one = await initial(["a", "b", "copy/a"], 1);
  const more = await initial(["z", "b", "a"], 1);
  assert.deepEqual(one.get("a"), more.get("a"));
  assert.deepEqual(one.get("a"), one.get("copy/a"));
  assert.notDeepEqual(one.get("a"), one.get("b"));
  assert.notDeepEqual(one.get("a"), (await initial(["a"], 2)).get("a"));
});
