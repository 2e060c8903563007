import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { method } from "../../src/methods/supervised.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import type { Method } from "../../src/nn/method.ts";
import { mean } from "../../src/nn/ops/reduce.ts";
import { buildStep, type StepConfig } from "../../src/nn/step.ts";

const config: StepConfig = {
  method,
  setup: { batch: 4, classes: 10, encoder: (s) => encoderByName("tiny", s, { image: 16 }) },
  image: 16,
  optimizer: { kind: "sgd", lr: 0.1, momentum: 0.9 },
};

Deno.test("a step guards, reports and updates in this order, and asks the host for views and labels", () => {
  const { program, trace } = buildStep(config);
  assert.deepEqual(program.effects, ["guard", "metrics", "optimizer", "bn-statistics"]);
  assert.deepEqual([...trace.inputs.keys()].sort(), ["labels", "view0"]);
  assert.ok("lr" in trace.scalarsAt(0) && trace.scalarsAt(7)["step.u32"] === 7);
});

Deno.test("the same configuration gives the same program, another one gives another", () => {
  const hash = (c: StepConfig) => buildStep(c).program.hash();
  assert.equal(hash(config), hash({ ...config }));
  assert.notEqual(hash(config), hash({ ...config, image: 17 }));
  assert.notEqual(hash(config), hash({ ...config, optimizer: { kind: "adamw", lr: 0.1 } }));
  assert.notEqual(hash(config), hash({ ...config, recompute: false }));
});

Deno.test("a method without an objective is refused", () => {
  const idle = { ...method, name: "idle", trace: () => [] };
  assert.throws(
    () => buildStep({ ...config, method: idle }),
    /Cannot train "idle": its trace gives no objective/,
  );
});

Deno.test("kernel variants need the same bytes, so a plan holds on every adapter", () => {
  const peaks = [0, 4, 8].map((lanes) =>
    plan(buildStep({ ...config, target: { lanes: lanes as 0 } }).program).peakBytes
  );
  assert.deepEqual(peaks, [peaks[0], peaks[0], peaks[0]]);
});

Deno.test("a step does not train a teacher", () => {
  const careless: Method = {
    ...method,
    hyper: {},
    trace: (s, [x]) => {
      const loss = mean(s.t, s.teacher().apply(x!));
      return { loss, wrt: [...s.t.parameters.values()].slice(0, 1).map((p) => p.value) };
    },
  };
  const { encoder } = config.setup;
  assert.throws(
    () => buildStep({ ...config, method: careless, setup: { ...config.setup, teacher: encoder } }),
    /Cannot train arena "teacher": its weights are loaded and stay as they are; leave them out of wrt/,
  );
});
