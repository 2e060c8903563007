import assert from "node:assert/strict";
import { posix } from "node:path";
import { buildSite } from "../../../src/report/site/build.ts";
import { collect } from "../../../src/report/site/collect.ts";
import { TIME_FIELDS } from "../../../src/record/events.ts";
import { realCorpus } from "../../claims/real_corpus.ts";
import { named, type Tag, tagsOf } from "./page.ts";
import { HOSTILE, sampleCollection, sampleCorpus, withSampleFolder } from "./sample.ts";

const sample = await buildSite(sampleCorpus(), await sampleCollection());
const real = await buildSite(realCorpus(), { results: [], runs: [], problems: ["Cannot read <it>."] });

const pagesOf = (site: ReadonlyMap<string, string>): Map<string, readonly Tag[]> =>
  new Map([...site].filter(([path]) => path.endsWith(".html")).map(([path, text]) => [path, tagsOf(text)]));

const sites = [["sample", sample, pagesOf(sample)], ["real", real, pagesOf(real)]] as const;

Deno.test("buildSite makes a page of every kind, and one for each thing of the corpus", () => {
  const corpus = realCorpus();
  const pages = [...real.keys()];
  const under = (folder: string) => pages.filter((p) => p.startsWith(`${folder}/`) && p.endsWith(".html"));
  assert.equal(under("sources").length, corpus.sources.length);
  assert.equal(under("claims").length, corpus.sources.flatMap((s) => s.tables).length);
  assert.ok(under("findings").length > 80, `${under("findings").length} findings`);
  assert.equal([...sample.keys()].filter((p) => p.startsWith("tables/") && p.endsWith(".html")).length, 1);
  assert.equal([...sample.keys()].filter((p) => p.startsWith("runs/") && p.endsWith(".html")).length, 4);
});

