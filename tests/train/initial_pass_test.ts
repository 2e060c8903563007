import assert from "node:assert/strict";
import { join } from "node:path";
import { digestEvents, eventsOf } from "../../src/record/events.ts";
import { stateHash } from "../../src/train/state_hash.ts";
import { train } from "../../src/train/train.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { testDevice } from "../nn/check_op.ts";
import { bankData, bankMethod, bankRun } from "./bank_run.ts";
import { killIfAlive } from "./kill.ts";

const open = async () => await Trainer.open(await testDevice(), bankRun, bankMethod, bankData);

Deno.test("the initial pass puts every image's features in its row and trains nothing", async () => {
  const trainer = await open();
  const { session, batches, step: { trace: t, program } } = trainer;
  try {
    assert.equal(batches.initialBatches, 4, "40 images in batches of 12");
    const parameters = t.parameters.get("encoder.conv1.weight")!.value.arena!;
    const [before, start] = [await session.readBytes(parameters), await stateHash(session, t)];
    const mean = t.states.get("encoder.bn1.running_mean")!.value;
    assert.ok((await session.read(mean)).every((x) => x === 0));
    await trainer.begin();
    assert.deepEqual(await session.readBytes(parameters), before);
    assert.ok((await session.read(mean)).some((x) => x !== 0), "the effect it names besides ran");
    const filled = await stateHash(session, t);
    assert.notEqual(filled, start);
    await trainer.begin();
    assert.equal(await stateHash(session, t), filled, "a second call does nothing");

    const bank = t.states.get("bank")!.value;
    const width = bank.shape[1]!;
    const rows = await session.read(bank);
    const [z] = program.outputs;
    for (let k = 0; k < batches.initialBatches; k++) {
      batches.writeInitial(session, t, k);
      session.replay({ scalars: t.scalarsAt(0), effects: [] });
      const features = await session.read(z!);
      const indices = batches.initialIndices(k);
      // Images of two batches have the row that the last one gave.
      const from = k === 2 ? 4 : 12;
      assert.equal(indices[0], [0, 12, 24, 28][k]);
      assert.deepEqual(
        rows.subarray(indices[0]! * width, (indices[0]! + from) * width),
        features.subarray(0, from * width),
        `batch ${k}`,
      );
    }
  } finally {
    trainer.close();
  }
});

/** Trains in a folder; `at` makes the evaluation after so many steps throw, as a kill would end it. */
async function run(folder: string, at = Infinity) {
  return await train(await testDevice(), bankRun, {
    folder,
    method: bankMethod,
    data: bankData,
    resume: true,
    evaluate: (trainer) => {
      if (trainer.steps >= at) throw new Error("killed");
      return Promise.resolve([]);
    },
  });
}

Deno.test("a run with an initial pass and two replays a step goes on from anywhere with the same bits", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = await run(join(folder, "whole"));
    const [stop] = eventsOf(whole, "run-stop"), [first] = eventsOf(whole, "metrics");
    assert.equal(stop!.gradientEvaluations, 2 * stop!.step);
    assert.deepEqual(Object.keys(first!.series), ["loss", "to bank", "agreement"]);
    assert.deepEqual(first!.series.loss, first!.series["to bank"]);
    for (const at of [0, 3]) {
      const cut = join(folder, `cut${at}`);
      await assert.rejects(run(cut, at), /killed/);
      assert.equal(digestEvents(await run(cut)), digestEvents(whole), `cut after step ${at}`);
    }
    const killed = join(folder, "killed");
    const script = new URL("./bank_run.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--unstable-webgpu", "-A", script, killed],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const log = join(killed, "events.jsonl");
    const begun = () => Deno.readTextFile(log).then((text) => text.includes("epoch-start"), () => false);
    const status = child.status;
    let ended = false;
    status.then(() => ended = true);
    while (!ended && !await begun()) await new Promise((resolve) => setTimeout(resolve, 20));
    killIfAlive(child);
    await status;
    assert.equal(digestEvents(await run(killed)), digestEvents(whole), "killed behind the initial pass");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
