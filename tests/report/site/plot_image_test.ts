import assert from "node:assert/strict";
import { COLOURS, lines } from "../../../src/report/plots.ts";
import { figure, plotImage } from "../../../src/report/site/plot_image.ts";
import { sampleResult } from "./sample.ts";

const spec = lines([{ name: "a", points: [{ x: 1, y: 2 }, { x: 2, y: 1 }] }], { x: "x", y: "y" });

Deno.test("plotImage draws a whole SVG file that swaps its colours on a dark page", async () => {
  const svg = await plotImage({ name: "p", caption: "c", spec });
  assert.match(
    svg,
    /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*><style>@media \(prefers-color-scheme:dark\)/,
  );
  const [light, dark] = COLOURS[0];
  assert.ok(svg.includes(`[stroke="${light}"]{stroke:${dark}}`));
  assert.ok(svg.includes(`stroke="${light}"`), "the curve has the first colour");
  assert.equal(await plotImage({ name: "p", caption: "c", spec }), svg);
});

Deno.test("plotImage keeps markup in data and caption as text", async () => {
  const svg = await plotImage(sampleResult.plots[0]!);
  assert.match(svg, /^<svg(?:\s+[\w:-]+="[^"]*")*><style>/); // the caption holds a >
  assert.doesNotMatch(svg, /<script|<b /);
  assert.match(svg, /&lt;script&gt;/);
});

Deno.test("figure gives its box the caption as name and the image the caption as text", () => {
  const text = figure("f", "a.svg", "x < y").text;
  assert.match(text, /tabindex="0" aria-labelledby="f"><img src="a\.svg" alt="x &lt; y"><\/div>/);
  assert.match(text, /<figcaption id="f">x &lt; y<\/figcaption>/);
});
