import assert from "node:assert/strict";
import { encoderByName } from "../../../src/nn/encoders/table.ts";
import { linear, mlp } from "../../../src/nn/layers.ts";
import { groupParameters, ruleOf } from "../../../src/nn/optimizers/groups.ts";
import type { OptimizerSpec } from "../../../src/nn/optimizers/spec.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { buildStep } from "../../../src/nn/step.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { method as byol } from "../../../src/methods/byol.ts";
import { completeStep, runToy, toy, withSession } from "../toy.ts";
import { checkAgainstReference, FALLING } from "./reference.ts";

function network() {
  const t = new Trace();
  const s = Scope.root(t);
  mlp(s.child("encoder"), "mlp", [4, 6, 2]);
  linear(s.inArena("predictor"), "head", 2, 2);
  linear(s, "head", 2, 2);
  const still = linear(s, "still", 2, 2);
  const targets = [
    ...s.parameters("encoder"),
    ...s.parameters("head"),
    ...s.inArena("predictor").parameters(),
  ];
  return { t, still, targets };
}

function groupsOf(spec: OptimizerSpec): Record<string, string> {
  const { t, targets } = network();
  groupParameters(t, spec, targets);
  return Object.fromEntries(
    [...t.parameters].map(([name, { value }]) => [name, value.arena!.groupOf(value)]),
  );
}

Deno.test("groupParameters leaves everything in one group unless the optimizer asks for more", () => {
  assert.deepEqual(
    new Set(Object.values(groupsOf({ kind: "lars", lr: 1, weightDecay: 0.1 }))),
    new Set([""]),
  );
});

Deno.test("groupParameters tells norms and biases that are trained from the rest", () => {
  const rules = { exemptDecay: "norms-and-biases" } as const;
  const groups = groupsOf({ kind: "sgd", lr: 1, ...rules });
  const vectors = Object.keys(groups).filter((name) => groups[name] !== "");
  assert.deepEqual(vectors.sort(), [
    ...[
      "encoder.mlp.1.bias",
      "encoder.mlp.1.weight",
      "encoder.mlp.3.bias",
      "head.bias",
      "predictor/head.bias",
    ],
  ]);
  const group = groups["head.bias"]!;
  assert.deepEqual(ruleOf({ kind: "sgd", lr: 1, ...rules }, group), {
    part: undefined,
    decays: false,
    adapts: true,
  });
  const adapted = { kind: "lars", lr: 1, exemptAdaptation: "norms-and-biases" } as const;
  assert.deepEqual(ruleOf(adapted, groupsOf(adapted)["head.bias"]!), {
    part: undefined,
    decays: true,
    adapts: false,
  });
});

Deno.test("a part is an arena or a path, and the longest name that fits counts", () => {
  const groups = groupsOf({
    kind: "sgd",
    lr: 1,
    exemptDecay: "norms-and-biases",
    parts: { encoder: { lr: 2 }, "encoder.mlp.3": { lr: 3 }, predictor: { lr: 4 } },
  });
  const part = (name: string) => ruleOf({ kind: "sgd", lr: 1 }, groups[name]!).part;
  assert.equal(part("encoder.mlp.0.weight"), "encoder");
  assert.equal(part("encoder.mlp.1.bias"), "encoder");
  assert.equal(part("encoder.mlp.3.weight"), "encoder.mlp.3");
  assert.equal(part("predictor/head.weight"), "predictor");
  assert.equal(part("head.weight"), undefined);
});

Deno.test("norms and biases are a part wherever they lie", () => {
  const spec = {
    kind: "sgd",
    lr: 1,
    exemptDecay: "norms-and-biases",
    parts: { "norms-and-biases": { lr: 2 } },
  } as const;
  const groups = groupsOf(spec);
  assert.deepEqual(ruleOf(spec, groups["encoder.mlp.1.weight"]!), {
    part: "norms-and-biases",
    decays: false,
    adapts: true,
  });
  assert.equal(groups["predictor/head.bias"], groups["head.bias"]);
  assert.equal(ruleOf(spec, groups["head.weight"]!).part, undefined);
});

Deno.test("a part without trained parameters is refused with the names that there are", () => {
  const asks = (part: string) => () => groupsOf({ kind: "sgd", lr: 1, parts: { [part]: { lr: 2 } } });
  assert.throws(
    asks("predicter"),
    /Cannot train part "predicter": it must be the arena or the path .* found encoder, head/,
  );
  assert.throws(asks("encodr"), /did you mean "encoder"/);
  assert.throws(asks("still"), /found encoder, head/);
});

for (
  const spec of [
    { kind: "sgd", lr: FALLING, momentum: 0.9, weightDecay: 0.05, parts: { b: { lr: 0.2 } } },
    {
      kind: "sgd",
      lr: FALLING,
      weightDecay: 0.05,
      exemptDecay: "norms-and-biases",
      parts: { a: { lr: 0.2 }, c: { weightDecay: 0.5 } },
    },
    {
      kind: "adamw",
      lr: FALLING,
      weightDecay: 0.05,
      parts: { b: { lr: 0.01 }, d: { weightDecay: FALLING } },
    },
    {
      kind: "lars",
      lr: FALLING,
      weightDecay: 0.1,
      eta: 0.5,
      exemptAdaptation: "norms-and-biases",
      parts: { "norms-and-biases": { lr: 0.05 } },
    },
    { kind: "lars", lr: FALLING, weightDecay: 0.05, eta: 0.5, parts: { b: { lr: 0.2, weightDecay: 0 } } },
    { kind: "lars", clipRate: true, lr: FALLING, weightDecay: 0.05, eta: 0.06, parts: { b: { lr: 0.2 } } },
  ] as const
) {
  Deno.test(`a part follows its own numbers and the rest the optimizer's (${JSON.stringify(spec)})`, () =>
    checkAgainstReference(spec));
}

Deno.test("a part with the optimizer's own numbers changes no bit", async () => {
  const run = async (parts: OptimizerSpec["parts"]) => {
    const net = toy();
    completeStep(net.t, [net.objective], {
      optimizer: { kind: "adamw", lr: FALLING, weightDecay: 0.05, ...(parts && { parts }) },
    });
    return await withSession(net.t, async (session) => {
      runToy(net, session, 0, 3);
      return await Promise.all(net.weights.map((w) => session.read(w)));
    });
  };
  assert.deepEqual(await run({ b: { lr: FALLING }, d: {} }), await run(undefined));
});

Deno.test("a step groups what it trains before gradients are pinned, and a momentum copy follows", () => {
  const { trained, trace } = buildStep({
    method: byol,
    setup: {
      batch: 4,
      hyper: { hidden: 8, projector: 4, predictor: 4 },
      encoder: (s) => encoderByName("mlp", s, { image: 4, dims: [8, 8] }),
    },
    image: 4,
    optimizer: { kind: "lars", lr: 0.1, exemptDecay: "norms-and-biases", parts: { predictor: { lr: 0.2 } } },
  });
  const groups = Object.fromEntries(trained.map(({ params }) => [params.name, [...params.ranges.keys()]]));
  assert.deepEqual(groups, {
    online: ["", " (norms and biases)"],
    predictor: ["predictor", "predictor (norms and biases)"],
  });
  assert.ok("lr of predictor" in trace.scalarsAt(0));
});
