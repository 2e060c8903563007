/**
 * Plots as image files. An image cannot run anything or reach anything, whoever wrote its specification; it follows
 * the reader's light or dark setting through a style sheet of its own.
 */
import type { Plot } from "../result.ts";
import { COLOURS, INKS, renderSvg } from "../plots.ts";
import { type Html, markup } from "./html.ts";

/** Rules on attributes win over the attributes themselves. */
const DARK = [...INKS, ...COLOURS].map(([light, dark]) =>
  `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`
).join("");

const STYLE = `<style>@media (prefers-color-scheme:dark){${DARK}}</style>`;

/** The drawing as the text of an SVG file. */
export async function plotImage(plot: Plot): Promise<string> {
  const svg = await renderSvg(plot);
  const [tag] = svg.match(/^<svg(?:\s+[\w:-]+="[^"]*")*>/)!; // a caption may hold a >
  return `${tag}${STYLE}${svg.slice(tag.length)}\n`;
}

/** A figure that scrolls inside its own box where the page is narrower than the plot. */
export function figure(id: string, address: string, caption: string): Html {
  const image = markup`<img src="${address}" alt="${caption}">`;
  return markup`<figure>
<div class="box" role="region" tabindex="0" aria-labelledby="${id}">${image}</div>
<figcaption id="${id}">${caption}</figcaption>
</figure>
`;
}
