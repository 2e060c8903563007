/**
 * Step time of S-DIET with head rows on disk against the same rows resident on the GPU: one program, one process, blocks
 * of both in pairs that take turns to begin. Every offloaded block visits rows it has not visited before, after the page
 * cache was emptied, so each row is read from the disk itself, journalled and written back. Images stay on the GPU in
 * both.
 *
 * Run: deno run --unstable-webgpu --allow-read --allow-write --allow-run=dd --allow-env bench/head_offload.ts --help
 */
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { failure } from "../src/base/error.ts";
import { Device } from "../src/gpu/device.ts";
import { plan } from "../src/gpu/planner.ts";
import { permutation } from "../src/base/random.ts";
import { Session } from "../src/gpu/session.ts";
import { method } from "../src/methods/sdiet.ts";
import { encoderByName } from "../src/nn/encoders/table.ts";
import { requireHeadRows } from "../src/nn/head_rows.ts";
import { initialise } from "../src/nn/state.ts";
import { buildStep } from "../src/nn/step.ts";
import { HeadPipeline } from "../src/train/head/pipeline.ts";
import { HeadStore } from "../src/train/head/store.ts";
import { storeBytes } from "../src/train/head/format.ts";

const HELP = `Times S-DIET steps with head rows on disk and with the same rows resident, interleaved.

  --encoder NAME   default resnet18, whose features have width 512
  --batch N        default 32
  --image N        side of the images; default 32
  --rows N         rows of the store; default 1281167
  --steps N        steps of a block; default 4
  --blocks N       pairs of blocks; default 15
  --folder DIR     where the store goes (removed afterwards); default a temporary folder
  --json           print one JSON object`;

/** Most that offloading may cost, as a factor of the step time. */
const TARGET = 1.1;

