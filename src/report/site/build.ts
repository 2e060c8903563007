/** All files of the site from what was read. The same input gives the same bytes. */
import { findAll } from "../../claims/audit.ts";
import type { Corpus } from "../../claims/corpus.ts";
import { claimsPath, sourcePath } from "./addresses.ts";
import { claimsPage } from "./claims_page.ts";
import type { Collection } from "./collect.ts";
import { contextOf } from "./context.ts";
import { findingList, findingPage } from "./finding_page.ts";
import { indexPage } from "./index_page.ts";
import { sourcePage } from "./source_page.ts";
import { STYLE } from "./style.ts";

/** Texts by path below the site's folder, sorted by path. */
export async function buildSite(
  corpus: Corpus,
  collection: Collection,
): Promise<ReadonlyMap<string, string>> {
  const context = contextOf({ ...collection, corpus, findings: findAll(corpus) });
  const files = new Map<string, string>([["style.css", STYLE], ["index.html", indexPage(context)]]);
  for (const source of corpus.sources) {
    files.set(sourcePath(source.id), sourcePage(context, source));
    for (const table of source.tables) files.set(claimsPath(table), claimsPage(context, source, table));
  }
  files.set("findings/index.html", findingList(context));
  for (const finding of context.findings) {
    files.set(context.address.finding(finding), findingPage(context, finding));
  }
  const { runFiles, runList } = await import("./run_page.ts"); // loads the plotting library
  const { resultFiles } = await import("./result_page.ts");
  files.set("runs/index.html", runList(context));
  for (const result of context.results) {
    for (const file of await resultFiles(context, result)) files.set(...file);
  }
  for (const run of context.runs) for (const file of await runFiles(context, run)) files.set(...file);
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}
