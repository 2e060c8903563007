/** JUnit XML as continuous-integration services read it: one test suite, one case a row. */

export interface JunitCase {
  /** Groups cases, as a class does tests. */
  readonly group: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly message?: string;
  /** What was compared; goes to the case's output whatever its outcome. */
  readonly details?: string;
}

/** The document. Text that XML cannot hold is replaced, markup is escaped. */
export function junitXml(suite: string, cases: readonly JunitCase[]): string {
  const number = (outcome: JunitCase["outcome"]) => cases.filter((c) => c.outcome === outcome).length;
  const counts = `tests="${cases.length}" failures="${number("failed")}" errors="0" skipped="${
    number("skipped")
  }"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites ${counts}>`,
    `  <testsuite name="${escape(suite)}" ${counts}>`,
    ...cases.map(caseXml),
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

function caseXml({ group, name, outcome, message = "", details }: JunitCase): string {
  const inside: string[] = [];
  if (outcome === "failed") inside.push(`<failure message="${escape(message)}">${escape(message)}</failure>`);
  if (outcome === "skipped") inside.push(`<skipped message="${escape(message)}"/>`);
  if (details !== undefined) inside.push(`<system-out>${escape(details)}</system-out>`);
  const head = `    <testcase classname="${escape(group)}" name="${escape(name)}"`;
  if (inside.length === 0) return `${head}/>`;
  return [`${head}>`, ...inside.map((line) => `      ${line}`), `    </testcase>`].join("\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** Escapes markup and line ends; characters outside XML 1.0 become U+FFFD. */
function escape(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"\n\r\t]/g, (c) => ENTITIES[c]!);
}
