/** One recorded run: what was asked for, what happened, what it gave, where. */
import { digestEvents, type Event, eventsOf, INTERRUPTIONS } from "../../record/events.ts";
import { resultsOf } from "../../record/index/results.ts";
import { bytes, count } from "../../base/text.ts";
import { short } from "../cells.ts";
import { facts, hash, plural, tableBox } from "./blocks.ts";
import type { FoundRun } from "./collect.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, markup, type Part } from "./html.ts";
import { figure, plotImage } from "./plot_image.ts";
import { runCurves } from "./run_curves.ts";
import { environmentSection, timesSection } from "./run_sections.ts";

const LIST = "runs/index.html";

/** The page and its images, by path. */
export async function runFiles(context: Context, run: FoundRun): Promise<Map<string, string>> {
  const path = context.address.run(run);
  const files = new Map<string, string>();
  const figures: Html[] = [];
  for (const plot of runCurves(run.recorded.events)) {
    const image = `${path.slice(0, -".html".length)}-${plot.name}.svg`;
    files.set(image, await plotImage(plot));
    figures.push(figure(`figure-${plot.name}`, link(path, image), plot.caption));
  }
  files.set(path, runPage(context, run, figures));
  return files;
}

function runPage(context: Context, run: FoundRun, figures: readonly Html[]): string {
  const path = context.address.run(run);
  const { events, spec, specHash, environment } = run.recorded;
  const [start] = eventsOf(events, "run-start"), [stop] = eventsOf(events, "run-stop");
  const results = context.results.filter((r) => r.runs.includes(run.digest));
  const body = markup`${
    facts([
      ["status", standing(run)],
      ["method", start && markup`<code>${start.method}</code>`],
      ["seed", start?.seed],
      [
        "steps",
        start &&
        `${count(stop?.step ?? lastStep(events))} of ${count(start.steps)}, batches of ${start.batch}`,
      ],
      ["planned peak", stop && `${bytes(stop.plannedBytes)} (${count(stop.plannedBytes)} bytes)`],
      ["allocated peak", stop && `${bytes(stop.peakBytes)} (${count(stop.peakBytes)} bytes)`],
      [
        "tables",
        results.length > 0 &&
        results.map((r, i) =>
          markup`${i > 0 && ", "}<a href="${
            link(path, context.address.result(r))
          }">${r.result.table}, ${r.result.scale}</a>`
        ),
      ],
    ])
  }
${figures.length > 0 && markup`<h2 id="curves">Curves</h2>${figures}`}
${evaluations(events)}
<h2 id="hashes">Hashes</h2>
<p>SHA-256. Two runs that agree in specification and events are the same run; times are outside both.</p>
${
    facts([
      ["specification", hash(specHash)],
      ["events", hash(digestEvents(events))],
      ["program", start && hash(start.program)],
      ["state at the start", start && hash(start.state)],
      ["state at the end", stop && hash(stop.state)],
    ])
  }
${start && datasets(Object.entries(start.data))}
${checkpoints(events)}
<h2 id="events">Events</h2>
${
    tableBox(
      "events-caption",
      "How often each event was recorded, in the order of first appearance.",
      [{ title: "event", kind: "head" }, { title: "times", kind: "number" }],
      [...eventCounts(events)].map(([name, n]) => ({ cells: [name, count(n)] })),
    )
  }
<h2 id="specification">Specification</h2>
${
    tableBox(
      "spec-caption",
      markup`<code>spec.json</code>, committed before the run.`,
      [{ title: "field", kind: "head" }, { title: "value", kind: "wrap" }],
      flatten(spec).map(([field, value]) => ({ cells: [markup`<code>${field}</code>`, value] })),
    )
  }
