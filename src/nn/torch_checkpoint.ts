/** PyTorch state dicts in safetensors files: names and layouts converted on the way in and out. */
import { AssayError, failure } from "../base/error.ts";
import type { Session } from "../gpu/session.ts";
import { download, type NamedTensor, tensorsOf } from "./checkpoint.ts";
import { SafetensorsFile, type TensorEntry, writeSafetensors } from "./safetensors.ts";
import { fromTorch, type LayoutOf, torchShape, toTorch } from "./torch_layout.ts";
import type { Trace } from "./trace.ts";

export interface TorchNames {
  /**
   * Name in the state dict of a tensor of the trace, or undefined to leave it out. Default: the same name, and nothing
   * outside the arena `online` (momentum copies and optimizer state).
   */
  readonly rename?: (name: string) => string | undefined;
  /** Tensors of the file that may go unused. BN's `num_batches_tracked` always may: nothing here counts batches. */
  readonly ignore?: (name: string) => boolean;
}

/** A `rename` for a module below a prefix: "encoder.conv1.weight" is "conv1.weight" in the file. */
export function below(prefix: string): (name: string) => string | undefined {
  return (name) => name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

interface Pair extends LayoutOf, NamedTensor {
  readonly torch: string;
}

function pairsOf(t: Trace, names: TorchNames): Pair[] {
  const rename = names.rename ?? ((name) => name.includes("/") ? undefined : name);
  return tensorsOf(t).flatMap(({ name, value }) => {
    const torch = rename(name);
    if (torch !== undefined && value.dtype !== "f32") {
      throw new AssayError(
        `Cannot exchange "${name}" with PyTorch: it must hold f32, it holds ${value.dtype}; leave it out by "rename".`,
      );
    }
    return torch === undefined
      ? []
      : [{ name, value, torch, kind: t.parameters.get(name)?.kind ?? "vector" }];
  });
}

/** Loads a PyTorch state dict. Names, shapes and dtypes are checked before anything is written to the session. */
export function loadTorch(path: string, session: Session, t: Trace, names: TorchNames = {}): void {
  using file = SafetensorsFile.open(path);
  const pairs = pairsOf(t, names);
  const matched = pairs.map((pair) => ({ pair, entry: matching(path, file, pair) }));
  const used = new Set(pairs.map((pair) => pair.torch));
  const unused = file.entries.find(({ name }) =>
    !used.has(name) && !name.endsWith(".num_batches_tracked") && !names.ignore?.(name)
  );
  if (unused) throw refuse(path, `the network must have a place for "${unused.name}"`, "none");
  for (const { pair, entry } of matched) {
    session.write(pair.value, fromTorch(pair, new Float32Array(file.read(entry).buffer)));
  }
}

function matching(path: string, file: SafetensorsFile, pair: Pair): TensorEntry {
  const entry = file.entry(pair.torch);
  if (!entry) throw refuse(path, `it must hold "${pair.torch}"`, `${file.entries.length} other tensors`);
  const needed = `F32 [${torchShape(pair).join(", ")}]`;
  const found = `${entry.dtype} [${entry.shape.join(", ")}]`;
  if (found !== needed) throw refuse(path, `"${pair.torch}" must be ${needed}`, found);
  return entry;
}

/** Writes a PyTorch state dict; `load_state_dict` takes it, counting batches from 0 again. */
export async function saveTorch(
  path: string,
  session: Session,
  t: Trace,
  names: TorchNames = {},
): Promise<void> {
  const pairs = pairsOf(t, names);
  const data = await download(session, pairs);
  const tensors = pairs.map((pair) => {
    const bytes = data.get(pair.name)!;
    const ours = new Float32Array(bytes.buffer, bytes.byteOffset, pair.value.size);
    const theirs = toTorch(pair, ours);
    return {
      name: pair.torch,
      dtype: "F32" as const,
      shape: torchShape(pair),
      data: new Uint8Array(theirs.buffer),
    };
  });
  writeSafetensors(path, tensors, { format: "pt" });
}

function refuse(path: string, required: string, found: string): Error {
  return failure({
    operation: "load",
    object: `PyTorch weights "${path}"`,
    required,
    found,
    wayOut: "build the encoder with the architecture, width and classes of the file, or rename its tensors",
  });
}