Deno.test("buildSite: every internal link and image leads to a file of the site, every fragment to an element", () => {
  for (const [name, site, pages] of sites) {
    let links = 0;
    const reached = new Set(["index.html"]);
    for (const [path, tags] of pages) {
      for (const tag of tags) {
        const address = tag.attributes.href ?? tag.attributes.src;
        if (address === undefined || address === "data:,") continue;
        assert.doesNotMatch(address, /^[a-z]+:|^\//, `${path}: only relative addresses`);
        const [file = "", fragment] = address.split("#");
        const target = file === "" ? path : posix.join(posix.dirname(path), file);
        assert.ok(site.has(target), `${name}: ${path} links to ${target}, which is not there`);
        if (tag.name === "a") reached.add(target);
        if (fragment !== undefined) {
          const there = pages.get(target)!.some((t) => t.attributes.id === fragment);
          assert.ok(there, `${name}: ${path} links to ${target}#${fragment}, which is not there`);
        }
        links++;
      }
    }
    assert.ok(links > 100, `${links} links`);
    assert.deepEqual(
      [...pages.keys()].filter((p) => !reached.has(p)),
      [],
      `${name}: pages that no link reaches`,
    );
  }
});

Deno.test("buildSite: headings in order, unique ids, captions, scopes, texts of links and images", () => {
  for (const [, , pages] of sites) {
    for (const [path, tags] of pages) {
      const levels = named(tags, "h1", "h2", "h3", "h4").map((t) => Number(t.name[1]));
      assert.equal(levels.filter((l) => l === 1).length, 1, `${path}: one h1`);
      levels.forEach((l, i) =>
        assert.ok(l <= (levels[i - 1] ?? 0) + 1, `${path}: h${l} after h${levels[i - 1]}`)
      );
      const ids = tags.flatMap((t) => t.attributes.id ?? []);
      assert.equal(new Set(ids).size, ids.length, `${path}: an id twice`);
      for (const table of named(tags, "table")) {
        const caption = tags.find((t) => t.name === "caption" && t.parent === table);
        assert.ok(caption && caption.text.trim() !== "", `${path}: a table without a caption`);
        assert.equal(table.parent!.attributes.class, "box", `${path}: a table outside its box`);
      }
      for (const th of named(tags, "th")) assert.match(th.attributes.scope ?? "", /^(row|col)$/, path);
      for (const a of named(tags, "a")) assert.notEqual(a.text.trim(), "", `${path}: a link without a text`);
      for (const img of named(tags, "img")) assert.notEqual((img.attributes.alt ?? "").trim(), "", path);
      for (const { attributes } of tags) {
        const label = attributes["aria-labelledby"];
        assert.ok(label === undefined || ids.includes(label), `${path}: no element is named ${label}`);
      }
      for (const name of ["main", "header", "footer", "title"]) {
        assert.equal(named(tags, name).length, 1, path);
      }
    }
  }
});

Deno.test("buildSite: the order of the keyboard is the order of the page, starting with the skip link", () => {
  for (const [, , pages] of sites) {
    for (const [path, tags] of pages) {
      const stops = tags.filter((t) => t.name === "a" || t.attributes.tabindex !== undefined);
      assert.equal(stops[0]!.attributes.href, "#main", path);
      for (const stop of stops) {
        assert.ok(Number(stop.attributes.tabindex ?? 0) <= 0, `${path}: a positive tabindex`);
      }
      for (const box of tags.filter((t) => t.attributes.class === "box")) {
        assert.equal(box.attributes.tabindex, "0", `${path}: a box that scrolls but takes no focus`);
      }
    }
  }
});

Deno.test("buildSite: no script, no handler, no style attribute, nothing from elsewhere, whatever the texts hold", () => {
  for (const [, , pages] of sites) {
    for (const [path, tags] of pages) {
      for (const { name, attributes } of tags) {
        assert.ok(
          !["script", "iframe", "object", "form", "style", "b", "base"].includes(name),
          `${path}: ${name}`,
        );
        for (const key of Object.keys(attributes)) assert.doesNotMatch(key, /^on|^style$/, path);
      }
    }
  }
  for (const [path, text] of [...sample, ...real]) {
    if (path.endsWith(".svg")) {
      assert.doesNotMatch(
        text,
        /<(script|image|a|foreignObject)\b|<[^>]* (on[a-z]+|href|xlink:href)="/,
        path,
      );
    }
  }
});

Deno.test("buildSite shows hostile texts as they are written: claim, quote, statement, doubt, result, note, plot", () => {
  const shown = (path: string) => tagsOf(sample.get(path)!).find((t) => t.name === "body")!.text;
  const result = [...sample.keys()].find((p) => p.startsWith("tables/"))!.replace(/-plot-1\.svg$/, ".html");
  assert.equal(shown("claims/demo/t1.html").split(HOSTILE).length - 1, 3); // heading and two quotes
  for (const text of [`We win ${HOSTILE}`, `Really ${HOSTILE}?`]) {
    assert.ok(shown("sources/demo.html").includes(text));
  }
  for (
    const text of [
      `Demo ${HOSTILE}`,
      `A note ${HOSTILE} with code.`,
      `We win ${HOSTILE}`,
      `A curve ${HOSTILE}`,
    ]
  ) {
    assert.ok(shown(result).includes(text), text);
  }
});

Deno.test("buildSite gives the same bytes for the same input", async () => {
  const again = await buildSite(sampleCorpus(), await sampleCollection());
  assert.deepEqual([...again], [...sample]);
});

/** The site without what its pages mark as times. */
function untimed(site: ReadonlyMap<string, string>): [string, string][] {
  return [...site].map((
    [path, text],
  ) => [path, text.replace(/<section class="times">[\s\S]*?<\/section>/g, "")]);
}

Deno.test("buildSite: other times and an interruption change the marked sections alone, and no address", async () => {
  const other = await withSampleFolder(async (folder) => {
    for await (const file of jsonFiles(folder)) {
      const text = await Deno.readTextFile(file);
      const lines = file.endsWith(".jsonl") ? text.trimEnd().split("\n") : [text];
      const changed = lines.filter((l) => !/"event":"(resume|fault)"/.test(l)).map((l) =>
        JSON.stringify(retimed(JSON.parse(l)))
      );
      await Deno.writeTextFile(file, `${changed.join("\n")}\n`);
    }
    return await buildSite(sampleCorpus(), await collect([{ path: folder, shownAs: "sample" }]));
  });
  assert.notDeepEqual([...other], [...sample]);
  assert.deepEqual(untimed(other), untimed(sample));
});

async function* jsonFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* jsonFiles(path);
    else if (/^(run\.json|events\.jsonl)$/.test(entry.name)) yield path;
  }
}

/** A copy in which every field of TIME_FIELDS says something else. */
function retimed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(retimed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [
      key,
      !TIME_FIELDS.has(key)
        ? retimed(v)
        : typeof v === "number"
        ? v + 5
        : typeof v === "object"
        ? { value: 5 } // the cell of a grid
        : "2031-01-01T00:00:00.000Z",
    ]),
  );
}

Deno.test("buildSite says on the first page what could not be read", () => {
  const tags = tagsOf(real.get("index.html")!);
  assert.ok(named(tags, "li").some((t) => t.text === "Cannot read <it>."));
});
