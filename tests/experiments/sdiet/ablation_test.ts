import assert from "node:assert/strict";
import { experiment, trainConfigurations } from "../../../experiments/sdiet/ablation.ts";
import { textsOf } from "../exact.ts";
import { loadExperiment } from "../../../src/repro/experiment_files.ts";
import { reportFiles } from "../../../src/report/report.ts";
import { PRESETS } from "../../../src/repro/presets.ts";

const { smoke } = PRESETS;
const preset = { ...smoke, encoder: { name: "tiny", width: 0.25 }, side: 16, batch: 8, epochs: 2, every: 2 };
const splitOf = (split: string) => ({ name: "shapes", split, size: 16, perClass: 3 });

Deno.test("sdiet/ablation trains two configurations, pairs their seeds and tells the same from its runs alone", async () => {
  const out = await Deno.makeTempDir();
  try {
    const evidence = await trainConfigurations(
      {
        scale: "smoke",
        dataset: undefined,
        methods: ["full", "every-row"],
        seeds: [0, 1],
        out,
        resume: false,
        say: () => {},
      },
      preset,
      { train: splitOf("train"), test: splitOf("test") },
    );
    assert.deepEqual(evidence.runs.map((r) => r.name), [
      "every-row-seed0",
      "every-row-seed1",
      "full-seed0",
      "full-seed1",
    ]);
    const hyper = (name: string) => evidence.runs.find((r) => r.name === name)!.spec.hyper;
    assert.deepEqual(hyper("every-row-seed0"), { ...hyper("full-seed0") as object, softmaxOver: "all" });

    const result = await experiment.tell!(evidence);
    const { rows } = result.grids[0]!;
    const [full, every] = rows.map((r) => r.cells as Record<string, { values: readonly number[] }>);
    assert.deepEqual(rows.map((r) => r.name), [
      "full",
      "every-row",
      "raw pixels",
      "untrained encoder",
    ]);
    assert.ok(full!["knn"]!.values.length === 2 && every!["linear"]!.values.length === 2);
    const [a, b] = [every!["linear"]!.values, full!["linear"]!.values];
    const mean = (a[0]! - b[0]! + a[1]! - b[1]!) / 2;
    const difference = textsOf(result, 1)[0]!;
    assert.equal(difference[0], "every-row - full");
    assert.ok(difference[2]!.startsWith(`${mean.toFixed(1)} ±`), `${difference[2]} against ${mean}`);

    // Neither corner of the square was run, and a missing arm is no verdict.
    const square = result.claims.filter((c) => c.id.startsWith("D10/"));
    assert.equal(square.length, 10);
    assert.ok(square.every((c) => c.verdict === "NOT-RUN" && c.inequality === ""));
    const numbers = rows[0]!.cells as Record<string, { value: number }>;
    assert.ok(numbers["stepMs"]!.value > 0);
    assert.equal(numbers["measured"]!.value, numbers["measuredPlan"]!.value);
    const files = await reportFiles(result);
    assert.match(files.get("report.md")!, /## Paired differences/);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("sdiet/ablation judges the paper's words by direction alone, and the update by its program", async () => {
  // Runs made up by hand: normalisation is worth ten points, the projector nothing that can be told from zero.
  const points: Record<string, readonly number[]> = {
    "full": [40, 42, 41],
    "no-normalise": [30, 31.5, 31],
    "no-projector": [41, 40, 41.5],
    "multistep-lazy": [40, 41, 41],
  };
  const runs = Object.entries(points).flatMap(([name, values]) =>
    values.map((top1, seed) => runOf(name, seed, top1))
  );
  const settings = {
    scale: "smoke",
    dataset: "shapes",
    methods: Object.keys(points),
    seeds: [0, 1, 2],
  } as const;
  const { claims, checks, grids, notes } = await experiment.tell!({ settings, runs });
  const { rows } = grids[0]!;
  const claim = (id: string) => claims.find((c) => c.id === id)!;
  assert.equal(claim("D10/normalise/knn").verdict, "NOT-COMPARABLE");
  assert.equal(claim("D10/normalise/knn").direction, "supports");
  assert.equal(claim("D10/projector/linear").direction, "undecided");
  assert.equal(claim("D10/both/knn").verdict, "NOT-RUN");
  const check = (id: string, of = checks) => of.find((c) => c.id === id)!.outcome;
  assert.equal(check("D3/same-program"), "holds");
  assert.equal(rows[0]!.name, "full");
  assert.equal(check("beats-untrained/full"), "holds");
  assert.ok(!notes.some((n) => n.includes("nothing measurable was learned")));

  const other = runs.map((r) => r.name === "multistep-lazy-seed1" ? runOf("multistep-lazy", 1, 41, "b") : r);
  const changed = await experiment.tell!({ settings, runs: other });
  assert.equal(check("D3/same-program", changed.checks), "fails");

  const chance = runs.map((r) =>
    r.name.startsWith("full") ? runOf("full", Number(r.spec.seed), 20, "a", 20) : r
  );
  const unlearned = await experiment.tell!({ settings, runs: chance });
  assert.ok(unlearned.notes.some((n) => n.includes("nothing measurable was learned")));

  const short = await experiment.tell!({
    settings,
    runs: runs.filter((r) => r.name !== "no-projector-seed2"),
  });
  assert.equal(
    short.grids[0]!.rows[2]!.state,
    "NOT-RUN",
    "a configuration without all its seeds is not averaged",
  );
});

Deno.test("sdiet/ablation is found by its name and refuses configurations it does not have", async () => {
  const loaded = await loadExperiment("sdiet/ablation");
  const context = { scale: "smoke", dataset: undefined, seeds: undefined, out: "", resume: false } as const;
  await assert.rejects(
    loaded.run({ ...context, methods: ["no-encoder"], say: () => {} }),
    /each must be one of full, no-normalise/,
  );
});

function runOf(name: string, seed: number, top1: number, letter = "a", start = seed + 10) {
  const common = { spec: letter.repeat(64), seq: 0, time: "2020-01-01T00:00:00.000Z" } as const;
  const images = { name: "shapes", split: "test", images: 250, pixels: "0".repeat(64), list: "0".repeat(64) };
  const evaluation = (probe: string, features: string, step: number, value = top1) => ({
    ...common,
    event: "eval" as const,
    step,
    epoch: 0,
    protocol: { probe, features },
    values: { top1: value },
  });
  return {
    name: `${name}-seed${seed}`,
    spec: { seed, encoder: { name: "tiny", width: 1 }, evaluation: { k: 20, T: 0.1 } },
    events: [
      {
        ...common,
        event: "run-start" as const,
        method: "sdiet",
        seed,
        steps: 1,
        stepsPerEpoch: 1,
        batch: 8,
        program: letter.repeat(64),
        state: "0".repeat(64),
        data: { train: { ...images, split: "train" }, test: images },
      },
      evaluation("knn", "untrained encoder", 0, start),
      evaluation("knn", "raw pixels", 0),
      evaluation("knn", "encoder", 1),
      evaluation("linear", "encoder", 1),
    ],
  };
}
