import assert from "node:assert/strict";
import { COLOURS, INKS, intervals, lines, plotFile, renderSvg, stackedBars } from "../../src/report/plots.ts";
import { smallResult } from "./small_result.ts";

Deno.test("renderSvg gives the same bytes twice, with names of its own and no address to fetch", async () => {
  for (const plot of smallResult.plots) {
    const svg = await renderSvg(plot);
    assert.equal(svg, await renderSvg(plot));
    assert.match(svg, /^<svg role="img" aria-label="/);
    for (const [, id] of svg.matchAll(/\bid="([^"]*)"/g)) assert.ok(id!.startsWith(`${plot.name}-`), id);
    const fetched = [...svg.matchAll(/https?:\/\/[^"]+/g)].map(([url]) => url)
      .filter((url) => !url.startsWith("http://www.w3.org/"));
    assert.deepEqual(fetched, []);
  }
});

Deno.test("plots use only colours that the page can swap in the dark", async () => {
  const known = new Set<string>([...INKS, ...COLOURS].map(([light]) => light));
  const estimate = { name: "a", centre: 2, lower: 1, upper: 3, values: [1.5, 2.5] };
  const specs = [
    stackedBars([{ name: "a", parts: { x: 1, y: 2 } }], "GiB"),
    lines([{ name: "a", points: [{ x: 1, y: 10 }, { x: 10, y: 100 }] }], { x: "n", y: "bytes", log: true }),
    intervals([estimate, { name: "b", centre: 4, values: [4] }], "%"),
  ];
  for (const [i, spec] of specs.entries()) {
    const svg = await renderSvg({ name: `p${i}`, caption: "c", spec });
    const used = [...svg.matchAll(/(?:fill|stroke)="(#[0-9a-f]+)"/g)].map(([, colour]) => colour!);
    assert.ok(used.length > 0);
    assert.deepEqual([...new Set(used)].filter((colour) => !known.has(colour)), []);
  }
});

Deno.test("plotFile is a complete Vega-Lite specification with its data", () => {
  const spec = JSON.parse(plotFile(smallResult.plots[0]!));
  assert.match(spec.$schema, /vega-lite\/v6\.json$/);
  assert.equal(spec.description, "Bars");
  assert.equal(spec.data.values.length, 2);
});
