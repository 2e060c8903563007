/** An audit as text for a terminal, and as plain data for JSON. */
import type { Claim } from "../claim.ts";
import { formatLocation } from "../positions.ts";
import type { Audit } from "../audit.ts";
import { type Finding, severities, type Severity } from "./finding.ts";

export interface Style {
  /** Characters in a line. */
  readonly width: number;
  readonly colour: boolean;
  /** Lines of arithmetic shown for one finding; the rest is counted. */
  readonly arithmeticLines: number;
}

const headings: Readonly<Record<Severity, string>> = {
  error: "Contradictions: the published words and numbers exclude each other",
  warning: "Not carried: the published numbers do not support the words, or one another",
  note: "To know before using the numbers",
};

const colours: Readonly<Record<Severity | "bold" | "dim", string>> = {
  error: "31",
  warning: "33",
  note: "36",
  bold: "1",
  dim: "2",
};

function paint(style: Style, colour: keyof typeof colours, text: string): string {
  return style.colour ? `\x1b[${colours[colour]}m${text}\x1b[0m` : text;
}

/** Breaks a text at spaces; every line starts with `indent`. Words longer than a line stay whole. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((l) => indent + l).join("\n");
}

function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

/** `2 errors, 5 warnings, 1 note` */
export function countSeverities(findings: readonly Finding[]): string {
  return severities.map((s) => plural(findings.filter((f) => f.severity === s).length, s)).join(", ");
}

function renderFinding(f: Finding, number: number, style: Style): string {
  const indent = "     ";
  const shown = f.arithmetic.slice(0, style.arithmeticLines);
  const rest = f.arithmetic.length - shown.length;
  return [
    `${String(number).padStart(3)}. ${paint(style, f.severity, f.severity)} ${
      paint(style, "bold", f.rule)
    }  ${paint(style, "dim", formatLocation(f.at))}`,
    wrap(f.message, style.width, indent),
    ...shown.map((a) => wrap(a, style.width, `${indent}  `)),
    ...(rest > 0 ? [`${indent}  ... and ${plural(rest, "line")} more (--full shows all)`] : []),
  ].join("\n");
}

/** Findings grouped by severity, numbered through. */
export function renderFindings(findings: readonly Finding[], style: Style): string {
  let number = 0;
  return severities.flatMap((severity) => {
    const group = findings.filter((f) => f.severity === severity);
    if (group.length === 0) return [];
    return [
      paint(style, "bold", `${headings[severity]} (${group.length})`),
      "",
      ...group.map((f) => renderFinding(f, ++number, style) + "\n"),
    ];
  }).join("\n");
}

/** The report on one source. */
export function renderAudit(audit: Audit, style: Style): string {
  const { source, findings, doubts } = audit;
  const pinned = source.references.map((r) =>
    `  ${r.id}: ${r.where} at ${r.revision} (${r.certainty.replaceAll("-", " ")})`
  );
  return [
    paint(style, "bold", source.title),
    `${plural(source.claims.length, "claim")} and ${
      plural(source.statements.length, "statement")
    } in ${source.file}, read from`,
    ...pinned,
    "",
    findings.length === 0 ? "No finding." : `Findings: ${countSeverities(findings)}.`,
    "",
    renderFindings(findings, style),
    ...(doubts.length === 0 ? [] : [
      paint(style, "bold", `Doubts that need a run (${doubts.length})`),
      "",
      ...doubts.map((d) =>
        [
          wrap(`${d.id.padEnd(4)} ${d.doubt}`, style.width, " "),
          wrap(`run: ${d.experiment}`, style.width, "      "),
          wrap(`expected: ${d.expected}`, style.width, "      "),
        ].join("\n")
      ),
    ]),
  ].join("\n").trimEnd();
}

const claimData = (c: Claim) => ({
  id: c.id,
  value: c.value,
  decimals: c.decimals,
  unit: c.unit,
  metric: c.metric,
  method: c.method,
  quote: c.quote,
  runs: c.n,
  protocol: c.protocol,
  dataset: c.dataset?.id ?? null,
  source: { where: c.reference.where, revision: c.reference.revision, certainty: c.reference.certainty },
  at: c.at,
});

/** What `--json` prints for one source. */
export function auditData(audit: Audit) {
  return {
    source: audit.source.id,
    title: audit.source.title,
    claims: audit.source.claims.length,
    findings: audit.findings.map((f) => ({ ...f, claims: f.claims.map(claimData) })),
    doubts: audit.doubts,
  };
}
