import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import config from "../../deno.json" with { type: "json" };
import { failure } from "../base/error.ts";
import { auditFiles } from "../evidence/bundle/audit_report.ts";
import { readSigningKey } from "../evidence/bundle/keys.ts";
import { writeBundle } from "../evidence/bundle/write.ts";
import { type Corpus, loadCorpus } from "../claims/corpus.ts";
import { type Audit, auditSource, findAll, ruleTitles } from "../claims/audit.ts";
import type { Finding } from "../claims/rules/finding.ts";
import {
  auditData,
  countSeverities,
  renderAudit,
  renderFindings,
  type Style,
} from "../claims/rules/render.ts";
import { toSarif } from "../report/sarif.ts";
import { table } from "../base/text.ts";
import { writeWhole } from "../base/write_whole.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";
import { nearest } from "../base/nearest.ts";

export const summary = "Contradictions inside and between published results, without training or a GPU";

const options = object({
  source: argument(string({ metavar: "SOURCE" }), {
    description:
      message`A paper or library of claims/, such as compress or moco; all for every one; or a bundle.`,
  }),
  full: option("--full", { description: message`Show every line of the arithmetic.` }),
  json: option("--json", { description: message`Print JSON.` }),
  sarif: optional(
    option("--sarif", string({ metavar: "FILE" }), {
      description: message`Write SARIF 2.1.0 for code scanning; - prints it instead of the report.`,
    }),
  ),
  bundle: optional(
    option("--bundle", string({ metavar: "PATH" }), {
      description: message`Write a bundle of this audit: a new folder, or a file ending in .zip.`,
    }),
  ),
  key: optional(
    option("--key", string({ metavar: "FILE" }), {
      description: message`Sign the bundle with this key; without one it is unsigned and says so.`,
    }),
  ),
  failOn: withDefault(
    option("--fail-on", choice(["error", "warning", "never"]), {
      description: message`Exit with 1 when a finding is at least this severe.`,
    }),
    "never" as const,
  ),
});

/** Audits published claims. Reads the corpus beside the program; writes only what `--sarif` names. */
export async function run(args: readonly string[]): Promise<number> {
  const { source, full, json, sarif, failOn, bundle, key } = parseArgs(
    {
      name: "audit",
      summary,
      examples: message`./run audit all --sarif findings.sarif --fail-on error`,
    },
    options,
    args,
  );
  const corpus = await loadCorpus(new URL("../../claims/", import.meta.url));
  if (!corpus.sources.some((s) => s.id === source) && await isPath(source)) {
    const { verifyAndPrint } = await import("./verify.ts");
    return await verifyAndPrint({ bundle: source, json });
  }
  const audits = chosen(corpus, source);
  if (bundle !== undefined) {
    if (source === "all") {
      console.error("--bundle takes the audit of one source: name it instead of all.");
      return exitCodes.usage;
    }
    await writeAuditBundle(corpus, source, userPath(bundle), key === undefined ? undefined : userPath(key));
  }
  const findings = [...new Set(audits.flatMap((a) => a.findings))];
  if (sarif === "-") {
    console.log(sarifText(findings));
    return failing(findings, failOn) ? exitCodes.failure : exitCodes.ok;
  }
  if (sarif !== undefined) await writeSarif(userPath(sarif), findings);
  if (json) {
    console.log(JSON.stringify(source === "all" ? audits.map(auditData) : auditData(audits[0]!), null, 2));
  } else {
    const style: Style = {
      width: Math.max(60, Math.min(columns(), 120)),
      colour: Deno.stdout.isTerminal() && !Deno.noColor,
      arithmeticLines: full ? Infinity : 8,
    };
    console.log(source === "all" ? renderAll(audits, findings, style) : renderAudit(audits[0]!, style));
  }
  return failing(findings, failOn) ? exitCodes.failure : exitCodes.ok;
}

/** Writes the audit of one source with the claims it was made from. */
async function writeAuditBundle(corpus: Corpus, source: string, target: string, key?: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "assay-audit-" });
  const claims = [...corpus.sources.map((s) => s.id), "datasets"];
  try {
    for (const [path, text] of auditFiles(corpus, source)) {
      await Deno.writeTextFile(`${folder}/${path}`, text);
    }
    // Beside the report, where the bundle's own check makes it again from them.
    await Deno.mkdir(`${folder}/claims`);
    for (const name of claims) {
      const text = await Deno.readTextFile(new URL(`../../claims/${name}.yaml`, import.meta.url));
      await Deno.writeTextFile(`${folder}/claims/${name}.yaml`, text);
    }
    const written = await writeBundle({
      source: folder,
      target,
      title: `Audit of ${source}`,
      description:
        "Contradictions inside and between published results, recomputed from the claims in this bundle.",
      claims,
      ...(key !== undefined && { key: await readSigningKey(key) }),
    });
    const signed = written.signer === undefined ? "unsigned" : `signed by ${written.signer}`;
    console.error(`Bundle: ${written.path}, ${written.files} files, ${signed}, content ${written.content}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether the argument means a bundle: it is spelled as a path, or something of that name is there. */
async function isPath(source: string): Promise<boolean> {
  if (/[/\\]|\.zip$/.test(source)) return true;
  return source !== "all" && await Deno.lstat(userPath(source)).then(() => true, () => false);
}

/** The audits that the argument names. Throws an AssayError for an unknown source, naming the nearest. */
export function chosen(corpus: Corpus, source: string): readonly Audit[] {
  const findings = findAll(corpus);
  const sources = source === "all" ? corpus.sources : corpus.sources.filter((s) => s.id === source);
  if (sources.length > 0) return sources.map((s) => auditSource(corpus, s, findings));
  const ids = corpus.sources.map((s) => s.id);
  const near = nearest(source, ids);
  throw failure({
    operation: "audit",
    object: `"${source}"`,
    required: `a source of claims/ (${ids.join(", ")}) or all`,
    found: "no such source",
    wayOut: near === undefined ? "use one of the names above" : `did you mean "${near}"`,
  });
}

/** Whether `--fail-on` asks for a failing exit. */
export function failing(findings: readonly Finding[], failOn: "error" | "warning" | "never"): boolean {
  return findings.some((f) => f.severity === "error" ? failOn !== "never" : f.severity === failOn);
}

function renderAll(audits: readonly Audit[], findings: readonly Finding[], style: Style): string {
  const count = (a: Audit, severity: string) =>
    String(a.findings.filter((f) => f.severity === severity).length);
  const rows = audits.map((a) => [
    a.source.id,
    String(a.source.claims.length),
    String(a.source.statements.length),
    count(a, "error"),
    count(a, "warning"),
    count(a, "note"),
    String(a.doubts.length),
  ]);
  return [
    table([["source", "claims", "statements", "errors", "warnings", "notes", "doubts"], ...rows], "lrrrrrr"),
    "",
    `Together ${countSeverities(findings)}; a finding between two sources counts in both rows.`,
    "",
    renderFindings(findings, style),
  ].join("\n").trimEnd();
}

function columns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 100; // not a terminal
  }
}

function sarifText(findings: readonly Finding[]): string {
  return JSON.stringify(toSarif(findings, ruleTitles, config.version), null, 2);
}

async function writeSarif(path: string, findings: readonly Finding[]): Promise<void> {
  await writeWhole(path, new TextEncoder().encode(`${sarifText(findings)}\n`));
}
