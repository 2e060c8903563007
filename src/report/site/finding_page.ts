/** One finding: what, the arithmetic, the cells, the rule; and the list of all findings. */
import { type Finding, severities, type Severity } from "../../claims/rules/finding.ts";
import { claimPath, sourcePath } from "./addresses.ts";
import { badge, bySeverity, facts, findingCards, plural, tableBox } from "./blocks.ts";
import { claimValue, words } from "./source_page.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, markup } from "./html.ts";

const LIST = "findings/index.html";

/** What a severity says about the published result. */
const MEANING: Readonly<Record<Severity, string>> = {
  error: "Contradictions: published words and numbers exclude each other",
  warning: "Not carried: the published numbers do not support the words, or one another",
  note: "To know before using the numbers",
};

export function findingPage(context: Context, finding: Finding): string {
  const { address, findings } = context;
  const path = address.finding(finding);
  const to = (target: string) => link(path, target);
  const place = findings.indexOf(finding);
  const before = findings[place - 1], after = findings[place + 1];
  const body = markup`<p class="lead">${finding.message}</p>
${
    facts([
      ["severity", markup`${badge(finding.severity)} ${MEANING[finding.severity]}.`],
      ["rule", markup`<code>${finding.rule}</code>`],
      [
        finding.sources.length === 1 ? "source" : "sources",
        finding.sources.map((s, i) => markup`${i > 0 && ", "}<a href="${to(sourcePath(s))}">${s}</a>`),
      ],
      ["place", markup`<code>${finding.at.file}:${finding.at.line}:${finding.at.column}</code>`],
    ])
  }
<h2 id="arithmetic">Arithmetic</h2>
<ul class="arithmetic">
${finding.arithmetic.map((line) => markup`<li>${line}</li>\n`)}</ul>
${
    finding.claims.length > 0 &&
    markup`<h2 id="cells">Cells</h2>
${
      tableBox(
        "cells-caption",
        `${plural(finding.claims.length, "published cell")}, in the order of the arithmetic.`,
        [
          { title: "claim", kind: "head" },
          { title: "value", kind: "number" },
          { title: "read from", kind: "wrap" },
          { title: "transcription" },
        ],
        finding.claims.map((c) => ({
          cells: [
            markup`<a href="${to(claimPath(c))}">${c.id}</a>`,
            claimValue(c, true),
            markup`<code>${c.reference.where}</code> at <code>${c.reference.revision}</code>`,
            words(c.reference.certainty),
          ],
        })),
      )
    }`
  }
<h2 id="rule">The rule</h2>
<p>${context.ruleHelp(finding)}</p>
<nav class="pager" aria-label="Neighbouring findings">
${
    before &&
    markup`<a href="${to(address.finding(before))}" rel="prev">Previous: ${context.ruleTitle(before)}</a>`
  }
${after && markup`<a href="${to(address.finding(after))}" rel="next">Next: ${context.ruleTitle(after)}</a>`}
</nav>
`;
  return frame({
    path,
    title: context.ruleTitle(finding),
    trail: [{ title: "Findings", path: LIST }],
    body,
  });
}

/** All findings by severity. */
export function findingList(context: Context): string {
  const n = bySeverity(context.findings);
  const summary = `${plural(n.error, "error")}, ${plural(n.warning, "warning")} and ${
    plural(n.note, "note")
  }`;
  const body =
    markup`<p class="lead">Recomputed from the published numbers alone, without training: ${summary}.
<code>./run audit all --full</code> prints them.</p>
<nav aria-label="On this page"><ul class="inline">${
      severities.map((s) => markup`<li><a href="#${s}">${plural(n[s], s)}</a></li>`)
    }</ul></nav>
${severities.map((s) => group(context, s))}`;
  return frame({ path: LIST, title: "Findings", trail: [], body });
}

function group(context: Context, severity: Severity): Html {
  const links = context.links(LIST, context.findings.filter((f) => f.severity === severity))
    .map((l) => ({ ...l, title: `${l.finding.sources.join(", ")}: ${l.title}` }));
  return markup`<h2 id="${severity}">${MEANING[severity]} (${links.length})</h2>
${links.length === 0 ? markup`<p>None.</p>` : findingCards(links)}`;
}
