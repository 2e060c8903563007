/** Splits kept as fixed-size binary records: CIFAR's and STL-10's official archives. */
import { resizeInto } from "../decode/resize.ts";
import { UNLABELLED } from "../hashes.ts";
import type { Located } from "../locate.ts";
import type { Manifest } from "../manifest.ts";
import { memberError } from "../source/guard.ts";
import { collect, visitMembers } from "../source/open.ts";
import { splitError, type SplitPlan } from "./plan.ts";

type RecordsLayout = Extract<Manifest["layout"], { kind: "records" }>;

/** Regroups a stream into records of `length` bytes; a record is only valid during its callback. */
async function eachRecord(
  body: AsyncIterable<Uint8Array>,
  length: number,
  use: (record: Uint8Array, index: number) => void,
): Promise<void> {
  const partial = new Uint8Array(length);
  let filled = 0, index = 0;
  for await (const chunk of body) {
    let at = 0;
    while (at < chunk.length) {
      if (filled === 0 && chunk.length - at >= length) {
        use(chunk.subarray(at, at + length), index++);
        at += length;
        continue;
      }
      const n = Math.min(length - filled, chunk.length - at);
      partial.set(chunk.subarray(at, at + n), filled);
      filled += n;
      at += n;
      if (filled === length) {
        use(partial, index++);
        filled = 0;
      }
    }
  }
}

/** Planar RGB to interleaved. Planes are stored row by row (CIFAR) or column by column (STL-10). */
export function interleave(record: Uint8Array, layout: RecordsLayout, out: Uint8Array, offset: number): void {
  const { height, width, imageAt, planes } = layout;
  const area = height * width;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = imageAt + (planes === "rows" ? y * width + x : x * height + y);
      const to = offset + 3 * (y * width + x);
      out[to] = record[from]!;
      out[to + 1] = record[from + area]!;
      out[to + 2] = record[from + 2 * area]!;
    }
  }
}

/** Lists one split in the order of the manifest's members and of the records in them. */
export async function planRecords(
  manifest: Manifest,
  layout: RecordsLayout,
  split: string,
  located: Located,
): Promise<SplitPlan> {
  const { members, labels: labelMembers } = layout.splits[split]!;
  const { recordBytes, labelAt } = layout;
  const raw = new Map<string, Uint8Array>(); // label bytes by image member
  await visitMembers(located, manifest.limits, (member) => {
    const index = members.indexOf(member.path);
    if (index >= 0) {
      if (member.bytes % recordBytes !== 0) {
        const required = `its size must be a multiple of the record's ${recordBytes} bytes`;
        throw memberError(located.path, member.path, required, `${member.bytes} bytes`);
      }
      if (labelAt === null) {
        if (!labelMembers) raw.set(member.path, new Uint8Array(member.bytes / recordBytes));
        else if (!raw.has(member.path)) raw.set(member.path, new Uint8Array(0)); // filled by its label member
        return undefined;
      }
      const labels = new Uint8Array(member.bytes / recordBytes);
      raw.set(member.path, labels);
      return (body) => eachRecord(body, recordBytes, (record, i) => void (labels[i] = record[labelAt]!));
    }
    const labelIndex = labelMembers?.indexOf(member.path) ?? -1;
    if (labelIndex < 0) return undefined;
    return async (body) =>
      void raw.set(members[labelIndex]!, await collect(body, member.bytes, located.path, member.path));
  });
  const names: string[] = [], labels: number[] = [], starts: number[] = [];
  for (const path of members) {
    const bytes = raw.get(path);
    if (!bytes) {
      const wayOut = "check that it is this dataset's archive";
      throw splitError(
        manifest,
        split,
        `member "${path}" must be there`,
        `none in "${located.path}"`,
        wayOut,
      );
    }
    starts.push(names.length);
    bytes.forEach((byte, i) => {
      names.push(`${path}#${String(i).padStart(6, "0")}`);
      const label = byte - layout.firstLabel;
      const unlabelled = labelAt === null && !labelMembers;
      if (!unlabelled && (label < 0 || label >= manifest.classes.count)) {
        const required = `labels must be ${layout.firstLabel} to ${
          layout.firstLabel + manifest.classes.count - 1
        }`;
        throw memberError(located.path, path, required, `${byte} in record ${i}`);
      }
      labels.push(unlabelled ? UNLABELLED : label);
    });
  }
  const classes = manifest.classes.names ??
    Array.from({ length: manifest.classes.count }, (_, i) => String(i));
  return {
    names,
    labels: Uint32Array.from(labels),
    classes,
    decoder: "binary records",
    async decode(chosen, size, sink, progress) {
      const target = new Map<number, number>();
      chosen.forEach((position, i) => target.set(position, i));
      const native = new Uint8Array(layout.height * layout.width * 3);
      let done = 0;
      await visitMembers(located, manifest.limits, (member) => {
        const index = members.indexOf(member.path);
        if (index < 0) return undefined;
        return (body) =>
          eachRecord(body, recordBytes, (record, i) => {
            const image = target.get(starts[index]! + i);
            if (image === undefined) return;
            const { out, at } = sink.place(image);
            interleave(record, layout, native, 0);
            resizeInto(native, layout.height, layout.width, 3, size, out, at);
            sink.done(image);
            done++;
            progress?.(done);
          });
      });
      if (done !== chosen.length) {
        const required = "every image must have a record";
        throw splitError(
          manifest,
          split,
          required,
          `${done} of ${chosen.length}`,
          "get a fresh copy of the archive",
        );
      }
    },
  };
}
