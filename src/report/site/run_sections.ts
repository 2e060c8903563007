/** Where a run happened, and the readings that are excluded from digests. */
import type { Environment } from "../../record/environment.ts";
import { type Event, eventsOf, INTERRUPTIONS } from "../../record/events.ts";
import type { Recorded } from "../../record/run_folder.ts";
import { bytes, count } from "../../base/text.ts";
import { facts, hash, tableBox } from "./blocks.ts";
import { type Html, markup, type Part } from "./html.ts";

/** Code and machine of a run. */
export function environmentSection({ code, machine }: Environment): Html {
  const { adapter } = machine;
  const kernels = Object.entries(code.kernels);
  const commit = machine.commit !== null &&
    markup`<code>${machine.commit}</code>${machine.dirty === true && ", with uncommitted changes"}`;
  return markup`<h2 id="environment">Environment</h2>
<h3>Code, which decides the numbers</h3>
${
    facts([
      ["version", `Assay ${code.version}`],
      ["commit", commit],
      ["source", hash(code.source)],
      ["lock file", hash(code.lock)],
    ])
  }
${
    kernels.length > 0 &&
    markup`<details><summary>Hashes of ${kernels.length} kernel files</summary>
${
      tableBox(
        "kernels-caption",
        "SHA-256 of each kernel file.",
        [{ title: "file", kind: "head" }, { title: "SHA-256" }],
        kernels.map(([name, value]) => ({ cells: [markup`<code>${name}</code>`, hash(value)] })),
      )
    }</details>`
  }
<h3>Machine</h3>
${
    facts([
      ["adapter", adapter ? `${adapter.description || adapter.device} (${adapter.vendor})` : "none"],
      ["adapter class", machine.adapterClass !== null && hash(machine.adapterClass)],
      ["runtime", machine.runtime],
      ["system", machine.os],
      ["processor", machine.cpu !== null && `${machine.cpu}, ${machine.cpus} cores`],
      ["memory", machine.memoryBytes !== null && bytes(machine.memoryBytes)],
    ])
  }`;
}

/** Readings of the clock and of the system, and interruptions: marked, because no digest includes them. */
export function timesSection({ events }: Recorded): Html {
  const [stop] = eventsOf(events, "run-stop");
  const first = events[0], last = events.at(-1);
  return markup`<section class="times"><h2 id="times">Times</h2>
<p>Readings of the clock and of the operating system. They vary from run to run and are excluded from hashes and verdicts.</p>
${
    facts([
      ["first event", first && moment(first.time)],
      ["last event", last && moment(last.time)],
      ["seconds", stop?.seconds !== undefined && stop.seconds.toFixed(1)],
      ["median ms a step", stop?.stepMs !== undefined && stop.stepMs.toFixed(1)],
      ["resident", stop?.residentBytes !== undefined && bytes(stop.residentBytes)],
    ])
  }
${interruptions(events)}</section>
`;
}

const moment = (time: string): Html => markup`<time datetime="${time}">${time}</time>`;

function interruptions(events: readonly Event[]): Part {
  const found = events.filter((e) => INTERRUPTIONS.has(e.event));
  if (found.length === 0) return undefined;
  return tableBox(
    "interruptions-caption",
    "Interruptions: they tell of an attempt, not of the run.",
    [{ title: "event", kind: "head" }, { title: "step", kind: "number" }, { title: "what", kind: "wrap" }],
    found.map((e) => ({
      cells: [
        e.event,
        "step" in e ? count(e.step) : "",
        e.event === "fault" ? e.message : e.event === "resume" ? e.file : "",
      ],
    })),
  );
}