${environment && environmentSection(environment)}
${timesSection(run.recorded)}
`;
  return frame({ path, title: `Run ${run.name}`, trail: [{ title: "Runs", path: LIST }], body });
}

/** All runs. */
export function runList(context: Context): string {
  const { runs, address } = context;
  const body = runs.length === 0
    ? markup`<p>None is recorded here yet. <code>./run train</code> and <code>./run repro</code> make them.</p>`
    : tableBox(
      "runs-caption",
      `${
        plural(runs.length, "recorded run")
      }. The last evaluation of each probe is shown; accuracies in percent.`,
      [
        { title: "run", kind: "head" },
        { title: "method" },
        { title: "seed", kind: "number" },
        { title: "steps", kind: "number" },
        { title: "results" },
        { title: "status" },
        { title: "specification" },
      ],
      runs.map((run) => {
        const { events, specHash } = run.recorded;
        const [start] = eventsOf(events, "run-start");
        const results = resultsOf(events);
        return {
          cells: [
            markup`<a href="${link(LIST, address.run(run))}">${run.name}</a>`,
            start?.method ?? "",
            start?.seed ?? "",
            count(lastStep(events)),
            Object.keys(results).length > 0 ? valuesText(results) : "none",
            standing(run),
            markup`<code>${specHash.slice(0, 12)}</code>`,
          ],
        };
      }),
    );
  return frame({ path: LIST, title: "Runs", trail: [], body });
}

function standing({ recorded: { status } }: FoundRun): Html {
  const tone = status === "completed" ? " good" : status === "failed" ? " bad" : " warn";
  return markup`<span class="badge${tone}">${status}</span>`;
}

function lastStep(events: readonly Event[]): number {
  return Math.max(0, ...events.map((e) => e.event === "metrics" ? e.to : 0));
}

const valuesText = (values: Readonly<Record<string, number>>): string =>
  Object.entries(values).map(([name, v]) => `${name} ${short(v)}`).join(", ");

function evaluations(events: readonly Event[]): Part {
  const found = eventsOf(events, "eval");
  if (found.length === 0) return undefined;
  return markup`<h2 id="evaluations">Evaluations</h2>
${
    tableBox(
      "evaluations-caption",
      "What was measured, and how.",
      [
        { title: "step", kind: "head" },
        { title: "epoch", kind: "number" },
        { title: "values" },
        { title: "protocol", kind: "wrap" },
      ],
      found.map((e) => ({
        cells: [
          count(e.step),
          e.epoch,
          valuesText(e.values),
          Object.entries(e.protocol).map(([key, v]) => `${key} ${v}`).join(", "),
        ],
      })),
    )
  }`;
}

type Loaded = ReturnType<typeof eventsOf<"run-start">>[number]["data"][string];

function datasets(entries: readonly (readonly [string, Loaded])[]): Html {
  return markup`<h2 id="data">Data</h2>
${
    tableBox(
      "data-caption",
      "What was really loaded: SHA-256 of the pixels and of the list of images.",
      [
        { title: "use", kind: "head" },
        { title: "dataset" },
        { title: "split" },
        { title: "images", kind: "number" },
        { title: "pixels" },
        { title: "list" },
      ],
      entries.map(([use, d]) => ({
        cells: [use, d.name, d.split, count(d.images), hash(d.pixels), hash(d.list)],
      })),
    )
  }`;
}

function checkpoints(events: readonly Event[]): Part {
  const found = eventsOf(events, "checkpoint");
  if (found.length === 0) return undefined;
  return markup`<h2 id="checkpoints">Checkpoints</h2>
${
    tableBox(
      "checkpoints-caption",
      "Each interval between two of them can be replayed and compared by its state hash.",
      [
        { title: "step", kind: "head" },
        { title: "file" },
        { title: "bytes", kind: "number" },
        { title: "SHA-256" },
        { title: "state" },
      ],
      found.map((c) => ({
        cells: [count(c.step), markup`<code>${c.file}</code>`, count(c.bytes), hash(c.sha256), hash(c.state)],
      })),
    )
  }`;
}

function eventCounts(events: readonly Event[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { event } of events) {
    if (!INTERRUPTIONS.has(event)) counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  return counts;
}

/** Fields of nested objects by their path, sorted. */
export function flatten(value: unknown, path = ""): [string, string][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    return Object.keys(value).sort().flatMap((key) =>
      flatten((value as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`)
    );
  }
  return [[path, typeof value === "string" ? value : JSON.stringify(value)]];
}
