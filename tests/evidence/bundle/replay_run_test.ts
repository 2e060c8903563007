import assert from "node:assert/strict";
import { AssayError } from "../../../src/base/error.ts";
import { Device, type DeviceOptions } from "../../../src/gpu/device.ts";
import { readContent } from "../../../src/evidence/bundle/content.ts";
import { openBundle } from "../../../src/record/files.ts";
import { replay } from "../../../src/evidence/bundle/replay.ts";
import { replayOn } from "../../../src/evidence/bundle/replay_run.ts";
import { writeBundle } from "../../../src/evidence/bundle/write.ts";
import { canonicalHash, sha256 } from "../../../src/base/canonical.ts";
import { describeEnvironment } from "../../../src/record/environment.ts";
import { loadMethod } from "../../../src/repro/method_files.ts";
import { loadSplit } from "../../../src/train/load_split.ts";
import { train } from "../../../src/train/train.ts";
import { inFolder } from "../../record/synthetic_run.ts";
import { smallRun } from "../../train/small_run.ts";

/** Trains the small run for real, bundles it with its checkpoints and hands over the folder. */
function inRealBundle(body: (bundle: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const device = await Device.open();
    try {
      const run = `${folder}/out/runs/supervised-seed${smallRun.seed}`;
      const data = await loadSplit(smallRun.data.train);
      await train(device, smallRun, { folder: run, method: await loadMethod(smallRun.method), data });
      const environment = await describeEnvironment(device.fingerprint);
      await Deno.writeTextFile(`${run}/environment.json`, JSON.stringify(environment));
    } finally {
      device.close();
    }
    const target = `${folder}/bundle`;
    await writeBundle({ source: `${folder}/out`, target, title: "t", description: "d", checkpoints: true });
    await body(target);
  });
}

async function replayAll(
  bundle: string,
  options: DeviceOptions = {},
  change = (text: string) => text,
  count = 9,
) {
  const files = await openBundle(bundle);
  const { content } = await readContent(files);
  const runs = content.runs.map((run) => ({ ...run, ...JSON.parse(change(JSON.stringify(run))) }));
  return await replay(files, runs, { count, replayInterval: replayOn(() => Device.open(options)) });
}

Deno.test("replayOn gives the bits of a real run in every interval, and says what it cannot run", () =>
  inRealBundle(async (bundle) => {
    const lines = await replayAll(bundle);
    assert.equal(lines.length, 4); // steps 0 to 4, 4 to 8, 8 to 10, and the odds
    assert.ok(lines.every((line) => line.status === "OK"), JSON.stringify(lines));
    assert.ok(
      lines.slice(0, 3).every((line) => line.message.endsWith("same adapter class and program, same bits")),
    );

    // Other kernels, so another program: this compares losses by tolerance. Forged states are replay_test.ts's.
    const portable = await replayAll(bundle, { subgroups: false }, (text) => text, 1);
    assert.ok(portable.every((line) => line.status === "OK"), JSON.stringify(portable));

    const elsewhere = await replayAll(
      bundle,
      {},
      (text) => text.replaceAll(/"pixels":"[0-9a-f]{64}"/g, `"pixels":"${sha256("x")}"`),
    );
    assert.ok(elsewhere.every((line) => line.status === "NOT-CHECKED"));
    assert.match(
      elsewhere[0]!.message,
      /shapes \(train\) must have the hashes that its events state, found other images here/,
    );
  }));

Deno.test("replayOn refuses a specification that is none, in words", async () => {
  const run = {
    folder: "runs/x/",
    spec: { method: 7 },
    specHash: canonicalHash({}),
    events: [],
    environment: undefined,
  };
  const never = () => Promise.reject(new Error("no device is opened for it"));
  await assert.rejects(
    replayOn(never)(run, { step: 0, state: sha256(""), file: undefined }, 1),
    (error) =>
      error instanceof AssayError &&
      /Cannot replay runs\/x\/: its specification must be one of a training, found one of no known format/
        .test(
          error.message,
        ),
  );
});
