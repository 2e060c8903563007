import assert from "node:assert/strict";
import { findAll, ruleTitles } from "../../src/claims/audit.ts";
import { toSarif } from "../../src/report/sarif.ts";
import { realCorpus, text } from "../claims/real_corpus.ts";

const findings = findAll(realCorpus());
const log = JSON.parse(JSON.stringify(toSarif(findings, ruleTitles, "1.2.3")));

Deno.test("toSarif writes version, schema and a driver with name, version and described rules", () => {
  assert.equal(log.version, "2.1.0");
  assert.match(log.$schema, /sarif-schema-2\.1\.0\.json$/);
  assert.equal(log.runs.length, 1);
  const { driver } = log.runs[0].tool;
  assert.equal(driver.name, "Assay");
  assert.equal(driver.version, "1.2.3");
  for (const rule of driver.rules) {
    assert.match(rule.id, /^[a-z]+\/[a-z-]+$/);
    assert.match(rule.name, /^[A-Za-z]+$/);
    for (const key of ["shortDescription", "fullDescription", "help"]) {
      assert.ok(rule[key].text.length > 10, rule.id);
    }
  }
});

Deno.test("toSarif gives one result per finding with rule index, level and message", () => {
  const { results, tool } = log.runs[0];
  assert.equal(results.length, findings.length);
  for (const result of results) {
    assert.equal(tool.driver.rules[result.ruleIndex].id, result.ruleId);
    assert.ok(["error", "warning", "note"].includes(result.level));
    assert.ok(result.message.text.length > 20);
  }
});

Deno.test("toSarif's regions point at existing lines and columns of the claims files", () => {
  for (const result of log.runs[0].results) {
    for (const { physicalLocation } of [...result.locations, ...result.relatedLocations]) {
      const { artifactLocation, region } = physicalLocation;
      assert.equal(artifactLocation.uriBaseId, "SRCROOT");
      assert.match(artifactLocation.uri, /^claims\/[a-z-]+\.yaml$/);
      const lines = text(artifactLocation.uri.slice("claims/".length)).text.split("\n");
      assert.ok(region.startLine >= 1 && region.startLine <= lines.length);
      assert.ok(region.startColumn >= 1 && region.startColumn <= lines[region.startLine - 1]!.length);
    }
  }
});

Deno.test("toSarif's related places carry the cells, numbered within their result", () => {
  const result = log.runs[0].results.find((r: { ruleId: string }) =>
    r.ruleId === "runs/outside-prediction-interval"
  );
  assert.deepEqual(result.relatedLocations.map((l: { id: number }) => l.id), [0, 1]);
  assert.match(result.relatedLocations[1].message.text, /moco:results\/moco-v2\/top1 = 67\.5/);
});

Deno.test("toSarif's fingerprints tell findings apart and survive moved lines", () => {
  const prints = log.runs[0].results.map((r: { partialFingerprints: Record<string, string> }) =>
    r.partialFingerprints["assayFinding/v1"]
  );
  assert.equal(new Set(prints).size, prints.length);
  const moved = findings.map((f) => ({ ...f, at: { ...f.at, line: f.at.line + 7 } }));
  const after = toSarif(moved, ruleTitles, "1.2.3").runs[0].results.map((r) =>
    r.partialFingerprints["assayFinding/v1"]
  );
  assert.deepEqual(after, prints);
});

Deno.test("toSarif of nothing is a valid empty run", () => {
  const empty = toSarif([], ruleTitles, "1.2.3");
  assert.deepEqual([empty.runs[0].results.length, empty.runs[0].tool.driver.rules.length], [0, 0]);
});
