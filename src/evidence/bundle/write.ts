/**
 * Writes a bundle from what `repro` or `audit` left in a folder: the report and its data, every run's specification,
 * events and environment, the claims and dataset manifests they refer to, RO-Crate metadata and an in-toto statement.
 * Checkpoints are by reference (path and digest, from the events) unless asked for.
 */
import { dirname, join } from "node:path";
import { projectRoot } from "../../base/project_root.ts";
import { AssayError, failure } from "../../base/error.ts";
import { describeCode } from "../../record/environment.ts";
import { checkEvents } from "../../record/event_rules.ts";
import { eventsOf } from "../../record/events.ts";
import { checkReport, type Regenerate } from "./check_report.ts";
import { type BundleContent, readContent } from "./content.ts";
import { runFolders } from "../../record/files.ts";
import { crateMetadata } from "./crate.ts";
import { sign } from "./dsse.ts";
import { type BundleFiles, folderFiles, memoryFiles } from "../../record/files.ts";
import type { SigningKey } from "./keys.ts";
import { NAMES } from "../../record/paths.ts";
import { type CodeId, encodeStatement, makeStatement } from "./statement.ts";
import { writeZip } from "../../record/zip.ts";

export interface WriteOptions {
  /** Folder that `repro` or `audit` wrote. */
  readonly source: string;
  /** Folder to make, or a file that ends in `.zip`. Must not exist. */
  readonly target: string;
  readonly title: string;
  readonly description: string;
  /** Sources of claims/ that the report refers to, such as `sdiet`. */
  readonly claims?: readonly string[];
  /** Put the checkpoints into the bundle, so that it can be replayed without the original folder. */
  readonly checkpoints?: boolean;
  /** Without one the bundle is unsigned and says so. */
  readonly key?: SigningKey;
  /** Project that holds claims/ and datasets/. */
  readonly root?: string;
  readonly now?: () => Date;
  /** Makes the report again, to refuse one that this program would not have made. See `hooks`. */
  readonly regenerate?: Regenerate;
  /** The program that made the report; this one by default. */
  readonly code?: CodeId;
}

export interface WrittenBundle {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  /** Digest of what the bundle says, apart from times; see `contentDigest`. */
  readonly content: string;
  /** Fingerprint of the key, or undefined: unsigned. */
  readonly signer: string | undefined;
}

/** Report files at the top of the source folder. */
const REPORT = /\.(json|md|html|sarif|csv|svg)$/;
const RUN = ["spec.json", "events.jsonl", "environment.json"];
const OWN: ReadonlySet<string> = new Set([NAMES.crate, NAMES.attestation, NAMES.statement, NAMES.signer]);

/** Writes the bundle. Throws when the target exists or a run has no end or breaks a rule of events. */
export async function writeBundle(options: WriteOptions): Promise<WrittenBundle> {
  const { source, target, key } = options;
  await refuseExisting(target);
  const found = await folderFiles(source);
  const { content, lines } = await readContent(found);
  if (lines.length > 0) throw refuseSource(source, `${lines[0]!.place}: ${lines[0]!.message}`);
  for (const run of content.runs) {
    const [breach] = checkEvents(run.events);
    if (breach) {
      throw refuseSource(
        source,
        `${run.folder}events.jsonl:${(breach.index ?? run.events.length) + 1}: ${breach.message}`,
      );
    }
  }
  const code = options.code ?? await describeCode();
  const report = await checkReport(found, content, options.regenerate, { made: code, here: code });
  const stale = report.find((line) => line.status === "TAMPERED");
  if (stale) {
    throw failure({
      operation: "bundle",
      object: `"${source}"`,
      required: "its report must be the one that this program makes of its runs",
      found: `${stale.place}: ${stale.message}`,
      wayOut: "other code made it, or it was edited; make it again with ./run repro and --resume",
    });
  }
  const files = await collect(options, found, content);
  if (key) files.set(NAMES.signer, new TextEncoder().encode(key.public.pem));
  const attestation = key ? NAMES.attestation : NAMES.statement;
  return target.endsWith(".zip")
    ? await writeAsZip(options, files, content, attestation)
    : await writeAsFolder(options, files, content, attestation);
}

/** Bytes of a file, or where they lie. */
type Part = Uint8Array | { readonly from: string };

async function collect(
  { source, claims = [], checkpoints = false, root = projectRoot() }: WriteOptions,
  found: BundleFiles,
  content: BundleContent,
): Promise<Map<string, Part>> {
  const files = new Map<string, Part>();
  const take = (path: string) => files.set(path, { from: join(source, path) });
  for (const path of found.sizes.keys()) {
    const top = !path.includes("/") && REPORT.test(path) && !OWN.has(path);
    if (top || path.startsWith(NAMES.plots)) take(path);
  }
  for (const folder of runFolders(found.sizes.keys())) {
    RUN.map((name) => folder + name).filter((path) => found.sizes.has(path)).forEach(take);
  }
  const datasets = new Set<string>();
  for (const run of content.runs) {
    for (const start of eventsOf(run.events, "run-start")) {
      Object.values(start.data).forEach((d) => datasets.add(d.name));
    }
    if (!checkpoints) continue;
    for (const { file } of eventsOf(run.events, "checkpoint")) {
      if (!found.sizes.has(run.folder + file)) {
        throw refuseSource(source, `no ${run.folder}${file}, which its events name`);
      }
      take(run.folder + file);
    }
  }
  for (const name of claims) await takeFrom(files, root, `claims/${name}.yaml`, true);
  for (const name of datasets) {
    await takeFrom(files, root, `datasets/${name}.json`, false);
    await takeFrom(files, root, `datasets/croissant/${name}.json`, false);
  }
  return files;
}

