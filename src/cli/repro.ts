import { dirname } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { AssayError } from "../base/error.ts";
import {
  experimentIds,
  findExperiment,
  loadExperiment,
  loadTableFile,
  shortName,
} from "../repro/experiment_files.ts";
import { CHOICES, type Experiment } from "../repro/experiment.ts";
import { type TableResult } from "../report/result.ts";
import { type Scale, SCALES } from "../base/scales.ts";
import { documentOf, type Section } from "../report/document.ts";
import { interfaceJson } from "../report/report.ts";
import { reproduce } from "../repro/reproduce.ts";
import { type Estimate, estimateOf, RATES, timeOf } from "../repro/table/estimate.ts";
import { bytes, table } from "../base/text.ts";
import { hooks } from "../evidence/bundle/hooks.ts";
import { readSigningKey } from "../evidence/bundle/keys.ts";
import { refuseExisting, writeBundle } from "../evidence/bundle/write.ts";
import { byteSize } from "./byte_size.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";
import { nearest } from "../base/nearest.ts";

export const summary = "Run a paper's table and set it beside what was published, with a verdict per claim";

const options = object({
  table: optional(argument(string({ metavar: "TABLE" }), {
    description:
      message`Table, such as table6 or sdiet/table6, or a table file of your own such as ./mine.ts; list shows every table with its scales and costs.`,
  })),
  scale: withDefault(
    option("--scale", choice(SCALES, { metavar: "SCALE" }), {
      description:
        message`smoke: minutes on a software adapter. mini: one to two hours on two CPU cores. gpu: under half an hour on one modern GPU. paper: the published configuration.`,
    }),
    "smoke" as Scale,
  ),
  dataset: optional(option("--dataset", string({ metavar: "D" }), {
    description: message`Dataset by name (see ./run data list). Each table has its own default.`,
  })),
  rows: optional(option("--rows", string({ metavar: "A,B" }), {
    description: message`Only these rows of the table, by id, with commas between them.`,
  })),
  methods: optional(option("--methods", string({ metavar: "A,B" }), {
    description: message`Only rows of these methods, with commas between them.`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "0,1,2" }), {
    description: message`Seeds, one run of each method a seed.`,
  })),
  epochs: optional(option("--epochs", integer({ metavar: "N", min: 1 }), {
    description: message`Train this long instead of the scale's own number of epochs.`,
  })),
  out: optional(option("--out", string({ metavar: "DIR" }), {
    description:
      message`Folder for runs and report. Default runs/TABLE-SCALE; below runs/, what another table has run is not run again.`,
  })),
  memoryLimit: optional(option("--memory-limit", byteSize(), {
    description:
      message`Most bytes to allocate on the adapter, such as 12GiB; a run that needs more is refused.`,
  })),
  bundle: optional(option("--bundle", string({ metavar: "PATH" }), {
    description:
      message`Also write a bundle that ./run verify checks offline: a new folder, or a file ending in .zip.`,
  })),
  checkpoints: option("--checkpoints", {
    description: message`Put checkpoints into the bundle, so that intervals can be run again from it.`,
  }),
  key: optional(option("--key", string({ metavar: "FILE" }), {
    description:
      message`Sign the bundle with this key (see ./run keys); without one it is unsigned and says so.`,
  })),
  resume: option("--resume", { description: message`Go on with the runs found in the folder.` }),
  strict: option("--strict", {
    description: message`Exit with 1 when a verdict is BELOW, EXCEEDS or TAMPERED, or a check fails.`,
  }),
  json: option("--json", { description: message`Print JSON alone on standard output.` }),
});

const STRICT: ReadonlySet<string> = new Set(["BELOW", "EXCEEDS", "TAMPERED"]);

