/** A dispatch as an op says it and as a program records it: names, bindings, uniform bytes, all checked. */
import { AssayError } from "../base/error.ts";
import type { HeaderValues, Kernel } from "./kernel.ts";
import { rootOf, type Value } from "./value.ts";

/** What a dispatch belongs to: the gradient pass and the updates come after the values they use. */
export type Phase = "forward" | "backward";

/** What an op says to record one dispatch. Bindings and uniform fields go by the names in the WGSL file. */
export interface DispatchSpec {
  readonly kernel: Kernel;
  readonly entry?: string;
  readonly label: string;
  readonly read?: Readonly<Record<string, Value>>;
  readonly write?: Readonly<Record<string, Value>>;
  /** Pinned values changed in place; only effects may. */
  readonly update?: Readonly<Record<string, Value>>;
  readonly uniform?: Readonly<Record<string, number>>;
  readonly header?: HeaderValues;
  readonly overrides?: Readonly<Record<string, number>>;
  readonly workgroups: readonly [number, number?, number?];
  /** Elementwise and deterministic: the planner may run it again in the backward pass instead of keeping its output. */
  readonly cheap?: boolean;
  /** Floating-point operations, multiplications and additions counted apart. */
  readonly flops?: number;
}

/** A recorded dispatch. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly entry: string;
  readonly label: string;
  readonly read: ReadonlyMap<string, Value>;
  readonly write: ReadonlyMap<string, Value>;
  readonly update: ReadonlyMap<string, Value>;
  readonly uniform: Uint8Array<ArrayBuffer> | undefined;
  readonly header: HeaderValues;
  readonly overrides: Readonly<Record<string, number>>;
  readonly workgroups: readonly [number, number, number];
  readonly cheap: boolean;
  readonly flops: number;
  readonly phase: Phase;
  /** Name of the effect it belongs to; a replay may freeze effects by name. */
  readonly effect: string | undefined;
}

/** WebGPU's default limit on each dimension of a dispatch. */
const MAX_WORKGROUPS = 65535;

/** Checks what does not depend on the rest of the program, and packs the uniform. */
export function resolveDispatch(
  spec: DispatchSpec,
  phase: Phase,
  effect: string | undefined,
): Dispatch {
  const { kernel, label } = spec;
  const read = bindings(spec.read);
  const write = bindings(spec.write);
  const update = bindings(spec.update);
  for (const name of [...read.keys(), ...write.keys(), ...update.keys()]) {
    if (!kernel.interface.storage.has(name)) {
      throw new AssayError(
        `Cannot record "${label}": kernel "${kernel.name}" declares no binding "${name}", it has ${
          [...kernel.interface.storage.keys()].join(", ")
        }.`,
      );
    }
  }
  const bound = [...read.values(), ...write.values(), ...update.values()];
  if (new Set(bound).size < bound.length) {
    throw new AssayError(
      `Cannot record "${label}": a value may be bound once in a dispatch, it is bound twice; copy it first.`,
    );
  }
  if (update.size > 0 && effect === undefined) {
    throw new AssayError(`Cannot record "${label}": only an effect may change pinned values in place.`);
  }
  for (const value of update.values()) {
    if (!value.arena) {
      throw new AssayError(`Cannot record "${label}": it updates ${value}, which is not pinned.`);
    }
  }
  const [x, y = 1, z = 1] = spec.workgroups;
  for (const n of [x, y, z]) {
    if (!Number.isInteger(n) || n < 1 || n > MAX_WORKGROUPS) {
      throw new AssayError(
        `Cannot record "${label}": each workgroup count must be 1 to ${MAX_WORKGROUPS}, current counts are [${x}, ${y}, ${z}]; use a smaller batch or image.`,
      );
    }
  }
  return {
    ...{ kernel, entry: spec.entry ?? "main", label, read, write, update },
    uniform: packUniform(kernel, spec.uniform ?? {}, label),
    ...{ header: spec.header ?? {}, overrides: spec.overrides ?? {} },
    workgroups: [x, y, z],
    ...{ cheap: spec.cheap ?? false, flops: spec.flops ?? 0, phase, effect },
  };
}

function bindings(given: Readonly<Record<string, Value>> = {}): Map<string, Value> {
  return new Map(Object.entries(given).map(([name, value]) => [name, rootOf(value)]));
}

function packUniform(
  kernel: Kernel,
  given: Readonly<Record<string, number>>,
  label: string,
): Uint8Array<ArrayBuffer> | undefined {
  const declared = kernel.interface.uniform;
  const names = declared?.fields.map((f) => f.name) ?? [];
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new AssayError(
        `Cannot record "${label}": kernel "${kernel.name}" has no uniform field "${name}", it has ${
          names.join(", ")
        }.`,
      );
    }
  }
  if (!declared) return undefined;
  const bytes = new Uint8Array(Math.ceil(names.length / 4) * 16);
  const view = new DataView(bytes.buffer);
  declared.fields.forEach(({ name, type }, i) => {
    const value = given[name];
    if (value === undefined || (type !== "f32" && !Number.isInteger(value))) {
      throw new AssayError(
        `Cannot record "${label}": uniform field "${name}" of kernel "${kernel.name}" must be ${
          type === "f32" ? "a number" : "an integer"
        }, current value is ${value}.`,
      );
    }
    if (type === "f32") view.setFloat32(i * 4, value, true);
    else if (type === "u32") view.setUint32(i * 4, value, true);
    else view.setInt32(i * 4, value, true);
  });
  return bytes;
}