const { values } = parseArgs({
  options: {
    encoder: { type: "string", default: "resnet18" },
    batch: { type: "string", default: "32" },
    image: { type: "string", default: "32" },
    rows: { type: "string", default: "1281167" },
    steps: { type: "string", default: "4" },
    blocks: { type: "string", default: "15" },
    folder: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

/** Writes rows in the order they lie in, as if an earlier epoch had visited them. */
async function fill(store: HeadStore, rows: Uint32Array, width: number): Promise<void> {
  const sorted = rows.slice().sort();
  for (let at = 0; at < sorted.length; at += 1024) {
    const part = sorted.subarray(at, at + 1024);
    const data = new Float32Array(part.length * 3 * width).fill(1e-3);
    await store.store(part, data, 0);
  }
  await store.checkpoint(1);
  await store.commit(1);
}

/** Takes a file's pages out of the page cache; they must be on disk already. */
async function emptyCache(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("dd", {
    args: [`of=${path}`, "oflag=nocache", "conv=notrunc,fdatasync", "count=0"],
    stderr: "piped",
  }).output();
  if (success) return;
  throw failure({
    operation: "empty the page cache of",
    object: `"${path}"`,
    required: "dd must be able to (GNU coreutils)",
    found: new TextDecoder().decode(stderr).trim(),
    wayOut: "install coreutils",
  });
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;

/**
 * Interval of the median from order statistics, which assumes nothing about the distribution of times: the narrowest pair
 * of them whose coverage under the binomial law is 95 % or more. It takes six values.
 */
function medianInterval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((x, y) => x - y);
  const n = sorted.length;
  let outside = 0.5 ** n, term = outside, skip = 0; // chance that the median lies below the skip-th value
  while (2 * outside <= 0.05) {
    term *= (n - skip) / (skip + 1);
    skip++;
    outside += term;
  }
  return [sorted[skip - 1]!, sorted[n - skip]!];
}

async function main(): Promise<void> {
  const [batch, image, rows, steps, blocks] = [
    values.batch,
    values.image,
    values.rows,
    values.steps,
    values.blocks,
  ].map(Number) as [number, number, number, number, number];
  if (!(blocks >= 6)) {
    throw failure({
      operation: "judge",
      object: "the cost of offloading",
      required: "a 95 % interval of a median takes six pairs of blocks",
      found: `--blocks ${values.blocks}`,
      wayOut: "ask for six or more",
    });
  }
  const gpu = await Device.open();
  const { trace, program } = buildStep({
    method,
    setup: {
      batch,
      images: rows,
      hyper: { projector: "none" },
      encoder: (s) => encoderByName(values.encoder, s, { image }),
    },
    image,
    optimizer: { kind: "adamw", lr: 1e-3, weightDecay: 0.05 },
    target: gpu.target,
  });
  const session = await Session.bind(gpu, plan(program));
  initialise(session, trace, 1);
  const { width } = requireHeadRows(trace);
  const view = trace.inputs.get("view0")!;
  session.write(view, Float32Array.from({ length: view.size }, (_, i) => Math.sin(i)));
  const folder = values.folder ?? await Deno.makeTempDir();
  const path = join(folder, "head_offload.bin");
  const spec = { rows, width, seed: 1, specHash: "0".repeat(64) };
  const store = await HeadStore.at(path, spec, 0);
  // One block to warm up, then every block its own rows.
  const visited = permutation(rows, 1, 0).subarray(0, (blocks + 1) * steps * batch);
  await fill(store, visited, width);
  let first = 1, last = 0;
  const pipeline = new HeadPipeline({
    session,
    trace,
    store,
    multistep: { mode: "lazy", period: 1, lr: 1e-3, weightDecay: 0.05 },
    indicesOf: (k) => k < last ? indices(k) : undefined,
  });
  const indices = (k: number) => visited.subarray((k - 1) * batch, k * batch);
  const replay = (k: number) => session.replay({ scalars: trace.scalarsAt(k) });

  const resident = async (): Promise<number> => {
    const began = performance.now();
    for (let k = 0; k < steps; k++) replay(first + k);
    await session.done();
    return (performance.now() - began) / steps;
  };
  const offloaded = async (): Promise<number> => {
    await emptyCache(path);
    last = first + steps;
    const began = performance.now();
    for (; first < last; first++) {
      await pipeline.before(first, indices(first));
      replay(first);
      await pipeline.after(first);
    }
    await pipeline.drain();
    await session.done();
    const ms = (performance.now() - began) / steps;
    await store.checkpoint(last);
    await store.commit(last);
    return ms;
  };
  await resident();
  await offloaded();
  const times: Record<"resident" | "offloaded", number[]> = { resident: [], offloaded: [] };
  for (let block = 0; block < blocks; block++) {
    // ABBA: other work on the machine affects both alike.
    const turns = [["resident", resident], ["offloaded", offloaded]] as const;
    for (const [kind, run] of block % 2 === 0 ? turns : turns.toReversed()) times[kind].push(await run());
  }
  await pipeline.close();
  session.close();
  await Deno.remove(values.folder ? path : dirname(path), { recursive: true });
  const [a, b] = [median(times.resident), median(times.offloaded)];
  const ratios = times.offloaded.map((ms, i) => ms / times.resident[i]!);
  const [low, high] = medianInterval(ratios);
  const report = {
    adapter: gpu.fingerprint.description || gpu.fingerprint.device,
    encoder: values.encoder,
    batch,
    image,
    width,
    rows,
    storeBytes: storeBytes(spec),
    stepBytes: batch * width * 12,
    steps,
    blocks,
    residentMs: times.resident,
    offloadedMs: times.offloaded,
    ratio: median(ratios),
    interval: [low, high],
  };
  if (values.json) console.log(JSON.stringify(report));
  else {
    const list = (ms: readonly number[]) => ms.map((v) => v.toFixed(1)).join(" ");
    console.log(`${report.adapter}: ${values.encoder}, batch ${batch}, ${image} pixels, rows of ${width}`);
    console.log(
      `store of ${rows} rows, ${
        (report.storeBytes / 1e9).toFixed(1)
      } GB, page cache emptied before each block`,
    );
    console.log(`resident   median ${a.toFixed(2)} ms a step (${list(times.resident)})`);
    console.log(`offloaded  median ${b.toFixed(2)} ms a step (${list(times.offloaded)})`);
    const verdict = high <= TARGET ? "within" : low > TARGET ? "above" : "not decided against";
    console.log(
      `ratio ${median(ratios).toFixed(3)}, median of ${ratios.length} pairs, 95 % interval ${
        low.toFixed(3)
      } to ${high.toFixed(3)}: ${verdict} ${TARGET}`,
    );
  }
}

if (values.help) console.log(HELP);
else await main();
Deno.exit(0);
