/** `doctor`: what this machine is, what it can run, and whether its arithmetic is right. */
import { Device } from "../gpu/device.ts";
import { plan } from "../gpu/planner.ts";
import { PhiloxStream } from "../base/random.ts";
import { Session } from "../gpu/session.ts";
import { grad } from "../nn/grad.ts";
import { interpret } from "../nn/interpret.ts";
import { conv2d } from "../nn/ops/conv.ts";
import { relu } from "../nn/ops/elementwise.ts";
import { mean } from "../nn/ops/reduce.ts";
import { Trace, type Value } from "../nn/trace.ts";

export interface DoctorReport {
  readonly runtime: string;
  readonly os: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly adapter: Device["fingerprint"];
  readonly features: readonly string[];
  readonly kernels: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly check: SelfCheck;
  /** Largest scale that makes sense here: `smoke` and `mini` on a software adapter, `gpu` and up on a real one. */
  readonly scales: readonly string[];
}

/** A convolution, ReLU and mean with their gradient, on the adapter and in f64. */
export interface SelfCheck {
  readonly passed: boolean;
  /** Largest error of the loss and of the weight gradient, relative to the largest reference element. */
  readonly relativeError: number;
  readonly tolerance: number;
}

const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupsPerDimension",
] as const;

/** Opens the adapter, runs the self-check and describes both. Throws when there is no adapter. */
export async function doctorReport(): Promise<DoctorReport> {
  const device = await Device.open();
  try {
    const software = device.fingerprint.fallback ||
      /llvmpipe|swiftshader|software/i.test(JSON.stringify(device.fingerprint));
    return {
      runtime: device.fingerprint.runtime,
      os: `${Deno.build.os} ${Deno.build.arch} ${Deno.osRelease()}`,
      cpus: navigator.hardwareConcurrency,
      memoryBytes: Deno.systemMemoryInfo().total,
      adapter: device.fingerprint,
      features: device.features,
      kernels: device.target.lanes > 0
        ? `subgroup kernels, ${device.target.lanes} lanes (subgroup size ${device.capabilities.subgroupSize})`
        : "portable kernels (no fixed-size subgroups)",
      limits: Object.fromEntries(LIMITS.map((name) => [name, device.raw.limits[name]])),
      check: await selfCheck(device),
      scales: software ? ["smoke", "mini"] : ["smoke", "mini", "gpu"],
    };
  } finally {
    device.close();
  }
}

/** Runs one tiny program and compares it with the f64 interpreter and with differences of it. */
export async function selfCheck(device: Device): Promise<SelfCheck> {
  const t = new Trace({ target: device.target });
  const x = t.input("x", [2, 9, 7, 5]);
  const w = t.input("w", [3, 3, 5, 8]);
  const loss = mean(t, relu(t, conv2d(t, x, w, { stride: 2, padding: 1 })));
  const [gradient] = grad(t, loss, [w]) as [Value];
  [loss, gradient].forEach((v) => t.program.output(v));
  const session = await Session.bind(device, plan(t.program));
  try {
    const stream = new PhiloxStream([7, 0]);
    const feeds = new Map(
      [x, w].map((v) => [v, Float32Array.from({ length: v.size }, () => stream.uniform() - 0.5)]),
    );
    for (const [value, data] of feeds) session.write(value, data);
    session.replay();
    const got = [...await session.read(loss), ...await session.read(gradient)];
    const at = (i: number, delta: number): number => {
      const moved = Float64Array.from(feeds.get(w)!);
      moved[i]! += delta;
      return interpret(t, new Map<Value, ArrayLike<number>>([...feeds, [w, moved]]), [loss])[0]![0]!;
    };
    const sample = Array.from({ length: w.size }, (_, i) => i);
    const expected = [at(0, 0), ...sample.map((i) => (at(i, 1e-5) - at(i, -1e-5)) / 2e-5)];
    const scale = Math.max(...expected.map(Math.abs));
    const relativeError = Math.max(...expected.map((e, i) => Math.abs(e - got[i]!))) / scale;
    // 640 terms at most behind an element, each rounded once to f32.
    const tolerance = 640 * 2 ** -24;
    return { passed: relativeError <= tolerance, relativeError, tolerance };
  } finally {
    session.close();
  }
}
