/** Every claim of one published table in full: quote, protocol, source with revision, certainty, findings. */
import { type Claim, show, type Source, type Table } from "../../claims/claim.ts";
import { protocolEntries } from "../../claims/rules/setting.ts";
import { claimAnchor, claimsPath, sourcePath } from "./addresses.ts";
import { badge, type Column, facts, plural, tableBox } from "./blocks.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { markup, type Part } from "./html.ts";
import { claimValue, words } from "./source_page.ts";

/** Something stated for each claim: a fact above the table where all claims agree in it, else a column. */
interface Aspect {
  readonly title: string;
  readonly kind: NonNullable<Column["kind"]>;
  /** Text by which two claims are compared; empty where nothing is stated. */
  readonly key: (claim: Claim) => string;
  readonly cell: (claim: Claim) => Part;
}

const text = (title: string, kind: Aspect["kind"], key: Aspect["key"]): Aspect => ({
  title,
  kind,
  key,
  cell: key,
});

const ASPECTS: readonly Aspect[] = [
  text("method", "text", (c) => `${c.method} (${c.role})`),
  text("dataset", "text", (c) => c.dataset?.title ?? ""),
  text("metric", "text", (c) => c.metric),
  text("runs", "text", (c) => c.n === null ? "not stated" : String(c.n)),
  {
    title: "read from",
    kind: "wrap",
    key: (c) => `${c.reference.where} ${c.reference.revision}`,
    cell: (c) => markup`<code>${c.reference.where}</code> at <code>${c.reference.revision}</code>`,
  },
  text("certainty", "text", (c) => words(c.reference.certainty)),
];

export function claimsPage(context: Context, source: Source, table: Table): string {
  const path = claimsPath(table);
  const published = link(path, `${sourcePath(source.id)}#table-${table.id}`);
  const claims = source.claims.filter((c) => c.table === table.id);
  const shared = (aspect: Aspect) => claims.every((c) => aspect.key(c) === aspect.key(claims[0]!));
  const common = commonProtocol(claims);
  const varying = ASPECTS.filter((a) => !shared(a));
  const columns: Column[] = [
    { title: "row / column", kind: "head" },
    { title: "value", kind: "number" },
    { title: "findings", kind: "wrap" },
    { title: "quote", kind: "wrap" },
    { title: "protocol", kind: "wrap" },
    ...varying.map(({ title, kind }) => ({ title, kind })),
    { title: "line", kind: "number" },
  ];
  const rows = claims.map((claim) => ({
    id: claimAnchor(claim),
    cells: [
      `${claim.row} / ${claim.column}`,
      claimValue(claim, true),
      findings(context, claim, path),
      quote(claim),
      protocolText(claim, common),
      ...varying.map((a) => a.cell(claim)),
      claim.at.line,
    ],
  }));
  const body = markup`<p class="lead">${plural(claims.length, "claim")} of
<a href="${published}">the table as published</a>, each with what is needed to judge it. What the source does not state
is left out.</p>
${
    claims.length > 0 && facts([
      ...ASPECTS.filter((a) => shared(a) && a.key(claims[0]!) !== "")
        .map((a): readonly [string, Part] => [a.title, a.cell(claims[0]!)]),
      ["protocol", common.size > 0 && [...common].map(([k, v]) => entry(k, v)).join(", ")],
    ])
  }
${tableBox("claims-caption", markup`Transcribed in <code>${table.at.file}</code>.`, columns, rows)}`;
  return frame({
    path,
    title: `${source.id}: ${table.title}`,
    trail: [{ title: source.id, path: sourcePath(source.id) }],
    body,
  });
}

/** Protocol fields that every claim states alike. */
function commonProtocol(claims: readonly Claim[]): ReadonlyMap<string, string> {
  const [first, ...others] = claims.map((c) => new Map<string, string>(protocolEntries(c.protocol)));
  return new Map([...first ?? []].filter(([key, value]) => others.every((o) => o.get(key) === value)));
}

const entry = (key: string, value: string): string => `${key.replaceAll("_", " ")} ${value}`;

function protocolText(claim: Claim, common: ReadonlyMap<string, string>): string {
  return protocolEntries(claim.protocol).filter(([key]) => !common.has(key)).map(([k, v]) => entry(k, v))
    .join(", ");
}

function quote({ quote, spread, readingError, runs }: Claim): Part {
  return [
    markup`<q>${quote}</q>`,
    spread && markup`<br>spread: ${words(spread.kind)}`,
    readingError !== undefined && markup`<br>reading error ± ${readingError}`,
    runs.length > 0 && markup`<br>single runs: ${runs.map(show).join(", ")}`,
  ];
}

function findings(context: Context, claim: Claim, path: string): Part {
  return context.links(path, context.about(claim)).map(({ finding, address, title }, i) =>
    markup`${i > 0 && markup`<br>`}${badge(finding.severity)} <a href="${address}">${title}</a>`
  );
}
