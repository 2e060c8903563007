import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import { argument, command, constant, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { markdownTable } from "markdown-table";
import { AssayError } from "../base/error.ts";
import { recipeNames, recipeViews } from "../data/augment/recipes.ts";
import { croissantText } from "../data/croissant.ts";
import { fetchArchive } from "../data/fetch.ts";
import { load } from "../data/load.ts";
import { findSource } from "../data/locate.ts";
import { manifestNames, readManifest } from "../data/manifest.ts";
import { projectRoot } from "../base/project_root.ts";
import { contactSheet, spread } from "../data/sheet.ts";
import { record, type Variant, verify } from "../data/verify.ts";
import { writeWhole } from "../base/write_whole.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";
import { ProgressLine } from "./data_progress.ts";

/** One line for `--help`. */
export const summary = "List, fetch, verify and show datasets";

const dataset = argument(string({ metavar: "DATASET" }), { description: message`Name of a dataset.` });
const json = option("--json", { description: message`Print JSON.` });
const pixels = integer({ metavar: "PIXELS", min: 1, max: 4096 });
const counting = integer({ metavar: "N", min: 1 });
const tiles = integer({ metavar: "N", min: 1, max: 1000 }); // of one picture
const sizeOption = optional(
  option("--size", pixels, { description: message`Side of the images in pixels.` }),
);
const perClassOption = optional(
  option("--per-class", counting, {
    description: message`Only the first N images of each class in name order.`,
  }),
);

const parser = or(
  command("list", object({ action: constant("list"), json }), {
    description: message`What datasets there are and which are on this machine.`,
  }),
  command("fetch", object({ action: constant("fetch"), dataset }), {
    description: message`Download an archive into datasets/cache; goes on where an earlier try stopped.`,
  }),
  command(
    "verify",
    object({
      action: constant("verify"),
      dataset,
      split: optional(
        option("--split", string({ metavar: "SPLIT" }), { description: message`Only this split.` }),
      ),
      size: sizeOption,
      perClass: perClassOption,
      record: option("--record", { description: message`Write the measured hashes into the manifest.` }),
      json,
    }),
    { description: message`Check bytes, decoded pixels and split lists against the manifest.` },
  ),
  command(
    "show",
    object({
      action: constant("show"),
      dataset,
      split: optional(
        option("--split", string({ metavar: "SPLIT" }), { description: message`The first by default.` }),
      ),
      size: sizeOption,
      count: withDefault(option("--count", tiles, { description: message`How many images.` }), 10),
      recipe: optional(
        option("--recipe", choice(recipeNames()), {
          description: message`Show augmented views of each image.`,
        }),
      ),
      views: withDefault(option("--views", tiles, { description: message`Views of each image.` }), 8),
      seed: withDefault(option("--seed", integer({ metavar: "SEED", min: 0, max: 0xffffffff })), 0),
      epoch: withDefault(option("--epoch", integer({ metavar: "EPOCH", min: 0, max: 0xffffffff })), 0),
      out: optional(
        option("--out", string({ metavar: "FILE" }), { description: message`PNG file to write.` }),
      ),
    }),
    { description: message`Write a contact sheet of images and augmented views as PNG.` },
  ),
  command(
    "croissant",
    object({ action: constant("croissant"), datasets: multiple(dataset), write: option("--write") }),
    {
      description: message`Print Croissant 1.1 metadata, or write it beside the manifests.`,
    },
  ),
);

/** Runs `data ...`; gives the exit code. */
export async function run(args: readonly string[], root: string = projectRoot()): Promise<number> {
  const usage = {
    name: "data",
    summary,
    examples: message`./run data verify shapes, ./run data show shapes --recipe simclr --out views.png`,
  };
  const options = parseArgs(usage, parser, args.length === 0 ? ["--help"] : args);
  switch (options.action) {
    case "list":
      return await list(root, options.json);
    case "fetch":
      return await fetchDataset(options.dataset, root);
    case "verify":
      return await verifyDataset(options, root);
    case "show":
      return await show(options, root);
    case "croissant":
      return await writeCroissant(options.datasets, options.write, root);
  }
}

async function list(root: string, asJson: boolean): Promise<number> {
  const rows: { name: string; images: number; classes: number; size: number | null; state: string }[] = [];
  for (const name of await manifestNames(root)) {
    const m = await readManifest(name, root);
    const found = await findSource(m, root);
    const state = m.source.kind === "generated"
      ? "generated, nothing to download"
      : found?.path ?? (m.source.kind === "archive" && m.source.archive.url !== null
        ? "not here, can be fetched"
        : "not here");
    const images = Object.values(m.splits).reduce((a, b) => a + b, 0);
    rows.push({ name, images, classes: m.classes.count, size: m.nativeSize, state });
  }
  if (asJson) console.log(JSON.stringify(rows, null, 2));
  else {
    const cells = rows.map((
      r,
    ) => [r.name, `${r.images}`, `${r.classes}`, r.size === null ? "any" : `${r.size}`, r.state]);
    console.log(markdownTable([["dataset", "images", "classes", "pixels", "where"], ...cells]));
  }
  return exitCodes.ok;
}

async function fetchDataset(name: string, root: string): Promise<number> {
  const manifest = await readManifest(name, root);
  const line = new ProgressLine(`fetch ${name}`);
  try {
    const done = await fetchArchive(manifest, {
      root,
      progress: ({ bytes, total, resumedAt }) => line.bytes(bytes, total, resumedAt),
    });
    line.end();
    console.log(`${done.state}: ${done.path}, ${done.bytes} bytes, SHA-256 ${done.sha256}`);
  } finally {
    line.end();
  }
  return exitCodes.ok;
}

interface VerifyOptions {
  readonly dataset: string;
  readonly split: string | undefined;
  readonly size: number | undefined;
  readonly perClass: number | undefined;
  readonly record: boolean;
  readonly json: boolean;
}

async function verifyDataset(options: VerifyOptions, root: string): Promise<number> {
  const { dataset: name, split, size, perClass } = options;
  const manifest = await readManifest(name, root);
  const chosen = split !== undefined || size !== undefined || perClass !== undefined;
  const variants: Variant[] | undefined = chosen
    ? (split === undefined ? Object.keys(manifest.splits) : [split]).map((s) => ({
      split: s,
      ...(size === undefined ? {} : { size }),
      ...(perClass === undefined ? {} : { perClass }),
    }))
    : undefined;
  const line = new ProgressLine(`verify ${name}`);
  const { checks, loaded } = await verify(name, {
    root,
    ...(variants ? { variants } : {}),
    progress: (what) => line.text(what),
  }).finally(() => line.end());
  if (options.record) await record(name, loaded, root);
  if (options.json) console.log(JSON.stringify(checks, null, 2));
  else {
    const cells = checks.map((
      c,
    ) => [c.verdict, c.what, c.of, c.measured, c.verdict === "MISMATCH" ? c.expected! : ""]);
    console.log(markdownTable([["verdict", "what", "of", "measured", "expected"], ...cells]));
  }
  const wrong = checks.filter((c) => c.verdict === "MISMATCH").length;
  if (wrong > 0 && !options.record) {
    throw new AssayError(
      `Cannot verify dataset "${name}": all ${checks.length} checks must match, found ${wrong} that do not; the table names them.`,
    );
  }
  return exitCodes.ok;
}

interface ShowOptions {
  readonly dataset: string;
  readonly split: string | undefined;
  readonly size: number | undefined;
  readonly count: number;
  readonly recipe: string | undefined;
  readonly views: number;
  readonly seed: number;
  readonly epoch: number;
  readonly out: string | undefined;
}

async function show(options: ShowOptions, root: string): Promise<number> {
  const { dataset: name, count, seed, epoch } = options;
  const manifest = await readManifest(name, root);
  const split = options.split ?? Object.keys(manifest.splits)[0]!;
  const size = options.size ?? manifest.nativeSize ?? 64;
  // The first images of each class are enough; loading a whole split of ImageNet for ten pictures is not needed.
  const { layout, classes: { count: classes } } = manifest;
  const unlabelled = layout.kind === "records" && layout.labelAt === null && !layout.splits[split]?.labels;
  const perClass = unlabelled ? {} : {
    perClass: Math.max(
      1,
      Math.min(Math.ceil(count / classes), Math.floor((manifest.splits[split] ?? 0) / classes)),
    ),
  };
  const line = new ProgressLine(`show ${name}`);
  const data = await load(name, {
    split,
    size,
    ...perClass,
    root,
    progress: (done, total) => line.count(done, total),
  })
    .finally(() => line.end());
  const views = options.recipe === undefined
    ? []
    : recipeViews(options.recipe, options.views, manifest.statistics ?? undefined);
  const zoom = Math.max(1, Math.floor(96 / size));
  const png = contactSheet(data, { rows: spread(data, count), views, seed, epoch, zoom });
  const out = userPath(options.out ?? `${name}-${split}.png`);
  await writeWhole(out, png);
  console.log(
    `${out}: ${Math.min(count, data.names.length)} images${
      views.length ? `, ${views.length} views each` : ""
    }`,
  );
  return exitCodes.ok;
}

async function writeCroissant(datasets: readonly string[], write: boolean, root: string): Promise<number> {
  for (const name of datasets.length > 0 ? datasets : await manifestNames(root)) {
    const text = croissantText(await readManifest(name, root));
    if (!write) console.log(text);
    else {
      await Deno.mkdir(`${root}/datasets/croissant`, { recursive: true });
      await Deno.writeTextFile(`${root}/datasets/croissant/${name}.json`, text);
    }
  }
  return exitCodes.ok;
}
