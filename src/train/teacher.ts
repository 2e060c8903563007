/** The weights of a run's teacher: what the specification names, read and checked each time the run starts or resumes. */
import { failure } from "../base/error.ts";
import { hashFile } from "../base/sha256.ts";
import type { Session } from "../gpu/session.ts";
import { loadedTensors } from "../nn/checkpoint.ts";
import { TEACHER } from "../nn/scope.ts";
import type { Trace } from "../nn/trace.ts";
import { type EncoderTensors, readWeights, writeWeights } from "../nn/weights.ts";

/** Weights of a teacher: its tensors by name, or a checkpoint by path and SHA-256. */
export type TeacherWeights = EncoderTensors | { readonly path: string; readonly sha256: string };

/** The tensors. Errors: the file is absent, has another digest, or holds no encoder. */
export async function teacherTensors(weights: TeacherWeights): Promise<EncoderTensors> {
  if (!("path" in weights)) return weights;
  const { path, sha256 } = weights;
  const found = await hashFile(path).catch((cause) => {
    throw failure({
      operation: "load",
      object: `the teacher "${path}"`,
      required: "the file must exist and be readable",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "train the teacher first, or name the file where it lies",
    }, cause);
  });
  if (found.sha256 !== sha256) {
    throw failure({
      operation: "load",
      object: `the teacher "${path}"`,
      required: `its SHA-256 must be ${sha256}`,
      found: found.sha256,
      wayOut: "restore the file that the specification names",
    });
  }
  return readWeights(path);
}

/**
 * Writes the teacher's weights where the step has one. Errors: a step with a teacher and no weights, or weights that
 * the method never asks for, or weights of another encoder.
 */
export function writeTeacher(
  session: Session,
  trace: Trace,
  method: string,
  tensors: EncoderTensors | undefined,
): void {
  const targets = loadedTensors(trace).map(({ name, value }) => ({
    name: name.slice(TEACHER.length + 1),
    value,
  }));
  if (targets.length > 0 && tensors) return writeWeights(session, targets, tensors, TEACHER);
  if (targets.length === 0 && !tensors) return;
  throw failure({
    operation: "train",
    object: `"${method}"`,
    required: tensors ? "a method with a teacher must ask for it" : "its teacher must have weights",
    found: tensors ? "weights that it does not use" : "none",
    wayOut: tensors
      ? "leave the teacher out of the specification"
      : "give them with the specification's teacher",
  });
}
