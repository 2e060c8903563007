/** Twenty kills at random points of a run: each resumed run ends with the same bits as the one that was let alone. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PhiloxStream } from "../../src/base/random.ts";
import { readEventLog } from "../../src/record/event_log.ts";
import { digestEvents, eventsOf } from "../../src/record/events.ts";
import { HEAD_FILE } from "../../src/train/head/companion.ts";
import { testDevice } from "../nn/check_op.ts";
import { killIfAlive } from "./kill.ts";
import { finish } from "./killed_run.ts";

const TRIALS = 20;
const SCRIPT = new URL("./killed_run.ts", import.meta.url).pathname;
const ALLOWED = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys"];

/** Runs the program and kills it `after` ms behind its start of work. Tells whether it died, and how long it worked. */
async function start(method: string, folder: string, after: number): Promise<{ died: boolean; ms: number }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--unstable-webgpu", ...ALLOWED, SCRIPT, method, folder],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const began = performance.now();
  const timer = after < Infinity ? setTimeout(() => killIfAlive(child), after) : undefined;
  const status = await child.status;
  clearTimeout(timer);
  await reader.cancel();
  assert.ok(status.success || status.signal === "SIGKILL", `the run ended with ${status.code}`);
  return { died: !status.success, ms: performance.now() - began };
}

/** Every file of a run but its log, by name: resuming must restore them to the bit, and sweep up what a kill cut in writing. */
async function remains(folder: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (const path of ["", "checkpoints"]) {
    for (const entry of [...Deno.readDirSync(join(folder, path))].filter((e) => e.isFile)) {
      if (entry.name === "events.jsonl") continue; // holds times; its digest is compared
      files[join(path, entry.name)] = await Deno.readFile(join(folder, path, entry.name));
    }
  }
  return files;
}

function assertSame(got: Record<string, Uint8Array>, want: Record<string, Uint8Array>, trial: number): void {
  assert.deepEqual(Object.keys(got).sort(), Object.keys(want).sort(), `files of trial ${trial}`);
  for (const [name, bytes] of Object.entries(want)) {
    const other = got[name]!;
    const at = bytes.length === other.length ? bytes.findIndex((b, i) => b !== other[i]) : -2;
    assert.equal(at, -1, `trial ${trial}: ${name} differs at byte ${at} (-2: in length)`);
  }
}

async function kills(method: string, check: (files: Record<string, Uint8Array>) => void): Promise<void> {
  const root = await Deno.makeTempDir();
  const began = performance.now();
  try {
    const whole = join(root, "whole");
    const { ms } = await start(method, whole, Infinity);
    const { events: wholeEvents } = await readEventLog(join(whole, "events.jsonl"));
    const want = await remains(whole);
    check(want);
    const draw = new PhiloxStream([7, method.length]);
    const places: number[] = [];
    let late = 0;
    while (places.length < TRIALS) {
      assert.ok(late < TRIALS, "kills must mostly come before the end");
      const trial = places.length;
      const folder = join(root, `trial${trial}-${late}`);
      // Every fourth run is killed again after it was resumed.
      const { died } = await start(method, folder, draw.uniform() * ms);
      if (died && trial % 4 === 3) await start(method, folder, draw.uniform() * ms);
      if (!died) {
        late++;
        continue;
      }
      const log = join(folder, "events.jsonl");
      const there = await Deno.stat(log).then(() => true, () => false);
      places.push(
        there ? eventsOf((await readEventLog(log, true)).events, "checkpoint").at(-1)?.step ?? 0 : 0,
      );
      const events = await finish(await testDevice(), method, folder);
      assert.equal(digestEvents(events), digestEvents(wholeEvents), `events of trial ${trial}`);
      assert.equal(eventsOf(events, "run-stop")[0]!.state, eventsOf(wholeEvents, "run-stop")[0]!.state);
      assertSame(await remains(folder), want, trial);
      await Deno.remove(folder, { recursive: true });
    }
    assert.ok(
      new Set(places).size >= 5,
      `kills must fall on different stretches, they fell behind ${places}`,
    );
    const seconds = ((performance.now() - began) / 1e3).toFixed(0);
    console.log(
      `${method}: ${TRIALS} killed runs went on from steps ${places.join(", ")}; ${late} late; ${seconds} s`,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("twenty simclr runs killed at random points end with the parameters, files and events of one let alone", async () => {
  await kills(
    "simclr",
    (files) => assert.ok(Object.keys(files).some((name) => name.endsWith(".safetensors"))),
  );
});

Deno.test("twenty sdiet runs killed at random points end with the head file, too, of one let alone", async () => {
  await kills("sdiet", (files) => assert.ok(files[HEAD_FILE]!.length > 0));
});
