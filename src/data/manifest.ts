/**
 * Dataset manifests, `datasets/<name>.json`: where the bytes are, how images and labels lie in them, how many there
 * must be, what an archive may at most contain, and the hashes measured so far. Strict: an unknown field is an error.
 */
import { sha256Schema as sha256 } from "../base/schemas.ts";
import { projectRoot } from "../base/project_root.ts";
import { z } from "zod";
import { AssayError, failure } from "../base/error.ts";

const md5 = z.string().regex(/^[0-9a-f]{32}$/, "must be 32 lower-case hexadecimal digits");
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must be a plain file name");
const count = z.int().positive();

const archive = z.strictObject({
  file: fileName,
  format: z.enum(["tar.gz", "tar", "zip"]),
  /** Where it can be downloaded; null when it cannot. */
  url: z.url({ protocol: /^https?$/ }).nullable(),
  bytes: count.nullable(),
  /** Null when no trustworthy value is known; `verify` then prints the measured one. */
  sha256: sha256.nullable(),
  md5: md5.nullable(),
});

const source = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("archive"), archive }),
  /** A folder `<stem>/` or an archive `<stem>.tar`, `.tar.gz` or `.zip` that the user provides. */
  z.strictObject({ kind: z.literal("tree"), stem: fileName, instructions: z.string() }),
  z.strictObject({ kind: z.literal("generated"), generator: z.literal("shapes-1") }),
]);

const layout = z.discriminatedUnion("kind", [
  /** One file per image. Patterns: `{class}` and `{name}` are one path segment, `{class*}` one or more. */
  z.strictObject({
    kind: z.literal("images"),
    splits: z.record(
      z.string(),
      z.strictObject({
        members: z.string(),
        /** A table of tab-separated columns that gives the class of each `{name}`, where no folder does. */
        labels: z.strictObject({ member: z.string(), name: z.int().min(0), class: z.int().min(0) })
          .optional(),
      }),
    ),
    /** True where the tree holds more classes than the manifest lists and the others are to be left out. */
    ignoreOtherClasses: z.boolean().default(false),
  }),
  /** Fixed-size records in a few files: planar RGB, with the label inside the record or in a file beside. */
  z.strictObject({
    kind: z.literal("records"),
    height: count,
    width: count,
    recordBytes: count,
    /** Offset of the label byte in a record, null where labels lie in files of their own, one byte each. */
    labelAt: z.int().min(0).nullable(),
    imageAt: z.int().min(0),
    /** The number that the first class has in the files. */
    firstLabel: z.int().min(0),
    planes: z.enum(["rows", "columns"]),
    splits: z.record(
      z.string(),
      z.strictObject({
        members: z.array(z.string()).min(1),
        labels: z.array(z.string()).min(1).nullable().default(null),
      }),
    ),
  }),
  z.strictObject({ kind: z.literal("generated"), splits: z.record(z.string(), z.strictObject({})) }),
]);

const expectation = z.strictObject({
  split: z.string(),
  size: count,
  perClass: count.nullable(),
  images: count,
  decoder: z.string(),
  resize: z.string(),
  /** SHA-256 of the decoded pixels and of the split list; see `hashes.ts`. */
  pixels: sha256,
  list: sha256,
});

const triple = z.tuple([z.number(), z.number(), z.number()]);

const schema = z.strictObject({
  $schema: z.string().optional(),
  name: fileName,
  title: z.string().min(1),
  description: z.string().min(1),
  licence: z.string().min(1),
  homepage: z.url().nullable(),
  citation: z.string().min(1),
  creators: z.array(z.string()).min(1),
  /** Year of publication. */
  published: z.string().regex(/^\d{4}$/, "must be a year"),
  /** Name of the dataset this one is taken from, and how. */
  derivedFrom: z.strictObject({ name: fileName, how: z.string() }).optional(),
  source,
  layout,
  /** Side of the images in pixels, null where it varies. */
  nativeSize: count.nullable(),
  classes: z.strictObject({ count, names: z.array(z.string()).nullable() }),
  /** Images in each split. */
  splits: z.record(z.string(), count),
  /** What the archive may contain at most; a breach stops reading at once. */
  limits: z.strictObject({ members: count, memberBytes: count, totalBytes: count, imagePixels: count }),
  /** Channel statistics for normalisation in units of 0..1, and where they come from. */
  statistics: z.strictObject({ mean: triple, std: triple, source: z.string() }).nullable(),
  expected: z.array(expectation).default([]),
}).superRefine((m, context) => {
  const issue = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
  for (const split of Object.keys(m.layout.splits)) {
    if (!(split in m.splits)) issue(["splits"], `must count the images of split "${split}"`);
  }
  for (const split of Object.keys(m.splits)) {
    if (!(split in m.layout.splits)) issue(["layout", "splits"], `must describe split "${split}"`);
  }
  if (m.classes.names && m.classes.names.length !== m.classes.count) {
    issue(["classes", "names"], `must list ${m.classes.count} names, lists ${m.classes.names.length}`);
  }
  if ((m.source.kind === "generated") !== (m.layout.kind === "generated")) {
    issue(["layout", "kind"], "must be generated exactly where the source is");
  }
});

/** A parsed manifest. */
export type Manifest = z.infer<typeof schema>;
/** Hashes and counts recorded for one way of loading. */
export type Expectation = z.infer<typeof expectation>;
/** One archive of a manifest. */
export type Archive = z.infer<typeof archive>;

/** Parses manifest text; `file` is named in errors, with the field at fault. */
export function parseManifest(text: string, file: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw failure({
      operation: "read",
      object: `dataset manifest "${file}"`,
      required: "the file must be JSON",
      found: (cause as Error).message,
      wayOut: "correct the file",
    }, cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0]!;
  throw failure({
    operation: "read",
    object: `dataset manifest "${file}"`,
    required: `every field must hold what the schema says`,
    found: `field "${first.path.join(".") || "(top)"}": ${first.message}`,
    wayOut: "correct the field",
  }, parsed.error);
}

/** Names of the manifests under `<root>/datasets`, sorted. */
export async function manifestNames(root: string = projectRoot()): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(`${root}/datasets`)) {
    if (entry.isFile && entry.name.endsWith(".json")) names.push(entry.name.slice(0, -".json".length));
  }
  return names.sort();
}

/** Reads `<root>/datasets/<name>.json`. Errors: an unknown name, a manifest that breaks the schema. */
export async function readManifest(name: string, root: string = projectRoot()): Promise<Manifest> {
  const known = await manifestNames(root);
  if (!known.includes(name)) {
    throw failure({
      operation: "find",
      object: `dataset "${name}"`,
      required: `there must be a manifest datasets/${name}.json`,
      found: "none",
      wayOut: `use one of ${known.join(", ")}`,
    });
  }
  const file = `${root}/datasets/${name}.json`;
  const manifest = parseManifest(await Deno.readTextFile(file), file);
  if (manifest.name !== name) {
    throw new AssayError(
      `Cannot read dataset manifest "${file}": field "name" must be "${name}", found "${manifest.name}"; rename one of them.`,
    );
  }
  return manifest;
}
