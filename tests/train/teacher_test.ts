import assert from "node:assert/strict";
import { join } from "node:path";
import { load } from "../../src/data/load.ts";
import { sha256 } from "../../src/base/sha256.ts";
import { method as supervised } from "../../src/methods/supervised.ts";
import { tensorsOf } from "../../src/nn/checkpoint.ts";
import { linear } from "../../src/nn/layers.ts";
import type { Method } from "../../src/nn/method.ts";
import { l2Normalise } from "../../src/nn/ops/l2.ts";
import { mse } from "../../src/nn/ops/loss.ts";
import { SafetensorsFile } from "../../src/nn/safetensors.ts";
import { readWeights } from "../../src/nn/weights.ts";
import { digestEvents, eventsOf } from "../../src/record/events.ts";
import { stateHash } from "../../src/train/state_hash.ts";
import { teacherTensors, type TeacherWeights } from "../../src/train/teacher.ts";
import { train } from "../../src/train/train.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { testDevice } from "../nn/check_op.ts";
import { smallRun } from "./small_run.ts";

const data = await load("shapes", { split: "train", size: 16, perClass: 4 });

/** Regression of a wider teacher's normalised features (FitNets' last layer): what a step with two encoders is tested on. */
const distil: Method = {
  ...supervised,
  name: "distil",
  views: 1,
  hyper: {},
  trace(s, [x]) {
    const { t } = s;
    const teacher = s.teacher();
    const student = s.encoder();
    const wanted = l2Normalise(t, teacher.apply(x!));
    const z = linear(s, "projector", student.features, teacher.features)(student.apply(x!));
    return { loss: mse(t, l2Normalise(t, z), wanted), wrt: s.parameters() };
  },
};

const teacher = { encoder: { ...smallRun.encoder, width: 1 }, weights: { run: "0".repeat(64) } };
const distilRun = { ...smallRun, method: "distil", teacher };

/** Trains a teacher and hands its last checkpoint to `body`. */
async function withTeacher(
  body: (weights: { path: string; sha256: string }, folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    const own = join(folder, "teacher");
    const spec = { ...smallRun, encoder: teacher.encoder };
    const events = await train(await testDevice(), spec, { folder: own, method: supervised, data });
    const last = eventsOf(events, "checkpoint").at(-1)!;
    await body({ path: join(own, last.file), sha256: last.sha256 }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(folder: string, weights: TeacherWeights | undefined, at = Infinity) {
  return await train(await testDevice(), distilRun, {
    folder,
    method: distil,
    data,
    resume: true,
    ...(weights && { teacher: weights }),
    evaluate: (trainer) => {
      if (trainer.steps >= at) throw new Error("killed");
      return Promise.resolve([]);
    },
  });
}

Deno.test("a teacher is loaded, stays as it is, and is in no checkpoint and no state hash", () =>
  withTeacher(async (weights) => {
    const tensors = await teacherTensors(weights);
    const trainer = await Trainer.open(await testDevice(), distilRun, distil, data, tensors);
    const { session, step: { trace: t } } = trainer;
    try {
      assert.deepEqual(tensorsOf(t).filter(({ name }) => name.startsWith("teacher")), []);
      const held = async () => {
        const found: Record<string, Float32Array> = {};
        for (const { value, name } of [...t.parameters.values(), ...t.states.values()]) {
          if (name.startsWith("teacher/")) found[name.slice("teacher/".length)] = await session.read(value);
        }
        return found;
      };
      assert.deepEqual(await held(), Object.fromEntries(tensors));
      for (let k = 0; k < 5; k++) await trainer.advance();
      const { losses } = await trainer.report();
      assert.ok(losses.loss!.at(-1)! < losses.loss![0]!, "the student follows");
      assert.deepEqual(await held(), Object.fromEntries(tensors), "five steps change nothing of it");
      const hash = await stateHash(session, t);
      session.write(t.parameters.get("teacher/encoder.conv1.weight")!.value, Float32Array.of(7));
      assert.equal(await stateHash(session, t), hash);
      assert.ok(trainer.plan.roles.params > 0);
    } finally {
      trainer.close();
    }
  }));

Deno.test("a run with a teacher resumes to the same bits, and its checkpoints hold the student alone", () =>
  withTeacher(async (weights, folder) => {
    const whole = await run(join(folder, "whole"), weights);
    const given = await run(join(folder, "given"), readWeights(weights.path));
    assert.equal(digestEvents(given), digestEvents(whole), "tensors or their file are the same");
    const cut = join(folder, "cut");
    await assert.rejects(run(cut, weights, 5), /killed/);
    const copy = { ...weights, path: join(folder, "copy.safetensors") };
    const bytes = await Deno.readFile(weights.path);
    bytes[bytes.length - 3]! ^= 1;
    await Deno.writeFile(copy.path, bytes);
    await assert.rejects(
      run(cut, copy),
      /Cannot load the teacher ".*": its SHA-256 must be .{64}, found .{64};/,
    );
    assert.equal(digestEvents(await run(cut, weights)), digestEvents(whole));
    const [checkpoint] = eventsOf(whole, "checkpoint");
    using file = SafetensorsFile.open(join(folder, "whole", checkpoint!.file));
    assert.ok(file.entries.some((e) => e.name === "encoder.conv1.weight"));
    assert.deepEqual(file.entries.filter((e) => e.name.startsWith("teacher")), []);
  }));

Deno.test("teachers that are absent, of another encoder, not finite, or not asked for are refused in one sentence", () =>
  withTeacher(async (weights, folder) => {
    const open = async (
      tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>> | undefined,
      method = distil,
    ) => await Trainer.open(await testDevice(), distilRun, method, data, tensors);
    await assert.rejects(
      teacherTensors({ ...weights, path: join(folder, "none") }),
      /the file must exist and be readable/,
    );
    await assert.rejects(open(undefined), /its teacher must have weights, found none/);
    const tensors = new Map(readWeights(weights.path));
    await assert.rejects(open(tensors, supervised), /a method with a teacher must ask for it/);
    const name = "encoder.conv1.weight", weight = tensors.get(name)!;
    tensors.set(name, weight.map((x, i) => i === 5 ? NaN : x));
    await assert.rejects(open(tensors), /"encoder.conv1.weight" must be finite, found NaN at element 5/);
    tensors.delete(name);
    await assert.rejects(open(tensors), /"encoder.conv1.weight" must be given/);
    tensors.set(name, weight.subarray(1));
    await assert.rejects(open(tensors), /"encoder.conv1.weight" must have \d+ elements/);
    const text = join(folder, "text");
    await Deno.writeTextFile(text, "no weights");
    await assert.rejects(
      teacherTensors({ path: text, sha256: sha256("no weights") }),
      /Cannot read safetensors file/,
    );
  }));
