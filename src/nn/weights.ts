/** Weights of one encoder by name: out of a checkpoint, into the tensors of a trace. */
import { failure } from "../base/error.ts";
import type { Session } from "../gpu/session.ts";
import type { Value } from "../gpu/value.ts";
import { SafetensorsFile } from "./safetensors.ts";

/** Parameters and running statistics by name: `encoder.conv1.weight`, `encoder.bn1.running_mean`, ... */
export type EncoderTensors = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** Path of the encoder in a step, and so the first part of its tensors' names. */
export const ENCODER = "encoder";

/** The trained encoder's tensors in a checkpoint of a run. Errors: no such file, damage, no encoder in it. */
export function readWeights(path: string): EncoderTensors {
  using file = SafetensorsFile.open(path);
  const entries = file.entries.filter((e) => e.dtype === "F32" && e.name.startsWith(`${ENCODER}.`));
  if (entries.length === 0) {
    throw failure({
      operation: "load",
      object: `the weights in "${path}"`,
      required: `it must hold tensors named "${ENCODER}..."`,
      found: `${file.entries.length} others`,
      wayOut: "name a checkpoint of a run that trained an encoder",
    });
  }
  return new Map(entries.map((entry) => [entry.name, new Float32Array(file.read(entry).buffer)]));
}

/**
 * Writes an encoder's weights to tensors of a trace. Names and sizes must be the same on both sides and every value
 * finite; otherwise the session is left as it was.
 */
export function writeWeights(
  session: Session,
  targets: readonly { readonly name: string; readonly value: Value }[],
  tensors: EncoderTensors,
  encoder: string,
): void {
  const names = new Set(targets.map(({ name }) => name));
  const extra = [...tensors.keys()].find((name) => !names.has(name));
  const refuse = (required: string, found: string) =>
    failure({
      operation: "load",
      object: `the weights of encoder "${encoder}"`,
      required,
      found,
      wayOut: "name the encoder, width and image side that these weights were trained with",
    });
  if (extra !== undefined) throw refuse("only its own tensors may be given", `"${extra}" as well`);
  const pairs = targets.map(({ name, value }) => {
    const data = tensors.get(name);
    if (!data) throw refuse(`"${name}" must be given`, `${tensors.size} other tensors`);
    if (data.length !== value.size) {
      throw refuse(`"${name}" must have ${value.size} elements`, `${data.length}`);
    }
    const at = firstNonFinite(data);
    if (at >= 0) throw refuse(`"${name}" must be finite`, `${data[at]} at element ${at}`);
    return { value, data };
  });
  for (const { value, data } of pairs) session.write(value, data);
}

/** Place of the first element that is NaN or infinite, or -1. */
export function firstNonFinite(data: Float32Array): number {
  return data.findIndex((x) => !Number.isFinite(x));
}
