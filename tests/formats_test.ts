/** FORMATS.md against what it documents: each of its tables lists the fields of a schema or type, all of them and no other. */
import assert from "node:assert/strict";
import type { Estimate } from "../src/repro/table/estimate.ts";
import { readFile } from "node:fs/promises";
import type { Check } from "../src/data/verify.ts";
import type { RunDiff } from "../src/evidence/diff/diff.ts";
import type { GateReport } from "../src/evidence/gate/judge.ts";
import type { Verification } from "../src/evidence/bundle/verify.ts";
import { loadCorpus } from "../src/claims/corpus.ts";
import { auditSource, findAll } from "../src/claims/audit.ts";
import { auditData } from "../src/claims/rules/render.ts";
import { checkResultSchema, claimResultSchema } from "../src/judge/outcome.ts";
import { environmentSchema } from "../src/record/environment.ts";
import { VOCABULARY } from "../src/record/events.ts";
import { brokenRun } from "../src/record/index/summary.ts";
import { specSchema } from "../src/record/spec/spec.ts";
import { interfaceJson } from "../src/report/report.ts";
import { resultSchema } from "../src/report/result.ts";
import type { DoctorReport } from "../src/repro/doctor.ts";
import type { FitReport } from "../src/repro/fit.ts";
import type { FrontierReport } from "../src/repro/frontier.ts";
import type { PlanReport, PlanRequest } from "../src/repro/plan_report.ts";

const page = await readFile(new URL("../FORMATS.md", import.meta.url), "utf8");

/** Field names in the tables below a heading, with those that may be absent marked by a question mark. */
function documented(heading: string): string[] {
  const from = page.indexOf(`### ${heading}\n`);
  assert.ok(from >= 0, `FORMATS.md has no heading "${heading}"`);
  const section = page.slice(from + 4).split(/^#{2,3} /m)[0]!;
  return [...section.matchAll(/^\| `(\S+?)`(\??) /gm)].map(([, name, absent]) => `${name}${absent}`);
}

/** Fields of a schema's shape. */
function fieldsOf(shape: Readonly<Record<string, { readonly def: { readonly type: string } }>>): string[] {
  return Object.entries(shape).map(([name, { def }]) => def.type === "optional" ? `${name}?` : name);
}

/** The keys of a type, which the compiler holds to be all of them; a value of true marks one that may be absent. */
type Keys<T> = { readonly [K in keyof Required<T>]: undefined extends T[K] ? true : false };
const keysOf = <T>(keys: Keys<T>): string[] =>
  Object.entries(keys).map(([name, absent]) => absent ? `${name}?` : name);

const same = (heading: string, fields: readonly string[]) =>
  assert.deepEqual(documented(heading).sort(), [...fields].sort(), heading);

Deno.test("FORMATS.md lists the fields of specification, environment, result, claims and checks", () => {
  same("spec.json", fieldsOf(specSchema.shape));
  same("environment.json", fieldsOf(environmentSchema.shape));
  same("run.json", fieldsOf(resultSchema.shape));
  same("a published claim", fieldsOf(claimResultSchema.shape));
  same("an own check", fieldsOf(checkResultSchema.shape));
});

Deno.test("FORMATS.md lists every event with its fields", () => {
  same("events.jsonl", Object.keys(VOCABULARY));
  for (const [name, { shape }] of Object.entries(VOCABULARY)) {
    const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\` `))!;
    const fields = [...row.matchAll(/`([^`]+)`/g)].slice(1).map(([, field]) => field!);
    const own = Object.keys(shape).filter((key) => !["event", "spec", "seq", "time"].includes(key));
    assert.deepEqual(fields.sort(), own.sort(), name);
  }
});

Deno.test("FORMATS.md lists the fields that repro, audit and runs print", async () => {
  const text = {
    format: "assay-result-2",
    table: "a/b",
    title: "t",
    scale: "smoke",
    dataset: "d",
    adapter: "a",
  } as const;
  const lists = { headline: [], grids: [], claims: [], checks: [], protocol: [], notes: [], plots: [] };
  const printed = Object.keys(interfaceJson({ ...text, ...lists }) as object);
  const optional = new Set(["dataset", "adapter"]);
  same("repro --json", printed.map((name) => optional.has(name) ? `${name}?` : name));
  const estimate = keysOf<Partial<Estimate>>({ cells: true, runs: true, flops: true, peakBytes: true });
  same("repro list --json", ["table", "scale", ...estimate]);
  const corpus = await loadCorpus(new URL("../claims/", import.meta.url));
  const audit = auditSource(corpus, corpus.sources[0]!, findAll(corpus));
  same("audit --json", Object.keys(auditData(audit)));
  same("runs --json", Object.keys(brokenRun("/f", "f", "no such folder")));
});

Deno.test("FORMATS.md lists the fields that plan, gate, diff, verify, doctor and data print", () => {
  const request = keysOf<PlanRequest>({
    method: false,
    encoder: false,
    batch: false,
    image: false,
    classes: false,
    images: false,
    optimizer: false,
    width: false,
    recompute: false,
    memoryBudget: true,
  });
  const plan = keysOf<Omit<PlanReport, keyof PlanRequest>>({
    parameters: false,
    peakBytes: false,
    roles: false,
    lowerBoundBytes: false,
    waste: false,
    flopsPerStep: false,
    dispatches: false,
    programHash: false,
    largestBinding: false,
    largest: false,
  });
  const frontier = keysOf<Omit<FrontierReport, keyof PlanRequest>>({ points: false, curve: false });
  const fit = keysOf<Omit<FitReport, keyof PlanRequest>>({ cards: false });
  same("plan --json", [...request, ...plan, ...frontier, ...fit]);
  same("gate --json", keysOf<GateReport>({ ok: false, rows: false, notes: false }));
  same(
    "diff --json",
    keysOf<RunDiff>({
      a: false,
      b: false,
      verdict: false,
      cause: false,
      alsoDifferent: false,
      reason: false,
      parts: false,
      facets: false,
      outcome: false,
    }),
  );
  same(
    "verify --json",
    ["bundle", ...keysOf<Verification>({ lines: false, tampered: false, signer: true, content: true })],
  );
  same(
    "doctor --json",
    keysOf<DoctorReport>({
      runtime: false,
      os: false,
      cpus: false,
      memoryBytes: false,
      adapter: false,
      features: false,
      kernels: false,
      limits: false,
      check: false,
      scales: false,
    }),
  );
  same(
    "data verify --json",
    keysOf<Check>({ what: false, of: false, expected: false, measured: false, verdict: false }),
  );
});
