import assert from "node:assert/strict";
import { sha256 } from "../../src/base/canonical.ts";
import { type Breach, checkEvents, PLACEMENT, RULES, RuleState } from "../../src/record/event_rules.ts";
import { readEventLog } from "../../src/record/event_log.ts";
import { type Event, VOCABULARY } from "../../src/record/events.ts";
import { inFolder, specOf, trainSynthetic } from "./synthetic_run.ts";

const log: readonly Event[] = await inFolder(async (folder) => {
  await trainSynthetic(folder, specOf("alpha", 1));
  return (await readEventLog(`${folder}/events.jsonl`)).events;
});

/** The log with the first event of a name changed. */
const change = (name: Event["event"], fields: Record<string, unknown>, nth = 0): Event[] => {
  const at = log.map((e, i) => [e.event, i] as const).filter(([n]) => n === name)[nth]![1];
  return log.map((e, i) => i === at ? { ...e, ...fields } as Event : e);
};
const renumber = (events: readonly Event[]): Event[] => events.map((e, seq) => ({ ...e, seq }));
const ruleOf = (events: readonly Event[]): string => {
  const found: Breach[] = checkEvents(events);
  assert.equal(found.length, 1, JSON.stringify(found));
  return found[0]!.rule;
};

Deno.test("checkEvents finds nothing in a sound log", () => assert.deepEqual(checkEvents(log), []));

Deno.test("PLACEMENT speaks of every event of the vocabulary", () => {
  assert.deepEqual(Object.keys(PLACEMENT).sort(), Object.keys(VOCABULARY).sort());
});

const broken: Readonly<Record<string, readonly Event[][]>> = {
  first: [renumber(log.slice(1)), renumber([log[0]!, ...log])],
  last: [renumber([...log, log[1]!])],
  spec: [change("eval", { spec: sha256("another") })],
  seq: [change("metrics", { seq: 99 }), log.toSpliced(5, 1)],
  metrics: [
    change("metrics", { from: 1 }),
    change("metrics", { to: 0 }),
    change("metrics", { to: 99 }),
    change("metrics", { series: { other: [1, 2, 3] } }),
    change("metrics", { series: { loss: [1] } }),
  ],
  step: [change("checkpoint", { step: 2 }), change("eval", { step: 5 }), change("epoch-stop", { step: 3 })],
  epoch: [
    change("epoch-start", { epoch: 1 }),
    change("epoch-stop", { epoch: 1 }),
    change("epoch-start", { epoch: 2 }, 1),
  ],
  checkpoint: [renumber(log.toSpliced(4, 0, log[3]!))],
  state: [change("run-stop", { state: sha256("another") })],
  complete: [
    renumber([log[0]!, { ...log.at(-1)!, step: 0, state: (log[0] as { state: string }).state } as Event]),
  ],
};

for (const [rule, logs] of Object.entries(broken)) {
  Deno.test(`checkEvents names rule ${rule} where it is broken`, () => {
    logs.forEach((events) => assert.equal(ruleOf(events), rule));
  });
}

Deno.test("checkEvents has a broken log in this file for every rule", () => {
  assert.deepEqual(Object.keys(broken).sort(), RULES.map((rule) => rule.id).sort());
});

Deno.test("checkEvents says that run-stop is missing, and that an empty log has neither end", () => {
  assert.deepEqual(checkEvents(log.slice(0, -1)).map((b) => b.message), ["run-stop is missing"]);
  assert.deepEqual(checkEvents([]).map((b) => b.message), ["run-start is missing", "run-stop is missing"]);
});

Deno.test("RuleState counts an event only when it is accepted", () => {
  const state = new RuleState();
  assert.equal(state.accept(log[1]!).length, 1);
  assert.equal(state.seq, 0);
  for (const event of log) assert.deepEqual(state.accept(event), []);
  assert.equal(state.seq, log.length);
  assert.equal(state.stopped, true);
});
