import assert from "node:assert/strict";
import { join } from "node:path";
import { eventsOf } from "../../src/record/events.ts";
import { environmentSchema } from "../../src/record/environment.ts";
import { Workshop } from "../../src/repro/train_run.ts";
import { testDevice } from "../nn/check_op.ts";
import { smallRun } from "../train/small_run.ts";

const spec = { ...smallRun, stop: { steps: 2 }, checkpointEvery: { steps: 1 } };

Deno.test("Workshop loads each split once", async () => {
  const workshop = new Workshop(await testDevice(), () => {});
  const [first, second] = [
    await workshop.dataOf(spec),
    await workshop.dataOf({ ...spec, data: { ...spec.data } }),
  ];
  assert.deepEqual(Object.keys(first).sort(), ["test", "train"]);
  assert.equal(second.train, first.train);
  const other = await workshop.dataOf({ data: { train: { ...spec.data.train, perClass: 2 } } });
  assert.notEqual(other.train, first.train);
});

Deno.test("Workshop trains a run in its folder, with its environment; a finished one is left as it is", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const workshop = new Workshop(await testDevice(), () => {});
    const run = join(folder, "a", "run");
    const events = await workshop.train(run, spec, { resume: false });
    assert.equal(eventsOf(events, "run-stop")[0]?.step, 2);
    assert.deepEqual(Object.keys(eventsOf(events, "run-start")[0]!.data).sort(), ["test", "train"]);
    const environment = join(run, "environment.json");
    environmentSchema.parse(JSON.parse(await Deno.readTextFile(environment)));
    await Deno.writeTextFile(environment, "as it began");
    assert.deepEqual(await workshop.train(run, spec, { resume: true }), events);
    assert.equal(await Deno.readTextFile(environment), "as it began");
    await assert.rejects(workshop.train(run, spec, { resume: false }), /--resume|resume/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
