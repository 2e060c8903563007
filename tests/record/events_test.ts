import assert from "node:assert/strict";
import { sha256 } from "../../src/base/canonical.ts";
import { digestEvents, type Event, eventsOf, parseEvent, VOCABULARY } from "../../src/record/events.ts";

const base = { spec: sha256("spec"), seq: 0, time: "2026-01-02T03:04:05.678Z" };
const stop = { event: "epoch-stop", ...base, epoch: 0, step: 4, seconds: 2 } as const;

Deno.test("parseEvent takes an event of the vocabulary as it is", () => {
  assert.deepEqual(parseEvent(stop, "log:1"), stop);
});

Deno.test("parseEvent refuses unknown events, unknown fields, missing fields and wrong values, with the place", () => {
  assert.throws(
    () => parseEvent({ ...stop, event: "epoch-end" }, "log:7"),
    /^AssayError: log:7: "event" must be one of run-start, /,
  );
  assert.throws(() => parseEvent({ ...stop, event: "toString" }, "log:7"), /must be one of/);
  assert.throws(() => parseEvent([], "log:7"), /found none/);
  assert.throws(
    () => parseEvent({ ...stop, note: "x" }, "log:7"),
    /log:7: epoch-stop .*Unrecognized key: "note"/,
  );
  assert.throws(() => parseEvent({ ...stop, step: undefined }, "log:7"), /step: /);
  assert.throws(() => parseEvent({ ...stop, step: -1 }, "log:7"), /step: /);
  assert.throws(() => parseEvent({ ...stop, spec: "abc" }, "log:7"), /spec: must be 64 lower-case/);
  assert.throws(() => parseEvent({ ...stop, time: "today" }, "log:7"), /time: /);
});

Deno.test("parseEvent refuses checkpoint files outside the run's folder", () => {
  const checkpoint = (file: string) => ({
    event: "checkpoint",
    ...base,
    step: 1,
    file,
    bytes: 1,
    sha256: base.spec,
    state: base.spec,
  });
  parseEvent(checkpoint("checkpoints/step-1.safetensors"), "log:1");
  for (const file of ["/etc/passwd", "../x", "a/../../x", "a/./b", "a b", "C:\\x", ""]) {
    assert.throws(() => parseEvent(checkpoint(file), "log:1"), /file: must be a path inside/, file);
  }
});

Deno.test("VOCABULARY gives every event its own name and the three common fields", () => {
  for (const [name, schema] of Object.entries(VOCABULARY)) {
    assert.equal(schema.shape.event.value, name);
    for (const field of ["spec", "seq", "time"]) assert.ok(field in schema.shape, `${name} lacks ${field}`);
  }
});

Deno.test("digestEvents ignores times and interruptions and nothing else", () => {
  const events: Event[] = [
    { event: "epoch-start", ...base, epoch: 0, step: 0 },
    { event: "metrics", ...base, seq: 1, from: 0, to: 1, series: { loss: [0.5] }, stepMs: 3 },
    { ...stop, seq: 2 },
  ];
  const digest = digestEvents(events);
  const later = events.map((e) => ({ ...e, time: "2027-01-01T00:00:00.000Z" }));
  assert.equal(digestEvents(later), digest);
  const slower = later.map((e) => e.event === "metrics" ? { ...e, stepMs: 99 } : e);
  assert.equal(digestEvents(slower), digest);
  const fault: Event = { event: "fault", ...base, seq: 2, step: 1, message: "device lost" };
  assert.equal(digestEvents([...slower.slice(0, 2), fault, slower[2]!]), digest);
  const other = events.map((e) => e.event === "metrics" ? { ...e, series: { loss: [0.25] } } : e);
  assert.notEqual(digestEvents(other), digest);
  assert.notEqual(digestEvents(events.slice(1)), digest);
});

Deno.test("eventsOf picks the events of one name in order", () => {
  const events: Event[] = [{ ...stop }, { event: "fault", ...base, step: 1, message: "m" }, {
    ...stop,
    epoch: 1,
  }];
  assert.deepEqual(eventsOf(events, "epoch-stop").map((e) => e.epoch), [0, 1]);
});