export async function run(args: readonly string[]): Promise<number> {
  const chosen = parseArgs(
    {
      name: "repro",
      summary,
      examples:
        message`./run repro table6 plans and measures memory in a minute or two, nothing to download. The report is in runs/table6-smoke: report.html, report.md, run.json. Exit status: 0 the table was made, whatever the verdicts; 1 a stated failure (or, with --strict, a claim or check that failed); 2 wrong usage.`,
    },
    options,
    args,
  );
  const ids = experimentIds();
  if (chosen.table === undefined) {
    console.log(await listing(ids));
    return exitCodes.ok;
  }
  if (chosen.table === "list") {
    console.log(await costs(ids, chosen.json));
    return exitCodes.ok;
  }
  const own = chosen.table.endsWith(".ts") ? await loadTableFile(userPath(chosen.table)) : undefined;
  const id = own?.id ?? findExperiment(chosen.table, ids);
  if (id === undefined) {
    const names = ids.flatMap((known) => [shortName(known, ids), known]);
    const guess = nearest(chosen.table, names);
    console.error(
      `There is no table "${chosen.table}".${guess === undefined ? "" : ` Did you mean "${guess}"?`}`,
    );
    console.error(await listing(ids));
    return exitCodes.usage;
  }
  if (chosen.key !== undefined && chosen.bundle === undefined) {
    console.error("--key signs a bundle: give --bundle as well.");
    return exitCodes.usage;
  }
  const experiment = own ?? await loadExperiment(id);
  const idle = unused(experiment, chosen);
  if (idle !== undefined) {
    console.error(idle);
    return exitCodes.usage;
  }
  const name = (own ? id : shortName(id, ids)).replaceAll("/", "-");
  const out = userPath(chosen.out ?? `runs/${name}-${chosen.scale}`);
  // What would refuse the bundle is found out before hours of training, not after them.
  const key = chosen.key === undefined ? undefined : await readSigningKey(userPath(chosen.key));
  const target = chosen.bundle === undefined ? undefined : userPath(chosen.bundle);
  if (target !== undefined) {
    await refuseExisting(target);
    await Deno.mkdir(dirname(target), { recursive: true });
  }
  const result = await reproduce(experiment, {
    scale: chosen.scale,
    dataset: chosen.dataset,
    rows: list(chosen.rows),
    methods: list(chosen.methods),
    seeds: seedsOf(chosen.seeds),
    epochs: chosen.epochs,
    out,
    resume: chosen.resume,
    ...(chosen.memoryLimit !== undefined && { adapter: { memoryLimit: chosen.memoryLimit } }),
    say: (line) => console.error(line),
  });
  console.log(
    chosen.json
      ? JSON.stringify(interfaceJson(result), null, 2)
      : `${readable(result)}\nReport: ${out}/report.html`,
  );
  if (target !== undefined) {
    const written = await writeBundle({
      source: out,
      target,
      title: experiment.title,
      description: experiment.summary,
      claims: [id.split("/")[0]!],
      checkpoints: chosen.checkpoints,
      ...(hooks.regenerate && { regenerate: hooks.regenerate }),
      ...(key && { key }),
    });
    const signed = written.signer === undefined ? "unsigned" : `signed by ${written.signer}`;
    console.error(`Bundle: ${written.path}, ${written.files} files, ${signed}, content ${written.content}`);
  }
  const failed = result.claims.some((claim) => STRICT.has(claim.verdict)) ||
    result.checks.some((check) => check.outcome === "fails");
  return chosen.strict && failed ? exitCodes.failure : exitCodes.ok;
}

/** The refusal of an option that would change nothing, or undefined: silently ignored options mislead. */
function unused(
  { id, takes, needsAdapter }: Experiment,
  chosen: Readonly<Partial<Record<typeof CHOICES[number] | "memoryLimit", unknown>>>,
): string | undefined {
  const idle = CHOICES.filter((name) => chosen[name] !== undefined && !takes.includes(name))
    .map((name) => `--${name}`);
  if (!needsAdapter && chosen.memoryLimit !== undefined) idle.push("--memory-limit");
  if (idle.length === 0) return undefined;
  const own = takes.map((name) => `--${name}`);
  return `Cannot reproduce ${id} with ${idle.join(" and ")}: ${
    own.length > 0
      ? `of the choices it takes ${own.join(", ")}`
      : "it computes exact checks, which have no such choice"
  }; leave ${idle.join(" and ")} out.`;
}

