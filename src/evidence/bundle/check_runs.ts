/** What the runs of a bundle must be: their events, seeds, checkpoints, data and claims. */
import { join } from "node:path";
import { manifestNames, readManifest } from "../../data/manifest.ts";
import { projectRoot } from "../../base/project_root.ts";
import { canonicalHash, without } from "../../base/canonical.ts";
import { checkEvents } from "../../record/event_rules.ts";
import { type Event, eventsOf } from "../../record/events.ts";
import type { BundleContent, BundleRun } from "./content.ts";
import type { BundleFiles } from "../../record/files.ts";
import { type Line, notChecked, ok, tampered } from "./line.ts";
import { NAMES } from "../../record/paths.ts";

/** Order rules, and that the events belong to the specification beside them. */
export function checkEventLogs(runs: readonly BundleRun[]): Line[] {
  const lines = runs.flatMap((run): Line[] => {
    const log = `${run.folder}events.jsonl`;
    const breach = checkEvents(run.events)[0];
    if (breach) {
      const place = breach.index === undefined ? log : `${log}:${breach.index + 1}`;
      return [tampered("events", place, `rule ${breach.rule}: ${breach.message}`)];
    }
    const [start] = eventsOf(run.events, "run-start");
    if (start!.spec !== run.specHash) {
      return [tampered("events", `${run.folder}spec.json`, "the events are of another specification")];
    }
    const agree = (["method", "seed", "batch"] as const).find((name) =>
      name in run.spec && run.spec[name] !== start![name]
    );
    return agree === undefined ? [] : [
      tampered(
        "events",
        `${log}:1`,
        `${agree} is ${start![agree]}, the specification says ${run.spec[agree]}`,
      ),
    ];
  });
  if (lines.length > 0 || runs.length === 0) return lines;
  const total = runs.reduce((sum, run) => sum + run.events.length, 0);
  return [
    ok("events", `${total} events of ${runs.length} ${runs.length === 1 ? "run" : "runs"} keep every rule`),
  ];
}

/** Parts of a specification that leave the training as it is: two runs that differ in them alone are one run twice. */
const NOT_TRAINING: ReadonlySet<string> = new Set(["seed", "evaluation", "probes", "checkpointEvery"]);

/** Runs of one table must be different runs: no seed twice, and no outcome under two seeds. */
export function checkSeeds(runs: readonly BundleRun[]): Line[] {
  const lines: Line[] = [];
  const seeds = new Map<string, BundleRun>();
  const outcomes = new Map<string, BundleRun>();
  for (const run of runs) {
    const [start] = eventsOf(run.events, "run-start");
    const [stop] = eventsOf(run.events, "run-stop");
    if (!start || !stop) continue; // the rules of events say so
    const training = canonicalHash(without(run.spec, NOT_TRAINING));
    const seed = `${training} ${start.seed}`;
    const place = `${run.folder}events.jsonl:1`;
    const twin = seeds.get(seed);
    if (twin) {
      lines.push(tampered("seeds", place, `seed ${start.seed} is reused: ${twin.folder} has it as well`));
    }
    seeds.set(seed, run);
    const outcome = canonicalHash([stop.state, stop.step, losses(run.events)]);
    const copy = outcomes.get(outcome);
    if (copy && !twin && stop.step > 0) {
      lines.push(
        tampered(
          "seeds",
          place,
          `the run ends exactly as ${copy.folder} does: it is a copy under another name`,
        ),
      );
    }
    outcomes.set(outcome, run);
  }
  if (lines.length > 0 || runs.length === 0) return lines;
  return [ok("seeds", `${runs.length} runs, no seed used twice and no outcome copied`)];
}

function losses(events: readonly Event[]): number[] {
  return eventsOf(events, "metrics").flatMap((e) => e.series.loss ?? []);
}

/** Checkpoints in the bundle are those of the events, and there are no others. */
export async function checkCheckpoints(files: BundleFiles, runs: readonly BundleRun[]): Promise<Line[]> {
  const lines: Line[] = [];
  let included = 0, referenced = 0;
  for (const run of runs) {
    const named = new Set<string>();
    for (const [i, e] of run.events.entries()) {
      if (e.event !== "checkpoint") continue;
      const path = run.folder + e.file;
      named.add(path);
      const size = files.sizes.get(path);
      if (size === undefined) referenced++;
      else if (size !== e.bytes || await files.hash(path) !== e.sha256) {
        lines.push(
          tampered(
            "checkpoints",
            path,
            `it is not the checkpoint that ${run.folder}events.jsonl:${i + 1} names`,
          ),
        );
      } else included++;
    }
    for (const path of files.sizes.keys()) {
      if (path.startsWith(`${run.folder}checkpoints/`) && !named.has(path)) {
        lines.push(tampered("checkpoints", path, "no event names this checkpoint"));
      }
    }
  }
  if (included > 0) lines.push(ok("checkpoints", `${included} checkpoints are those that the events name`));
  if (referenced > 0) {
    lines.push(
      notChecked(
        "checkpoints",
        `${referenced} checkpoints are by reference: digest in the events, file elsewhere`,
      ),
    );
  }
  return lines;
}

/** Hashes of the data that was loaded, against this program's manifests. */
export async function checkData(runs: readonly BundleRun[], root: string = projectRoot()): Promise<Line[]> {
  const used = new Map<
    string,
    { name: string; split: string; pixels: string; list: string; images: number }
  >();
  for (const run of runs) {
    for (const start of eventsOf(run.events, "run-start")) {
      for (const d of Object.values(start.data)) used.set(`${d.name} ${d.split} ${d.pixels} ${d.list}`, d);
    }
  }
  const names = new Set(used.size > 0 ? await manifestNames(root) : []);
  const lines: Line[] = [];
  for (const d of used.values()) {
    const what = `${d.name} (${d.split}, ${d.images} images)`;
    const manifest = names.has(d.name) ? await readManifest(d.name, root) : undefined;
    const known = manifest?.expected.some((e) =>
      e.split === d.split && e.pixels === d.pixels && e.list === d.list
    );
    lines.push(
      known ? ok("data", `${what}: pixels and list have the hashes of this program's manifest`) : notChecked(
        "data",
        `${what}: this program's manifest records no hashes for it that agree, so the data is as stated`,
      ),
    );
  }
  return lines;
}

/** The published numbers in the bundle, against this program's. */
export async function checkClaims(content: BundleContent, root: string = projectRoot()): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [path, text] of content.claims) {
    const name = path.slice(NAMES.claims.length);
    const ours = /^[\w.-]+$/.test(name)
      ? await Deno.readTextFile(join(root, "claims", name)).catch(() => undefined)
      : undefined;
    lines.push(
      ours === text
        ? ok("claims", `${path} is this program's`)
        : notChecked("claims", `${path} differs from this program's, which may be of another version`, path),
    );
  }
  return lines;
}
