/**
 * Where a step's time goes: every dispatch alone, by the adapter's timestamps where it has them, else by a blocking
 * timer around many repetitions. Dispatches that share a label and kernel are one line.
 */
import { AssayError } from "../base/error.ts";
import type { Session } from "./session.ts";

export interface ProfileLine {
  readonly label: string;
  /** Kernel and entry point. */
  readonly kernel: string;
  /** Dispatches behind the line. */
  readonly count: number;
  /** Milliseconds a step, the sum over the dispatches. */
  readonly ms: number;
  /** Billions of floating-point operations a second; 0 for a line that counts none. */
  readonly gflops: number;
}

export interface Profile {
  /** Slowest first. */
  readonly lines: readonly ProfileLine[];
  /** How it was measured. */
  readonly timer: "timestamps" | "blocking";
  /** Sum of all lines in milliseconds; a whole replay takes less, because dispatches overlap. */
  readonly totalMs: number;
}

export interface ProfileOptions {
  /** Measurements of each dispatch; their median counts. Default 5. */
  readonly repeats?: number;
  /** Set to false to use the blocking timer although the adapter has timestamps. */
  readonly timestamps?: boolean;
}

/** Queries of one set; WebGPU allows 4096. */
const QUERIES = 4096;

/**
 * Times every dispatch of a bound program. Runs them out of their step, so state that effects change is not meaningful
 * afterwards: profile a session of its own. Step scalars are those of the last replay.
 */
export async function profile(session: Session, options: ProfileOptions = {}): Promise<Profile> {
  const { repeats = 5 } = options;
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new AssayError(`Cannot profile: repeats must be a positive integer, current value is ${repeats}.`);
  }
  const stamps = options.timestamps !== false && session.device.capabilities.timestamps;
  await session.done();
  const times = stamps ? await byTimestamps(session, repeats) : await byBlocking(session, repeats);
  const lines = summarise(session, times);
  return {
    lines,
    timer: stamps ? "timestamps" : "blocking",
    totalMs: lines.reduce((sum, line) => sum + line.ms, 0),
  };
}

function summarise(session: Session, times: readonly number[]): ProfileLine[] {
  const sums = new Map<string, { label: string; kernel: string; count: number; ms: number; flops: number }>();
  session.plan.program.dispatches.forEach((d, i) => {
    const kernel = `${d.kernel.name}.${d.entry}`;
    const key = `${d.label}\n${kernel}`;
    const line = sums.get(key) ?? { label: d.label, kernel, count: 0, ms: 0, flops: 0 };
    line.count++;
    line.ms += times[i]!;
    line.flops += d.flops;
    sums.set(key, line);
  });
  return [...sums.values()]
    .map(({ flops, ...line }) => ({ ...line, gflops: line.ms > 0 ? flops / line.ms / 1e6 : 0 }))
    .sort((a, b) => b.ms - a.ms);
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Milliseconds until the queue is empty: the call itself blocks until then, its promise resolves much later. */
async function blockingMs(session: Session, work: () => void): Promise<number> {
  const start = performance.now();
  work();
  const drained = session.device.raw.queue.onSubmittedWorkDone();
  const elapsed = performance.now() - start;
  await drained;
  return elapsed;
}

/** The blocking timer has a floor of a submit; batches long enough make it small, and it is taken off. */
async function byBlocking(session: Session, repeats: number): Promise<number[]> {
  const floor = median(
    await sequence(repeats, () => blockingMs(session, () => session.device.raw.queue.submit([]))),
  );
  return await sequence(session.plan.program.dispatches.length, async (i) => {
    const once = await blockingMs(session, () => session.replayOne(i));
    const batch = Math.max(1, Math.min(32, Math.floor(2 / Math.max(once, 0.01))));
    const all = await sequence(repeats, () =>
      blockingMs(session, () => {
        for (let k = 0; k < batch; k++) session.replayOne(i);
      }));
    return Math.max(0, median(all) - floor) / batch;
  });
}

/** The adapter's clock around a pass of each dispatch, in its own ticks, calibrated against the blocking timer. */
async function byTimestamps(session: Session, repeats: number): Promise<number[]> {
  const { raw } = session.device;
  const count = session.plan.program.dispatches.length;
  const perRound = Math.floor(QUERIES / 2);
  const querySet = raw.createQuerySet({ label: "profile", type: "timestamp", count: QUERIES });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const { device } = session;
  const resolved = await device.buffer("profile ticks", 8 * QUERIES, QUERY_RESOLVE | COPY_SRC, "io");
  const readable = await device.buffer("profile readback", 8 * QUERIES, MAP_READ | COPY_DST, "io");
  const ticksOf = async (dispatches: readonly number[]): Promise<{ each: number[]; span: number }> => {
    dispatches.forEach((index, slot) =>
      session.replayOne(index, {
        querySet,
        beginningOfPassWriteIndex: 2 * slot,
        endOfPassWriteIndex: 2 * slot + 1,
      })
    );
    const encoder = raw.createCommandEncoder({ label: "profile" });
    encoder.resolveQuerySet(querySet, 0, 2 * dispatches.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, 16 * dispatches.length);
    raw.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const ticks = new BigUint64Array(readable.getMappedRange(0, 16 * dispatches.length).slice(0));
    readable.unmap();
    return {
      each: dispatches.map((_, slot) => Number(ticks[2 * slot + 1]! - ticks[2 * slot]!)),
      span: Number(ticks[2 * dispatches.length - 1]! - ticks[0]!),
    };
  };
  try {
    const all = Array.from({ length: count }, (): number[] => []);
    let span = 0, elapsed = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let from = 0; from < count; from += perRound) {
        const indices = Array.from({ length: Math.min(perRound, count - from) }, (_, i) => from + i);
        // The same passes under both clocks: the length of a tick is not stated, so it is measured.
        const plain = await blockingMs(session, () => indices.forEach((i) => session.replayOne(i)));
        const { each, span: ticks } = await ticksOf(indices);
        each.forEach((value, i) => all[indices[i]!]!.push(value));
        span += ticks;
        elapsed += plain;
      }
    }
    const perTick = span > 0 ? tickMs(elapsed / span) : 0;
    return all.map((values) => median(values) * perTick);
  } finally {
    device.release(resolved, "io");
    device.release(readable, "io");
    querySet.destroy();
  }
}

/**
 * Length of a tick from a measured ratio. Most clocks tick in whole nanoseconds, and a measurement within a factor of
 * two of one nanosecond is taken as that; other lengths (AMD: 10 ns, Intel: 52 or 83 ns) are taken as measured.
 */
export function tickMs(measured: number): number {
  const nanosecond = 1e-6;
  return measured > nanosecond / 2 && measured < nanosecond * 2 ? nanosecond : measured;
}

async function sequence<T>(count: number, body: (i: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < count; i++) results.push(await body(i));
  return results;
}
