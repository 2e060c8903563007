/**
 * The files of a report: a pure function of the result. Times are shown in one section that says so.
 */
import { canonical } from "../base/canonical.ts";
import { documentOf } from "./document.ts";
import { renderMarkdown } from "./markdown.ts";
import { plotFile, renderSvg } from "./plots.ts";
import { renderHtml } from "./report_html.ts";
import type { TableResult } from "./result.ts";

/** Every file of a report by its path in the output folder: `run.json`, both pages, plots. */
export async function reportFiles(result: TableResult): Promise<ReadonlyMap<string, string>> {
  const text = canonical(result);
  // From the text: its keys are sorted, so run.json alone gives the same pages.
  const doc = documentOf(JSON.parse(text));
  const files = new Map<string, string>([["run.json", `${text}\n`]]);
  const svgs = new Map<string, string>();
  for (const plot of doc.plots) {
    const svg = await renderSvg(plot);
    svgs.set(plot.name, svg);
    files.set(`plots/${plot.name}.vl.json`, plotFile(plot));
    files.set(`plots/${plot.name}.svg`, `${svg}\n`);
  }
  files.set("report.md", renderMarkdown(doc));
  files.set("report.html", renderHtml(doc, svgs));
  return files;
}

/** The JSON of `repro --json`: the result less its plots, notes and settings. Field names are an interface. */
export function interfaceJson(result: TableResult): unknown {
  const { format, table, title, scale, dataset, adapter, headline, grids, claims, checks, protocol } = result;
  return {
    format,
    table,
    title,
    scale,
    ...(dataset !== undefined && { dataset }),
    ...(adapter !== undefined && { adapter }),
    headline,
    grids,
    claims,
    checks,
    protocol,
  };
}
