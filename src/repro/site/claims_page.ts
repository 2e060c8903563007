/** Every claim of one published table in full: quote, protocol, source with revision, certainty, findings. */
import { type Claim, show, type Source, type Table } from "../claims/claim.ts";
import { protocolEntries } from "../findings/setting.ts";
import { claimAnchor, claimsPath, sourcePath } from "./addresses.ts";
import { badge, type Column, plural, tableBox } from "./blocks.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { html, type Part } from "./html.ts";
import { claimValue, words } from "./source_page.ts";

export function claimsPage(context: Context, source: Source, table: Table): string {
  const path = claimsPath(table);
  const to = (target: string) => link(path, target);
  const claims = source.claims.filter((c) => c.table === table.id);
  const columns: Column[] = [
    { title: "row / column", kind: "head" },
    { title: "value", kind: "number" },
    { title: "quote", kind: "wrap" },
    { title: "method" },
    { title: "protocol", kind: "wrap" },
    { title: "runs" },
    { title: "dataset" },
    { title: "read from", kind: "wrap" },
    { title: "findings", kind: "wrap" },
  ];
  const body = html`
    <p
      class="lead">${plural(claims.length, "claim")} of <a href="${to(
        `${sourcePath(source.id)}#table-${table.id}`,
      )}">this table as published</a>, each with what is needed to judge it. What a source does not state is left out.</p>
    ${tableBox(
      "claims-caption",
      html`Transcribed in <code>${table.at.file}</code> from line ${table.at.line}.`,
      columns,
      claims.map((claim) => ({ id: claimAnchor(claim), cells: cells(context, claim, to) })),
    )}
  `;
  return frame({
    path,
    title: `${source.id}: ${table.title}`,
    trail: [{ title: source.title, path: sourcePath(source.id) }],
    body,
  });
}

function cells(context: Context, claim: Claim, to: (target: string) => string): Part[] {
  const { reference, spread, dataset } = claim;
  return [
    `${claim.row} / ${claim.column}`,
    claimValue(claim, true),
    [
      html`<q>${claim.quote}</q>`,
      spread && html`<br>spread: ${words(spread.kind)}`,
      claim.readingError !== undefined && html`<br>reading error ± ${claim.readingError}`,
      claim.runs.length > 0 && html`<br>single runs: ${claim.runs.map(show).join(", ")}`,
    ],
    `${claim.method} (${claim.role})`,
    protocolEntries(claim.protocol).map(([key, v]) => `${key.replaceAll("_", " ")} ${v}`).join(", "),
    claim.n === null ? "not stated" : String(claim.n),
    dataset?.title ?? "none",
    html`<code>${reference.where}</code> at <code>${reference.revision}</code>, ${
      words(reference.certainty)
    }; <code>${claim.at.file}:${claim.at.line}</code>`,
    context.about(claim).map((f, i) =>
      html`${i > 0 && html`<br>`}${badge(f.severity)} <a href="${to(context.address.finding(f))}">${
        context.ruleTitle(f)
      }</a>`
    ),
  ];
}
