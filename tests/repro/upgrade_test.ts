import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { isOlder } from "../../src/record/spec/identity.ts";
import { specHash } from "../../src/record/spec/spec.ts";
import { loadExperiment } from "../../src/repro/experiment_files.ts";
import { recordedRuns } from "../../src/repro/recorded_runs.ts";
import { chosenOf, settingsFor } from "../../src/repro/table/choose.ts";
import { resolveRuns } from "../../src/repro/table/resolve.ts";
import { currentSpec } from "../../src/repro/upgrade.ts";

const folder = fileURLToPath(new URL("../../reports/table5-mini", import.meta.url));
const runs = await recordedRuns(folder);

Deno.test("currentSpec gives the committed runs the specifications that table5 asks for at mini, all of them", async () => {
  const { table } = await loadExperiment("sdiet/table5");
  const choice = { scale: "mini" as const, dataset: undefined, methods: undefined, seeds: undefined };
  const asked = await resolveRuns(table!, chosenOf(table!, settingsFor(table!, choice)));
  const found = new Set<string>();
  for (const run of runs) {
    const spec = await currentSpec(run.spec, run.events);
    found.add(specHash(spec!));
  }
  assert.equal(asked.length, runs.length);
  assert.deepEqual(asked.filter((run) => !found.has(run.hash)).map(({ row, seed }) => `${row} ${seed}`), []);
});

const older = runs.find(({ spec }) => isOlder(spec) && spec["method"] === "sdiet");

Deno.test(
  "currentSpec turns modes that were numbers into words",
  { ignore: older === undefined },
  async () => {
    const { spec, events } = older!;
    const hyper = async (change: object) =>
      (await currentSpec({ ...spec, hyper: { ...spec["hyper"] as object, ...change } }, events))!.hyper;
    assert.deepEqual(await hyper({ multistep: 2, projector: 0, everyRow: 1, normalise: 0 }), {
      ...await hyper({}),
      ...{ multistep: "lazy", projector: "none", softmaxOver: "all", normalise: false },
    });
  },
);

Deno.test("currentSpec takes today's format as it is, and knows nothing of other ones", async () => {
  const spec = (await currentSpec(runs[0]!.spec, runs[0]!.events))!;
  assert.deepEqual(await currentSpec({ ...spec }, []), spec);
  assert.equal(await currentSpec({ method: "simclr", more: 1 }, runs[0]!.events), undefined);
});
