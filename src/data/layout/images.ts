/** Splits whose images are files: a tree of class folders, or a folder with a table of labels beside it. */
import { decodeImageInto, IMAGE_DECODER } from "../decode/image.ts";
import type { Located } from "../locate.ts";
import type { Manifest } from "../manifest.ts";
import { memberError } from "../source/guard.ts";
import { collect, visitMembers } from "../source/open.ts";
import { splitError, type SplitPlan } from "./plan.ts";

type ImagesLayout = Extract<Manifest["layout"], { kind: "images" }>;

/** Turns "train/{class}/{name}" into an expression with the groups `class` and `name`. */
export function memberPattern(pattern: string): RegExp {
  const escaped = pattern.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  const source = escaped
    .replaceAll("{class\\*}", "(?<class>.+)")
    .replaceAll("{class}", "(?<class>[^/]+)")
    .replaceAll("{name}", "(?<name>[^/]+)");
  return new RegExp(`^${source}$`);
}

/** Reads tab-separated columns into a map from name to class. */
function parseLabels(text: string, columns: { name: number; class: number }): Map<string, string> {
  const classes = new Map<string, string>();
  for (const line of text.split("\n")) {
    const cells = line.replace(/\r$/, "").split("\t");
    const name = cells[columns.name], label = cells[columns.class];
    if (name && label) classes.set(name, label);
  }
  return classes;
}

/** Lists one split: images sorted by class, then by path in code-unit order. */
export async function planImages(
  manifest: Manifest,
  layout: ImagesLayout,
  split: string,
  located: Located,
): Promise<SplitPlan> {
  const { members, labels: table } = layout.splits[split]!;
  const pattern = memberPattern(members);
  const found: { path: string; name: string; class: string | undefined }[] = [];
  let byName: Map<string, string> | undefined;
  await visitMembers(located, manifest.limits, (member) => {
    if (table && member.path === table.member) {
      return async (body) => {
        const bytes = await collect(body, member.bytes, located.path, member.path);
        byName = parseLabels(new TextDecoder().decode(bytes), table);
      };
    }
    const match = pattern.exec(member.path);
    if (match) found.push({ path: member.path, name: match.groups!.name!, class: match.groups!.class });
  });
  if (found.length === 0) {
    const required = `members must match "${members}"`;
    throw splitError(
      manifest,
      split,
      required,
      `none in "${located.path}"`,
      "check that it is this dataset's archive",
    );
  }
  if (table && !byName) {
    throw memberError(
      located.path,
      table.member,
      "the table of labels must be in the archive",
      "no such member",
    );
  }
  const known = manifest.classes.names;
  const images: { path: string; class: string }[] = [];
  for (const image of found) {
    const name = image.class ?? byName?.get(image.name);
    if (name === undefined) {
      throw memberError(
        located.path,
        image.path,
        `it must have a class in "${table?.member}"`,
        "no line for it",
      );
    }
    if (known && !known.includes(name)) {
      if (layout.ignoreOtherClasses) continue;
      throw memberError(located.path, image.path, "its class must be one the manifest lists", `"${name}"`);
    }
    images.push({ path: image.path, class: name });
  }
  const classes = known ?? [...new Set(images.map((i) => i.class))].sort();
  const labelOf = new Map(classes.map((name, i) => [name, i]));
  images.sort((a, b) => labelOf.get(a.class)! - labelOf.get(b.class)! || (a.path < b.path ? -1 : 1));
  return {
    names: images.map((i) => i.path),
    labels: Uint32Array.from(images, (i) => labelOf.get(i.class)!),
    classes,
    decoder: IMAGE_DECODER,
    async decode(chosen, size, sink, progress) {
      const target = new Map<string, number>();
      chosen.forEach((position, i) => target.set(images[position]!.path, i));
      let done = 0;
      await visitMembers(located, manifest.limits, (member) => {
        const index = target.get(member.path);
        if (index === undefined) return undefined;
        return async (body) => {
          const bytes = await collect(body, member.bytes, located.path, member.path);
          const { out, at } = sink.place(index);
          await decodeImageInto(bytes, size, out, at, {
            archive: located.path,
            member: member.path,
            imagePixels: manifest.limits.imagePixels,
            nativeSize: manifest.nativeSize,
          });
          sink.done(index);
          done++;
          progress?.(done);
        };
      });
      if (done !== chosen.length) {
        const required = "the bytes must not change while they are read";
        throw splitError(manifest, split, required, `${done} of ${chosen.length} images`, "load it again");
      }
    },
  };
}
