/**
 * SARIF 2.1.0 (OASIS): static findings in the form that code-scanning services read. One run, one rule per finding
 * rule, one result per finding, with the place in the claims file and the cells as related places.
 */
import { createHash } from "node:crypto";
import type { Location } from "../claims/positions.ts";
import { label } from "../claims/claim.ts";
import type { Finding, Severity } from "../claims/rules/finding.ts";

/** The part of the SARIF object model that is written here. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly [SarifRun];
}

export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly version: string;
      readonly rules: readonly SarifRule[];
    };
  };
  readonly columnKind: "utf16CodeUnits";
  readonly originalUriBaseIds: Readonly<Record<string, { readonly description: Message }>>;
  readonly results: readonly SarifResult[];
}

interface Message {
  readonly text: string;
}

export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: Message;
  readonly fullDescription: Message;
  readonly help: Message;
}

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: "SRCROOT" };
    readonly region: { readonly startLine: number; readonly startColumn: number };
  };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: Severity;
  readonly message: Message;
  readonly locations: readonly [SarifLocation];
  readonly relatedLocations: readonly (SarifLocation & { readonly id: number; readonly message: Message })[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

/** What the log says about a rule. */
export type RuleTexts = ReadonlyMap<string, { readonly title: string; readonly help: string }>;

/** A log with every finding. The rules listed are those that report something, in order of id. */
export function toSarif(findings: readonly Finding[], rules: RuleTexts, version: string): SarifLog {
  const ids = [...new Set(findings.map((f) => f.rule))].sort();
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "Assay",
          version,
          rules: ids.map((id): SarifRule => {
            const text = rules.get(id);
            return {
              id,
              name: pascalCase(id),
              shortDescription: { text: text?.title ?? id },
              fullDescription: { text: text?.title ?? id },
              help: { text: text?.help ?? id },
            };
          }),
        },
      },
      columnKind: "utf16CodeUnits",
      originalUriBaseIds: {
        SRCROOT: { description: { text: "The root of the repository that holds claims/" } },
      },
      results: findings.map((f): SarifResult => ({
        ruleId: f.rule,
        ruleIndex: ids.indexOf(f.rule),
        level: f.severity,
        message: { text: [f.message, ...f.arithmetic].join("\n") },
        locations: [location(f.at)],
        relatedLocations: f.claims.map((c, id) => ({ ...location(c.at), id, message: { text: label(c) } })),
        partialFingerprints: { "assayFinding/v1": fingerprint(f) },
      })),
    }],
  };
}

/** A finding keeps its fingerprint when lines move, and gets another when its numbers change. */
function fingerprint(f: Finding): string {
  return createHash("sha256").update(`${f.rule}\n${f.at.file}\n${f.message}`).digest("hex").slice(0, 32);
}

function location(at: Location): SarifLocation {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(at.file), uriBaseId: "SRCROOT" },
      region: { startLine: at.line, startColumn: at.column },
    },
  };
}

function pascalCase(id: string): string {
  return id.split(/[/-]/).map((w) => w.slice(0, 1).toUpperCase() + w.slice(1)).join("");
}
