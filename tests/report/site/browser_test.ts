/**
 * The main pages in a real browser: drawn, in both themes and at two widths, without sideways scrolling, with enough
 * contrast as computed from what is really on the screen, and usable with the keyboard alone.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { buildSite } from "../../../src/report/site/build.ts";
import { collect } from "../../../src/report/site/collect.ts";
import { writeSite } from "../../../src/report/site/write.ts";
import { realCorpus } from "../../claims/real_corpus.ts";
import { inFolder, put } from "../../record/synthetic_run.ts";
import { Browser, pixels, type View } from "./browser.ts";
import { sampleResult, withSampleFolder } from "./sample.ts";

const VIEWS: readonly View[] = [
  { width: 1280, height: 900, theme: "light" },
  { width: 1280, height: 900, theme: "dark" },
  { width: 360, height: 740, theme: "light" },
  { width: 360, height: 740, theme: "dark" },
];

/** Smallest contrast of any visible text with the ground it stands on, and where. */
const CONTRAST = `(() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const lum = (c) => {
    const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(e).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    throw new Error("no ground");
  };
  let worst = { ratio: 99, where: "" };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (node.data.trim() === "") continue;
    const [x, y] = [lum(parse(getComputedStyle(node.parentElement).color).slice(0, 3)), lum(ground(node.parentElement))];
    const ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, where: node.data.trim().slice(0, 60) };
  }
  return worst;
})()`;

/** Writes the site of the real corpus and the sample, and opens a browser on it. */
async function withSite(body: (site: Site) => Promise<void>): Promise<void> {
  await withSampleFolder(async (path) => {
    // A claim id of the real corpus, so that the table links to a published claim.
    const claims = [{ ...sampleResult.claims[0]!, id: "compress:readme/r50/linear" }];
    await put(join(path, "toy/run.json"), JSON.stringify({ ...sampleResult, claims }));
    const files = await buildSite(realCorpus(), await collect([{ path, shownAs: "sample" }]));
    const first = (pattern: RegExp) => [...files.keys()].find((p) => pattern.test(p))!;
    await inFolder(async (folder) => {
      await writeSite(folder, files);
      const pages = [
        "index.html",
        "sources/compress.html",
        "claims/compress/table1.html",
        "findings/index.html",
        first(/^findings\/statement-contradicted/),
        first(/^tables\/.*html$/),
        "runs/index.html",
        first(/^runs\/alpha.*html$/),
      ];
      await Browser.use((browser) => body({ browser, folder, pages }));
    });
  });
}

interface Site {
  readonly browser: Browser;
  readonly folder: string;
  /** One of each kind. */
  readonly pages: readonly string[];
}

/** Opens a page and checks that it fits the window, shows its images, can be read and is not blank. */
async function looksRight({ browser, folder }: Site, page: string, view: View): Promise<void> {
  const name = `${page} at ${view.width} in ${view.theme}`;
  await browser.open(join(folder, page), view);
  const size = await browser.evaluate<{ width: number; inner: number; broken: number }>(`({
    width: document.documentElement.scrollWidth,
    inner: innerWidth,
    broken: [...document.images].filter((i) => !i.complete || i.naturalWidth === 0).length,
  })`);
  assert.deepEqual(size, { width: view.width, inner: view.width, broken: 0 }, name);
  const worst = await browser.evaluate<{ ratio: number; where: string }>(CONTRAST);
  assert.ok(worst.ratio >= 4.5 && worst.ratio < 99, `${name}: ${worst.ratio.toFixed(2)} at "${worst.where}"`);
  const shot = pixels(await browser.screenshot());
  assert.deepEqual([shot.width, shot.height], [view.width, view.height], name);
  const colours = new Set<number>();
  let sum = 0, n = 0;
  for (let i = 0; i < shot.data.length; i += 7 * shot.channels) { // every seventh pixel tells enough
    colours.add(shot.data[i]! << 16 | shot.data[i + 1]! << 8 | shot.data[i + 2]!);
    sum += shot.data[i + 1]!;
    n++;
  }
  assert.ok(colours.size > 50, `${name}: ${colours.size} colours, letters have more`);
  const mean = sum / n;
  assert.ok(view.theme === "light" ? mean > 200 : mean < 70, `${name} has a mean green of ${mean}`);
}

/** Darkest (light page) or lightest (dark page) green of the page's first plot: its ink. */
async function inkOfPlot({ browser, folder }: Site, page: string, theme: View["theme"]): Promise<number> {
  await browser.open(join(folder, page), { width: 1280, height: 900, theme });
  const box = await browser.evaluate<{ x: number; y: number }>(`(() => {
    const image = document.querySelector("img");
    image.scrollIntoView();
    const { x, y } = image.getBoundingClientRect();
    return { x, y };
  })()`);
  const { data, width, channels } = pixels(await browser.screenshot());
  let low = 255, high = 0;
  for (let y = Math.ceil(box.y); y < box.y + 300; y++) {
    for (let x = Math.ceil(box.x); x < box.x + 500; x++) {
      const green = data[(y * width + x) * channels + 1]!;
      low = Math.min(low, green);
      high = Math.max(high, green);
    }
  }
  return theme === "light" ? low : high;
}

/** Presses Tab through a whole page; each stop must be the next of the document, in view and outlined. */
async function walk({ browser, folder }: Site, page: string): Promise<void> {
  const view: View = { width: 1280, height: 900, theme: "light" };
  await browser.open(join(folder, page), view);
  const stops = await browser.evaluate<number>(`(globalThis.stops =
    [...document.querySelectorAll("a[href], summary, [tabindex='0']")]).length`);
  assert.ok(stops > 15, `${stops} stops`);
  for (let i = 0; i < stops; i++) {
    await browser.press("Tab", 9);
    const at = await browser.evaluate<{ index: number; outline: string; inView: boolean }>(`(() => {
      const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
      return {
        index: stops.indexOf(e),
        outline: s.outlineStyle + s.outlineWidth,
        inView: r.bottom > 0 && r.top < innerHeight,
      };
    })()`);
    assert.deepEqual(at, { index: i, outline: "solid3px", inView: true });
  }
  await browser.open(join(folder, page), view);
  await browser.press("Tab", 9);
  await browser.press("Enter", 13);
  await browser.press("Tab", 9);
  const after = await browser.evaluate<boolean>(
    `document.querySelector("main").contains(document.activeElement)`,
  );
  assert.ok(after, "after the skip link the next stop lies in the content");
}

Deno.test("the site in a browser", (t) =>
  withSite(async (site) => {
    for (const page of site.pages) {
      await t.step(
        `${page.split("/")[0]} is drawn in both themes, fits both widths and can be read`,
        async () => {
          for (const view of VIEWS) await looksRight(site, page, view);
        },
      );
    }
    await t.step("plots follow the theme although they are images", async () => {
      const light = await inkOfPlot(site, site.pages.at(-1)!, "light");
      const dark = await inkOfPlot(site, site.pages.at(-1)!, "dark");
      assert.ok(light < 60, `dark ink on the light page, found ${light}`);
      assert.ok(dark > 200, `light ink on the dark page, found ${dark}`);
    });
    await t.step(
      "Tab walks through the page in order with a visible focus; the skip link skips",
      async () => {
        await walk(site, "sources/moco.html");
      },
    );
  }));
