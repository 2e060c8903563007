/**
 * `ro-crate-metadata.json`: RO-Crate 1.3 with the Process Run Crate profile 0.5. One CreateAction per run: the program
 * as instrument; specification, datasets and claims as objects; events, checkpoints and report as results. Times are
 * those of the events.
 *
 * Sources: RO-Crate Metadata Specification 1.3; Process Run Crate 0.5 (w3id.org/ro/wfrun/process).
 */
import config from "../../../deno.json" with { type: "json" };
import { eventsOf } from "../../record/events.ts";
import type { BundleContent, BundleRun } from "./content.ts";
import { NAMES, UNLISTED } from "../../record/paths.ts";

const PROCESS = "https://w3id.org/ro/wfrun/process/0.5";
const LICENCE = "https://spdx.org/licenses/MIT";
const PROGRAM = "#assay";

type Entity = Readonly<Record<string, unknown>> & { readonly "@id": string };
const ref = (id: string) => ({ "@id": id });

export interface CrateInput {
  readonly title: string;
  readonly description: string;
  /** When the bundle was made, for a bundle without runs. ISO 8601. */
  readonly created: string;
  /** Every file except the metadata and the attestation, with size and digest. */
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly sha256: string }>;
  /** Which attestation the bundle will hold. */
  readonly attestation: string;
  readonly content: BundleContent;
}

/** The JSON-LD document. */
export function crateMetadata(input: CrateInput): Record<string, unknown> {
  const { files, content } = input;
  const actions = content.runs.length > 0
    ? content.runs.map((run) => runAction(run, files))
    : [auditAction(input)];
  const referenced = content.runs.flatMap((run) => checkpoints(run).filter((c) => !files.has(c.path)));
  const paths = [...files.keys(), input.attestation].sort();
  const times = content.runs.map((run) => run.events.at(-1)?.time ?? input.created).sort();
  const graph: Entity[] = [
    {
      "@id": NAMES.crate,
      "@type": "CreativeWork",
      conformsTo: ref("https://w3id.org/ro/crate/1.3"),
      about: ref("./"),
    },
    {
      "@id": "./",
      "@type": "Dataset",
      name: input.title,
      description: input.description,
      datePublished: times.at(-1) ?? input.created,
      license: ref(LICENCE),
      conformsTo: ref(PROCESS),
      hasPart: paths.map(ref),
      mentions: [...actions, ...referenced.map((c) => ({ "@id": `#${c.path}` }))].map((a) => ref(a["@id"])),
    },
    { "@id": PROCESS, "@type": "CreativeWork", name: "Process Run Crate", version: "0.5" },
    { "@id": LICENCE, "@type": "CreativeWork", name: "MIT License" },
    {
      "@id": PROGRAM,
      "@type": "SoftwareApplication",
      name: "Assay",
      softwareVersion: config.version,
      description:
        "Reproduces and audits self-supervised-learning papers with its own WebGPU training engine",
    },
    ...actions,
    ...paths.map((path) => fileEntity(path, files.get(path))),
    ...referenced.map((c): Entity => ({
      "@id": `#${c.path}`,
      "@type": "MediaObject",
      name: `Checkpoint ${c.path}, by reference`,
      contentSize: String(c.bytes),
      sha256: c.sha256,
      encodingFormat: "application/octet-stream",
    })),
  ];
  return {
    "@context": ["https://w3id.org/ro/crate/1.3/context", "https://w3id.org/ro/terms/workflow-run/context"],
    "@graph": graph,
  };
}

interface Checkpoint {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

function checkpoints(run: BundleRun): Checkpoint[] {
  return eventsOf(run.events, "checkpoint")
    .map((e) => ({ path: run.folder + e.file, bytes: e.bytes, sha256: e.sha256 }));
}

function runAction(run: BundleRun, files: CrateInput["files"]): Entity {
  const [start] = eventsOf(run.events, "run-start");
  const [stop] = eventsOf(run.events, "run-stop");
  const inputs = [`${run.folder}spec.json`, ...used(files)];
  const outputs = [
    `${run.folder}events.jsonl`,
    `${run.folder}environment.json`,
    ...checkpoints(run).map((c) => files.has(c.path) ? c.path : `#${c.path}`),
    ...REPORT,
  ];
  return {
    "@id": `#run-${run.folder.replace(/^runs\/|\/$/g, "")}`,
    "@type": "CreateAction",
    name: `Training of ${start?.method} with seed ${start?.seed}`,
    instrument: ref(PROGRAM),
    object: inputs.map(ref),
    result: outputs.filter((path) => path.startsWith("#") || files.has(path)).map(ref),
    ...(start && { startTime: start.time }),
    ...(stop && { endTime: stop.time }),
    actionStatus: ref(
      `http://schema.org/${stop?.status === "completed" ? "Completed" : "Failed"}ActionStatus`,
    ),
    ...(stop?.status !== "completed" && { error: `the run ended as ${stop?.status ?? "unfinished"}` }),
  };
}

function auditAction({ files, title, created }: CrateInput): Entity {
  const results = [...files.keys()].filter((path) =>
    !path.startsWith(NAMES.claims) && !path.startsWith(NAMES.datasets)
  );
  return {
    "@id": "#audit",
    "@type": "CreateAction",
    name: title,
    instrument: ref(PROGRAM),
    object: used(files).map(ref),
    result: results.map(ref),
    endTime: created,
    actionStatus: ref("http://schema.org/CompletedActionStatus"),
  };
}

const REPORT = [NAMES.run, NAMES.markdown, NAMES.html];

/** Claims and dataset manifests in the bundle. */
function used(files: CrateInput["files"]): string[] {
  return [...files.keys()].filter((path) => path.startsWith(NAMES.claims) || path.startsWith(NAMES.datasets));
}

const FORMATS: Readonly<Record<string, string>> = {
  json: "application/json",
  jsonl: "application/jsonl",
  md: "text/markdown",
  html: "text/html",
  yaml: "application/yaml",
  pem: "application/x-pem-file",
  svg: "image/svg+xml",
  png: "image/png",
};

const NAMED: Readonly<Record<string, string>> = {
  [NAMES.run]: "Measured table, claims and verdicts",
  [NAMES.markdown]: "Report",
  [NAMES.html]: "Report as a page",
  [NAMES.attestation]: "in-toto statement over every file, signed (DSSE, Ed25519)",
  [NAMES.statement]: "in-toto statement over every file, unsigned",
  [NAMES.signer]: "Public key of the signer",
};

function fileEntity(
  path: string,
  facts: { readonly bytes: number; readonly sha256: string } | undefined,
): Entity {
  const last = path.slice(path.lastIndexOf("/") + 1);
  return {
    "@id": path,
    "@type": "File",
    name: NAMED[path] ?? describe(path),
    encodingFormat: FORMATS[last.slice(last.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    ...(facts && !UNLISTED.has(path) && { contentSize: String(facts.bytes), sha256: facts.sha256 }),
  };
}

function describe(path: string): string {
  if (path.endsWith("/spec.json")) return "Specification of a run, committed before it ran";
  if (path.endsWith("/events.jsonl")) return "Events of a run";
  if (path.endsWith("/environment.json")) return "Code, kernels and machine of a run";
  if (path.startsWith(NAMES.claims)) return "Published claims the report speaks of";
  if (path.startsWith(NAMES.datasets)) {
    return path.endsWith(".croissant.json")
      ? "Croissant metadata of a dataset"
      : "Manifest and hashes of a dataset";
  }
  return path;
}