/** Every table with its summary. */
async function listing(ids: readonly string[]): Promise<string> {
  const rows: string[][] = [];
  for (const id of ids) rows.push([shortName(id, ids), id, (await loadExperiment(id)).summary]);
  return ["The tables are:", "", table([["name", "file", "what it shows"], ...rows], "lll")].join("\n");
}

/** Every table with its scales: cells, runs, operations, and the time they take at stated rates. */
async function costs(ids: readonly string[], json: boolean): Promise<string> {
  const found: ({ readonly table: string; readonly scale: string } & Partial<Estimate>)[] = [];
  for (const id of ids) {
    const { table: value } = await loadExperiment(id);
    if (!value) found.push({ table: id, scale: "exact" });
    for (const scale of SCALES.filter((s) => value?.scales[s])) {
      found.push({ table: id, scale, ...await estimateOf(value!, scale) });
    }
  }
  if (json) return JSON.stringify(found, null, 2);
  const [slow, fast] = Object.entries(RATES);
  const head = ["table", "scale", "cells", "runs", "training, TFLOP", slow![0], fast![0], "largest step"];
  const rows = found.map(({ table: id, scale, cells, runs, flops, peakBytes }) => [
    ...[shortName(id, ids), scale],
    ...(flops === undefined ? Array<string>(6).fill("") : [
      ...[`${cells}`, `${runs}`, (flops / 1e12).toFixed(flops < 1e13 ? 2 : 0)],
      ...[timeOf(flops, slow![1]), timeOf(flops, fast![1]), bytes(peakBytes!)],
    ]),
  ]);
  return [
    table([head, ...rows], "llrrrrrr"),
    "",
    "Times are operations over a rate (" +
    Object.entries(RATES).map(([what, rate]) => `${what}: ${rate / 1e9} GFLOP/s`).join(", ") +
    "), without evaluations; the rate of two CPU cores was measured, that of a GPU is assumed. Exact checks train nothing.",
  ].join("\n");
}

function list(text: string | undefined): string[] | undefined {
  return text?.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

function seedsOf(text: string | undefined): number[] | undefined {
  const parts = list(text);
  if (!parts) return undefined;
  const seeds = parts.map(Number);
  const sound = parts.every((part) => /^\d+$/.test(part)) && seeds.every((seed) => seed <= 0xffffffff);
  if (!sound || seeds.length === 0 || new Set(seeds).size !== seeds.length) {
    throw new AssayError(
      `Cannot use --seeds "${text}": they must be different whole numbers from 0 to 4294967295 with commas between them, such as 0,1,2.`,
    );
  }
  return seeds;
}

function readable(result: TableResult): string {
  const doc = documentOf(result);
  const section = (s: Section): string[] => [
    s.heading,
    ...s.paragraphs,
    ...(s.table ? [table([s.table.head, ...s.table.rows], s.table.align)] : []),
    "",
  ];
  const list = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [heading, ...lines.map((line) => `- ${line}`), ""];
  const { claims, checks } = doc;
  return [
    doc.title,
    ...doc.headline,
    doc.lead,
    "",
    ...doc.sections.flatMap(section),
    ...(doc.times ? section(doc.times) : []),
    ...(claims.lines.length === 0 ? [] : [claims.heading, ...claims.paragraphs]),
    ...claims.lines.map((c) => `  ${c.verdict.padEnd(14)} ${c.id}: ${c.inequality || c.statement}`),
    ...(claims.lines.length === 0 ? [] : [""]),
    ...(checks.lines.length === 0 ? [] : [checks.heading, ...checks.paragraphs]),
    ...checks.lines.map((c) => `  ${c.outcome.padEnd(14)} ${c.id}: ${c.inequality || c.question}`),
    ...(checks.lines.length === 0 ? [] : [""]),
    ...list("Protocol", doc.protocol),
    ...list("Notes", doc.notes),
  ].join("\n");
}