/** A file of the project; data that has no manifest here is known by its hashes in the events alone. */
async function takeFrom(
  files: Map<string, Part>,
  root: string,
  path: string,
  required: boolean,
): Promise<void> {
  try {
    files.set(path, await Deno.readFile(join(root, path)));
  } catch (cause) {
    if (!required && cause instanceof Deno.errors.NotFound) return;
    throw failure({
      operation: "bundle",
      object: `"${path}"`,
      required: "it must exist",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "name a source of claims/",
    }, cause);
  }
}

/** Adds metadata and statement to files that are in place; `add` stores one more. */
async function complete(
  options: WriteOptions,
  content: BundleContent,
  attestation: string,
  view: () => Promise<BundleFiles>,
  add: (path: string, bytes: Uint8Array) => Promise<void> | void,
): Promise<string> {
  const before = await view();
  const facts = new Map<string, { bytes: number; sha256: string }>();
  for (const [path, bytes] of before.sizes) facts.set(path, { bytes, sha256: await before.hash(path) });
  const crate = crateMetadata({
    title: options.title,
    description: options.description,
    created: (options.now ?? (() => new Date()))().toISOString(),
    files: facts,
    attestation,
    content,
  });
  await add(NAMES.crate, new TextEncoder().encode(`${JSON.stringify(crate, null, 2)}\n`));
  const files = await view();
  const statement = await makeStatement(
    files,
    (await readContent(files)).content,
    options.code ?? await describeCode(),
  );
  const bytes = encodeStatement(statement);
  await add(attestation, options.key ? new TextEncoder().encode(await sign(bytes, options.key)) : bytes);
  return statement.predicate.assay.content;
}

async function writeAsZip(
  options: WriteOptions,
  parts: ReadonlyMap<string, Part>,
  content: BundleContent,
  attestation: string,
): Promise<WrittenBundle> {
  const { target, key } = options;
  const files = new Map<string, Uint8Array>();
  for (const [path, part] of parts) {
    files.set(path, part instanceof Uint8Array ? part : await Deno.readFile(part.from));
  }
  const view = () => Promise.resolve(memoryFiles(target, files));
  const digest = await complete(
    options,
    content,
    attestation,
    view,
    (path, bytes) => void files.set(path, bytes),
  );
  const bytes = writeZip(files);
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.writeFile(`${target}.partial`, bytes);
  await Deno.rename(`${target}.partial`, target);
  return {
    path: target,
    files: files.size,
    bytes: bytes.length,
    content: digest,
    signer: key?.public.fingerprint,
  };
}

async function writeAsFolder(
  options: WriteOptions,
  parts: ReadonlyMap<string, Part>,
  content: BundleContent,
  attestation: string,
): Promise<WrittenBundle> {
  const { target, key } = options;
  const partial = `${target}.partial`;
  await refuseExisting(partial);
  const place = async (path: string): Promise<string> => {
    await Deno.mkdir(dirname(join(partial, path)), { recursive: true });
    return join(partial, path);
  };
  try {
    for (const [path, part] of parts) {
      if (part instanceof Uint8Array) await Deno.writeFile(await place(path), part);
      else await Deno.copyFile(part.from, await place(path));
    }
    const digest = await complete(
      options,
      content,
      attestation,
      () => folderFiles(partial),
      async (path, bytes) => {
        await Deno.writeFile(await place(path), bytes);
      },
    );
    const { sizes } = await folderFiles(partial);
    await Deno.rename(partial, target);
    const bytes = [...sizes.values()].reduce((a, b) => a + b, 0);
    return { path: target, files: sizes.size, bytes, content: digest, signer: key?.public.fingerprint };
  } catch (error) {
    await Deno.remove(partial, { recursive: true }).catch(() => {}); // it may never have been made
    throw error;
  }
}

/** Throws when something is at a bundle's place already; nothing is ever overwritten. */
export async function refuseExisting(target: string): Promise<void> {
  if (await Deno.lstat(target).then(() => true, () => false)) {
    throw failure({
      operation: "write",
      object: `bundle "${target}"`,
      required: "nothing may be there yet",
      found: "a file or folder",
      wayOut: "remove it or choose another name",
    });
  }
}

function refuseSource(source: string, found: string): AssayError {
  return failure({
    operation: "bundle",
    object: `"${source}"`,
    required: "its runs must be whole and end with run-stop",
    found,
    wayOut: "finish them with --resume, or leave that run out",
  });
}
