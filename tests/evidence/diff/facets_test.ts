import assert from "node:assert/strict";
import { compareFacets, type FacetName, FACETS } from "../../../src/evidence/diff/facets.ts";
import { environment, type Made, made } from "../../record/recorded.ts";

const facet = (name: FacetName, a: Made, b: Made) =>
  compareFacets(made(a), made(b)).find((f) => f.name === name)!;

Deno.test("compareFacets gives every facet once, all the same for a run and itself", () => {
  const facets = compareFacets(made(), made());
  assert.deepEqual(facets.map((f) => f.name), [...FACETS]);
  assert.deepEqual(new Set(facets.map((f) => f.state)), new Set(["same"]));
});

Deno.test("compareFacets says which value of the specification differs and keeps the seed apart", () => {
  assert.deepEqual(facet("specification", {}, { hyper: { T: 0.2 }, seed: 1 }).differences, [
    { what: "hyper.T", a: "0.1", b: "0.2" },
  ]);
  assert.deepEqual(facet("seed", {}, { seed: 1 }).differences, [{ what: "seed", a: "0", b: "1" }]);
});

Deno.test("compareFacets tells other images from other pixels of the same images", () => {
  assert.equal(facet("data", {}, { pixels: "x" }).state, "same");
  assert.equal(facet("decoder", {}, { pixels: "x" }).state, "different");
  assert.equal(facet("data", {}, { list: "x" }).state, "different");
  assert.equal(facet("decoder", {}, { list: "x" }).state, "unknown");
});

Deno.test("compareFacets takes code by content: another commit with the same files is the same code", () => {
  const moved = facet("code", {}, { environment: environment({ machine: { commit: "1".repeat(40) } }) });
  assert.equal(moved.state, "same");
  assert.match(moved.note!, /whatever commit/);
  assert.equal(moved.differences[0]!.what, "commit");
});

Deno.test("compareFacets names the kernel file that differs", () => {
  const changed = environment({ code: { kernels: { "conv.wgsl": "0".repeat(64) } } });
  assert.deepEqual(facet("kernels", {}, { environment: changed }).differences.map((d) => d.what), [
    "kernels.conv.wgsl",
  ]);
});

Deno.test("compareFacets never calls what was not recorded the same", () => {
  for (const name of ["kernels", "code", "adapter", "runtime"] as const) {
    const f = facet(name, {}, { environment: undefined });
    assert.equal(f.state, "unknown");
    assert.match(f.note!, /B has no environment.json/);
  }
});

Deno.test("compareFacets sees a protocol that only the evaluations state", () => {
  const [a, b] = [made(), made()];
  const events = b.events.map((e) => e.event === "eval" ? { ...e, protocol: { ...e.protocol, T: 0.07 } } : e);
  const protocol = compareFacets(a, { ...b, events }).find((f) => f.name === "protocol")!;
  assert.deepEqual(protocol.differences, [{ what: "evaluated0.T", a: null, b: "0.07" }]);
});
