import assert from "node:assert/strict";
import { crateMetadata } from "../../../src/evidence/bundle/crate.ts";
import { readZip } from "../../../src/record/zip.ts";
import { sha256 } from "../../../src/base/canonical.ts";
import { bundleBytes, signed, text } from "./synthetic_bundle.ts";

// deno-lint-ignore no-explicit-any
type Entity = any;
const graphOf = (bytes: Uint8Array): { context: unknown; graph: Entity[]; by: Map<string, Entity> } => {
  const crate = JSON.parse(text(readZip(bytes).get("ro-crate-metadata.json")!));
  const graph: Entity[] = crate["@graph"];
  return { context: crate["@context"], graph, by: new Map(graph.map((e) => [e["@id"], e])) };
};

Deno.test("crateMetadata has the contexts and conformsTo of RO-Crate 1.3 and Process Run Crate 0.5", () => {
  const { context, by } = graphOf(signed);
  assert.deepEqual(context, [
    "https://w3id.org/ro/crate/1.3/context",
    "https://w3id.org/ro/terms/workflow-run/context",
  ]);
  const descriptor = by.get("ro-crate-metadata.json");
  assert.deepEqual(descriptor.conformsTo, { "@id": "https://w3id.org/ro/crate/1.3" });
  assert.deepEqual(descriptor.about, { "@id": "./" });
  const root = by.get("./");
  assert.equal(root["@type"], "Dataset");
  assert.deepEqual(root.conformsTo, { "@id": "https://w3id.org/ro/wfrun/process/0.5" });
  for (const required of ["name", "description", "datePublished", "license"]) {
    assert.ok(root[required], required);
  }
  assert.ok(!Number.isNaN(Date.parse(root.datePublished)));
});

Deno.test("crateMetadata describes every file of the bundle once, with size and digest", () => {
  const { graph, by } = graphOf(signed);
  assert.equal(by.size, graph.length, "an @id occurs twice");
  const files = readZip(signed);
  const described = graph.filter((e) => e["@type"] === "File").map((e) => e["@id"]).sort();
  assert.deepEqual(described, [...files.keys()].filter((p) => p !== "ro-crate-metadata.json").sort());
  assert.deepEqual(by.get("./").hasPart.map((p: Entity) => p["@id"]), described);
  for (const path of described) {
    if (path === "attestation.dsse.json") continue; // it holds the digest of this metadata
    assert.equal(by.get(path).sha256, sha256(files.get(path)!), path);
    assert.equal(by.get(path).contentSize, String(files.get(path)!.length));
  }
});

Deno.test("crateMetadata has one CreateAction per run with instrument, object, result, times and status", () => {
  const { graph, by } = graphOf(signed);
  const actions = graph.filter((e) => e["@type"] === "CreateAction");
  assert.deepEqual(actions.map((a) => a["@id"]), ["#run-alpha-seed1", "#run-alpha-seed2", "#run-beta-seed1"]);
  for (const action of actions) {
    assert.equal(by.get(action.instrument["@id"])["@type"], "SoftwareApplication");
    assert.ok(action.object.some((o: Entity) => o["@id"].endsWith("/spec.json")));
    assert.ok(action.object.some((o: Entity) => o["@id"] === "claims/moco.yaml"));
    assert.ok(action.result.some((o: Entity) => o["@id"].endsWith("/events.jsonl")));
    assert.ok(action.result.some((o: Entity) => o["@id"] === "run.json"));
    assert.ok(Date.parse(action.startTime) < Date.parse(action.endTime));
    assert.equal(action.actionStatus["@id"], "http://schema.org/CompletedActionStatus");
  }
});

Deno.test("crateMetadata refers to nothing that it does not describe, also for checkpoints by reference", async () => {
  for (const bytes of [signed, await bundleBytes({ checkpoints: false })]) {
    const { graph, by } = graphOf(bytes);
    const referred = JSON.stringify(graph).matchAll(/\{"@id":"([^"]+)"\}/g);
    const outside = [...referred].map((m) => m[1]!).filter((id) => !by.has(id));
    assert.deepEqual([...new Set(outside)].sort(), [
      "http://schema.org/CompletedActionStatus",
      "https://w3id.org/ro/crate/1.3",
    ]);
  }
});

Deno.test("crateMetadata of an audit without runs has one action, dated by the caller", () => {
  const crate = crateMetadata({
    title: "Audit of moco",
    description: "Findings.",
    created: "2026-01-02T03:04:05.000Z",
    files: new Map([["report.md", { bytes: 1, sha256: sha256("x") }], ["claims/moco.yaml", {
      bytes: 1,
      sha256: sha256("y"),
    }]]),
    attestation: "statement.json",
    content: { runs: [], result: undefined, claims: new Map() },
  });
  const [action] = (crate["@graph"] as Entity[]).filter((e) => e["@type"] === "CreateAction");
  assert.deepEqual(action.object, [{ "@id": "claims/moco.yaml" }]);
  assert.deepEqual(action.result, [{ "@id": "report.md" }]);
  assert.equal(action.endTime, "2026-01-02T03:04:05.000Z");
});
