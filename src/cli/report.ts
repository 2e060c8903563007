import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { loadCorpus } from "../claims/corpus.ts";
import { plural } from "../report/site/blocks.ts";
import { buildSite } from "../report/site/build.ts";
import { collect, type Root } from "../report/site/collect.ts";
import { writeSite } from "../report/site/write.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "Static pages of all results, claims, findings and runs, readable without a network";

const options = object({
  out: withDefault(
    option("--out", string({ metavar: "DIR" }), {
      description: message`Folder of the site: new, empty or an earlier site.`,
    }),
    "out/site",
  ),
  runs: optional(option("--runs", string({ metavar: "DIR" }), {
    description:
      message`Folder with runs and reports, as repro leaves them. Default runs, where there is one.`,
  })),
  results: optional(option("--results", string({ metavar: "DIR" }), {
    description:
      message`Folder with further results or bundles, besides the reports that come with the program.`,
  })),
});

/** Builds the site. Reads claims and reports beside the program and the named folders; writes only to `--out`. */
export async function run(args: readonly string[]): Promise<number> {
  const { out, runs, results } = parseArgs(
    {
      name: "report",
      summary,
      examples: message`./run report --results bundles --out site`,
    },
    options,
    args,
  );
  const corpus = await loadCorpus(new URL("../../claims/", import.meta.url));
  const collection = await collect(await roots(runs, results));
  const files = await buildSite(corpus, collection);
  const folder = userPath(out);
  await writeSite(folder, files);
  const pages = [...files.keys()].filter((path) => path.endsWith(".html")).length;
  console.log(
    `${pages} pages: ${corpus.claims.length} claims, ${
      plural(collection.results.length, "reproduced table")
    }, ` +
      `${plural(collection.runs.length, "run")}. Open ${join(folder, "index.html")}`,
  );
  for (const problem of collection.problems) console.error(problem);
  return collection.problems.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** Folders to read: the committed reports, then what the caller named. A default that is not there is left out. */
async function roots(runs: string | undefined, results: string | undefined): Promise<Root[]> {
  const folders: Root[] = [];
  const add = (path: string, shownAs = basename(path)) => {
    if (!folders.some((f) => f.path === path)) folders.push({ path, shownAs });
  };
  const present = (path: string) => Deno.stat(path).then((info) => info.isDirectory, () => false);
  const reports = fileURLToPath(new URL("../../reports", import.meta.url));
  if (await present(reports)) add(reports, "reports");
  if (results !== undefined) add(userPath(results));
  if (runs !== undefined) add(userPath(runs));
  else if (await present(userPath("runs"))) add(userPath("runs"));
  return folders;
}
