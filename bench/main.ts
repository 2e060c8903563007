/**
 * This project's engine against other WebGPU trainers: one run, one adapter, every trainer in a worker of its own, rounds
 * interleaved, medians. Ours is timed from the submit until the adapter has finished, and once more with the result
 * awaited on the host; the others only offer the latter, which contains the await floor that is printed beside.
 */
import { parseArgs } from "node:util";
import { AssayError } from "../src/base/error.ts";
import { type BenchReport, disagreement, measured, median, oursOf, type Result, table } from "./report.ts";
import { Remote, type Samples, type Timing } from "./runner.ts";
import { NAMES, type WorkloadName } from "./workloads.ts";

const HELP =
  `Times training workloads on this engine and on other WebGPU trainers, on one adapter, in one run.

Usage: ./run bench [--json] [--only NAME]... [--repeats N]

  --json         print one JSON object: adapter, runtime, results, awaitFloorMs
  --only NAME    ${NAMES.join(", ")}; may be given more than once
  --repeats N    timed rounds after three warm-up rounds; default 9

Example: ./run bench --only conv3x3-train --repeats 15`;

/** Trainers agree when sampled results differ by less than this part of the largest: f32 sums of thousands of terms. */
const AGREEMENT = 2e-3;
const WARM_UP = 3;

function parsed() {
  try {
    return parseArgs({
      args: Deno.args,
      options: {
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        only: { type: "string", multiple: true },
        repeats: { type: "string", default: "9" },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See ./run bench --help.`);
  }
}

/** Wrong usage: exit status 2, as of every command. */
class UsageError extends Error {}

function options(): { json: boolean; names: readonly WorkloadName[]; repeats: number } {
  const { values } = parsed();
  if (values.help) {
    console.log(HELP);
    Deno.exit(0);
  }
  const repeats = Number(values.repeats);
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new UsageError(
      `Cannot bench: --repeats must be a positive integer, it is "${values.repeats}"; see ./run bench --help.`,
    );
  }
  for (const name of values.only ?? []) {
    if (!(NAMES as readonly string[]).includes(name)) {
      throw new UsageError(`Cannot bench "${name}": the names are ${NAMES.join(", ")}.`);
    }
  }
  return { json: values.json, names: NAMES.filter((n) => values.only?.includes(n) ?? true), repeats };
}

/** Milliseconds to await an idle queue. */
async function awaitFloor(adapter: GPUAdapter): Promise<number> {
  const device = await adapter.requestDevice();
  const times: number[] = [];
  for (let i = 0; i < 9; i++) {
    const start = performance.now();
    await device.queue.onSubmittedWorkDone();
    times.push(performance.now() - start);
  }
  device.destroy();
  return median(times);
}

async function measure(
  name: WorkloadName,
  ours: Remote,
  peers: readonly Remote[],
  repeats: number,
): Promise<Result> {
  const all = [ours, ...peers];
  const values = new Map<Remote, Samples>();
  for (const remote of all) {
    await remote.open(name);
    values.set(remote, await remote.values());
  }
  const agreement: Record<string, number> = {};
  for (const peer of peers) {
    const off = disagreement(values.get(ours)!, values.get(peer)!);
    if (!(off < AGREEMENT)) {
      throw new AssayError(
        `Cannot compare ${name}: ${peer.name} must agree with ours within ${AGREEMENT}, it is off by ${off}.`,
      );
    }
    agreement[peer.name] = off;
  }
  const training = name === "train-step";
  for (const [remote, [losses = []]] of training ? values : []) {
    if (!(losses.at(-1)! < losses[0]!)) {
      throw new AssayError(
        `Cannot compare ${name}: the loss of ${remote.name} must fall, it was [${losses}].`,
      );
    }
  }
  const timings = new Map<Remote, Timing[]>(all.map((remote) => [remote, []]));
  for (let round = -WARM_UP; round < repeats; round++) {
    for (const remote of all) {
      const timing = await remote.time();
      if (round >= 0) timings.get(remote)!.push(timing);
    }
  }
  const mine = oursOf(name, timings.get(ours)!, await ours.bytes());
  const theirs = Object.fromEntries(
    await Promise.all(peers.map(async (peer) => {
      const ms = timings.get(peer)!.map((t) => t.awaitedMs);
      return [peer.name, measured(ms, await peer.bytes())] as const;
    })),
  );
  for (const remote of all) await remote.close();
  const over = (ms: number) =>
    Object.fromEntries(Object.entries(theirs).map(([peer, m]) => [peer, m.medianMs / ms]));
  return {
    name,
    ours: mine,
    peers: theirs,
    ratios: over(mine.medianMs),
    awaitedRatios: over(mine.awaitedMedianMs),
    agreement,
    ...(training && {
      losses: Object.fromEntries(
        [...values].map(([r, [l]]) => [r.name, [l![0]!, l!.at(-1)!] as const]),
      ),
    }),
  };
}

async function main(): Promise<void> {
  const { json, names, repeats } = options();
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new AssayError("Cannot bench: no WebGPU adapter was found; install a Vulkan driver.");
  const awaitFloorMs = await awaitFloor(adapter);
  const ours = new Remote("ours", "./ours.ts");
  const peers = [new Remote("tfjs-webgpu", "./tfjs.ts"), new Remote("jax-js-webgpu", "./jax.ts")];
  const results: Result[] = [];
  for (const name of names) {
    if (!json) console.error(`${name} ...`);
    results.push(await measure(name, ours, peers, repeats));
  }
  const report: BenchReport = {
    adapter: adapter.info.description || adapter.info.device,
    runtime: `Deno ${Deno.version.deno}`,
    repeats,
    awaitFloorMs,
    results,
  };
  if (json) console.log(JSON.stringify(report, null, 2));
  else {
    console.log(table(report));
    console.log(
      `\n${report.adapter}, ${report.runtime}, medians of ${repeats} interleaved rounds. Ours: submit to completion; ` +
        `awaited, as the others: with the result on the host. Awaiting an idle queue takes ${
          awaitFloorMs.toFixed(1)
        } ms here; nothing is subtracted.`,
    );
  }
}

try {
  await main();
  // Workers and their devices would keep the process alive.
  Deno.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(error instanceof UsageError ? 2 : 1);
}
