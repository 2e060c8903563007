/** A gate's report for a terminal, for JUnit readers and for GitHub. */
import { type Annotation, annotation } from "./annotations.ts";
import { type JunitCase, junitXml } from "./junit.ts";
import { table } from "../../base/text.ts";
import type { GateReport, ReportRow } from "./judge.ts";

/** A table of all rows, then one sentence per row that needs one, red rows last. */
export function renderGate({ ok, rows, notes }: GateReport): string {
  const cells = rows.map((
    r,
  ) => [r.group, r.name, r.status.toUpperCase(), r.measured, r.baseline, r.inequality]);
  const told = [...rows].filter((r) => r.sentence !== undefined)
    .sort((a, b) => Number(a.status === "red") - Number(b.status === "red"))
    .map((r) => `${r.status.toUpperCase()} ${r.sentence}`);
  const red = rows.filter((r) => r.status === "red").length;
  const inconclusive = rows.filter((r) => r.status === "inconclusive").length;
  return [
    table([["", "row", "status", "measured", "baseline", "comparison"], ...cells], "llllll"),
    ...(notes.length > 0 ? ["", ...notes] : []),
    ...(told.length > 0 ? ["", ...told] : []),
    "",
    ok
      ? `Green: ${rows.length} rows, none red${inconclusive > 0 ? `, ${inconclusive} not judged` : ""}.`
      : `Red: ${red} of ${rows.length} rows.`,
  ].join("\n");
}

/** One test case a row; a row that could not be judged is skipped, a row of times always passes. */
export function gateJunit({ rows }: GateReport): string {
  return junitXml(
    "assay gate",
    rows.map(({ group, name, status, sentence, measured, baseline, inequality }): JunitCase => ({
      group,
      name,
      outcome: status === "red" ? "failed" : status === "inconclusive" ? "skipped" : "passed",
      ...(sentence !== undefined && { message: sentence }),
      details: `measured ${measured}, baseline ${baseline}: ${inequality}`,
    })),
  );
}

const LEVELS: Readonly<Partial<Record<ReportRow["status"], Annotation["level"]>>> = {
  red: "error",
  inconclusive: "warning",
  improved: "notice",
};

/** One workflow command per row that somebody should look at. */
export function gateAnnotations({ rows }: GateReport): string[] {
  return rows.flatMap(({ group, name, status, sentence, inequality }) => {
    const level = LEVELS[status];
    return level
      ? [annotation({ level, title: `gate: ${group} ${name}`, message: sentence ?? inequality })]
      : [];
  });
}
