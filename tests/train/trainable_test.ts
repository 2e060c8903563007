import assert from "node:assert/strict";
import { loadMethod } from "../../src/repro/method_files.ts";
import { parseSpec, type RunSpecInput } from "../../src/record/spec/spec.ts";
import { problemsOf, requireTrainable } from "../../src/train/trainable.ts";
import { smallInput, viewsOf } from "./small_run.ts";

const method = await loadMethod("supervised");
const problems = (change: Partial<RunSpecInput>) =>
  problemsOf(parseSpec({ ...smallInput, ...change }), method);

Deno.test("requireTrainable lets pass what is implemented", () => {
  assert.deepEqual(
    problems({
      probes: [{ kind: "knn", k: 1, T: 1 }, { kind: "linear", protocol: "lbfgs" }, { kind: "collapse" }],
    }),
    [],
  );
});

Deno.test("requireTrainable refuses by name what nothing carries out yet", () => {
  const data = smallInput.data;
  const cases: readonly [Partial<RunSpecInput>, RegExp][] = [
    [
      { probes: [{ kind: "few-shot", ways: 5, shots: 1, queries: 1, episodes: 1 }] },
      /probe "few-shot" is not implemented/,
    ],
    [
      { probes: [{ kind: "cluster-alignment", clusters: 10 }] },
      /probe "cluster-alignment" is not implemented/,
    ],
    [
      { probes: [{ kind: "semi-supervised", share: 0.1, protocol: "x" }] },
      /probe "semi-supervised" is not implemented/,
    ],
    [{ probes: [{ kind: "linear", protocol: "mine" }] }, /protocol "mine" is none of lbfgs/],
    [{ probes: [{ kind: "linear", protocol: "lbfgs", selection: "best" }] }, /no epochs to select/],
    [{ probes: [{ kind: "1-nn", test: "other" }] }, /needs data for the use "other", there is train, test/],
    [{ precision: "bf16-storage" }, /precision "bf16-storage" is not implemented/],
    [
      { data: { ...data, train: { ...data.train, geometry: "full" } } },
      /geometry "full" of the data "train"/,
    ],
    [{ views: viewsOf("simclr", 2) }, /takes 1 views, not 2/],
  ];
  for (const [change, message] of cases) assert.match(problems(change).join("; "), message);
  const spec = parseSpec({ ...smallInput, precision: "bf16-storage" });
  assert.throws(() => requireTrainable(spec, method), /Cannot train "supervised": .*bf16-storage/);
});
