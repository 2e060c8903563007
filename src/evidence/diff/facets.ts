/**
 * What two runs were made from, facet by facet: what was asked (specification, seed, protocol), what was loaded (data,
 * decoder), what computed (program, kernels, code) and where (adapter, runtime). A facet that a run did not record is
 * `unknown`, never `same`.
 */
import { type Difference, differencesOf } from "../../record/differences.ts";
import { type EventOf, eventsOf } from "../../record/events.ts";
import type { Recorded } from "../../record/run_folder.ts";

/** The facets, in the order of the report. */
export const FACETS = [
  "specification",
  "seed",
  "protocol",
  "data",
  "decoder",
  "program",
  "kernels",
  "code",
  "adapter",
  "runtime",
] as const;
export type FacetName = (typeof FACETS)[number];

export interface Facet {
  readonly name: FacetName;
  readonly state: "same" | "different" | "unknown";
  readonly differences: readonly Difference[];
  /** What a reader must know about the state. */
  readonly note?: string;
}

/** Parts of a specification that have a facet of their own. */
const ELSEWHERE = new Set(["seed", "data", "evaluation", "probes", "checkpointEvery"]);

/** Compares what two runs were made from. */
export function compareFacets(a: Recorded, b: Recorded): Facet[] {
  const part = (keep: (key: string) => boolean) => (run: Recorded) =>
    Object.fromEntries(Object.entries(run.spec).filter(([key]) => keep(key)));
  const facet = (name: FacetName, of: (run: Recorded) => unknown): Facet =>
    stated(name, differencesOf(of(a), of(b)));
  const both = <T>(of: (run: Recorded) => T): [T, T] => [of(a), of(b)];
  return [
    facet("specification", part((key) => !ELSEWHERE.has(key))),
    facet("seed", part((key) => key === "seed")),
    stated("protocol", [
      ...differencesOf(...both(part((key) => ["evaluation", "probes", "checkpointEvery"].includes(key)))),
      ...compareProtocols(a, b),
    ]),
    ...compareData(a, b),
    recorded("program", startOf(a)?.program, startOf(b)?.program, "no run-start event"),
    recorded("kernels", a.environment?.code.kernels, b.environment?.code.kernels, NO_ENVIRONMENT),
    compareCode(a, b),
    compareAdapter(a, b),
    recorded("runtime", runtimeOf(a), runtimeOf(b), NO_ENVIRONMENT),
  ];
}

const NO_ENVIRONMENT = "no environment.json";

function compareCode(a: Recorded, b: Recorded): Facet {
  const content = (run: Recorded) =>
    run.environment && { source: run.environment.code.source, lock: run.environment.code.lock };
  const { state, differences, note } = recorded("code", content(a), content(b), NO_ENVIRONMENT);
  const name = (run: Recorded) =>
    run.environment && {
      version: run.environment.code.version,
      commit: run.environment.machine.commit,
      dirty: run.environment.machine.dirty,
    };
  const names = differencesOf(name(a), name(b));
  if (state === "unknown") return { name: "code", state, differences, note: note! };
  const same = state === "same" && names.length > 0;
  return {
    name: "code",
    state,
    differences: [...names, ...differences],
    ...(same && { note: "the files are the same, whatever commit they are from" }),
  };
}

function compareAdapter(a: Recorded, b: Recorded): Facet {
  const machine = (run: Recorded) =>
    run.environment?.machine.adapterClass ? run.environment.machine : undefined;
  const fingerprint = (run: Recorded) => machine(run)?.adapter ?? undefined;
  const without = a.environment && b.environment ? "a run without an adapter" : NO_ENVIRONMENT;
  const facet = recorded("adapter", fingerprint(a), fingerprint(b), without);
  if (facet.state === "unknown") return facet;
  return machine(a)!.adapterClass === machine(b)!.adapterClass ? facet : { ...facet, state: "different" };
}

function runtimeOf({ environment }: Recorded): unknown {
  if (!environment) return undefined;
  const { runtime, v8, os, cpu, cpus } = environment.machine;
  return { runtime, v8, os, cpu, cpus };
}

/** What the evaluations said of themselves, at the first step where both runs evaluated. */
function compareProtocols(a: Recorded, b: Recorded): Difference[] {
  const [left, right] = [eventsOf(a.events, "eval"), eventsOf(b.events, "eval")];
  const step = left.find((e) => right.some((other) => other.step === e.step))?.step;
  if (step === undefined) return [];
  const protocols = (evals: typeof left) =>
    Object.fromEntries(evals.filter((e) => e.step === step).map((e, i) => [`evaluated${i}`, e.protocol]));
  return differencesOf(protocols(left), protocols(right));
}

/**
 * Data by list and pixels, the decoder by what it did: the same images with other pixels were decoded or resized
 * otherwise (or the archive was edited), and equal pixels prove that the decoders agree, whatever their names.
 */
function compareData(a: Recorded, b: Recorded): Facet[] {
  const [left, right] = [startOf(a)?.data, startOf(b)?.data];
  const asked = differencesOf({ data: a.spec["data"] }, { data: b.spec["data"] });
  if (!left || !right) {
    const note = "no run-start event";
    return [
      asked.length > 0 ? stated("data", asked) : { name: "data", state: "unknown", differences: [], note },
      { name: "decoder", state: "unknown", differences: [], note },
    ];
  }
  const uses = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  const images: Difference[] = [...asked], pixels: Difference[] = [];
  let compared = 0;
  for (const use of uses) {
    const [x, y] = [left[use], right[use]];
    if (x && y && x.list === y.list && x.name === y.name) {
      compared++;
      pixels.push(...differencesOf({ [`${use}.pixels`]: x.pixels }, { [`${use}.pixels`]: y.pixels }));
    } else images.push(...differencesOf({ [use]: x }, { [use]: y }));
  }
  const decoder: Facet = pixels.length > 0
    ? {
      name: "decoder",
      state: "different",
      differences: pixels,
      note:
        "the same list of images gave other pixels: another decoder or resize kernel, or an edited archive",
    }
    : compared > 0
    ? { name: "decoder", state: "same", differences: [] }
    : { name: "decoder", state: "unknown", differences: [], note: "no list of images is common to both" };
  return [stated("data", images), decoder];
}

function stated(name: FacetName, differences: readonly Difference[]): Facet {
  return { name, state: differences.length > 0 ? "different" : "same", differences };
}

function recorded(name: FacetName, a: unknown, b: unknown, missing: string): Facet {
  if (a !== undefined && b !== undefined) return stated(name, differencesOf({ [name]: a }, { [name]: b }));
  const who = a === undefined && b === undefined ? "both runs have" : `${a === undefined ? "A" : "B"} has`;
  return { name, state: "unknown", differences: [], note: `${who} ${missing}` };
}

function startOf(run: Recorded): EventOf<"run-start"> | undefined {
  return eventsOf(run.events, "run-start")[0];
}
