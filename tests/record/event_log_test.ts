import assert from "node:assert/strict";
import { canonicalHash } from "../../src/base/canonical.ts";
import { EventWriter, parseEventLog, readEventLog } from "../../src/record/event_log.ts";
import { checkEvents } from "../../src/record/event_rules.ts";
import { digestEvents, INTERRUPTIONS } from "../../src/record/events.ts";
import { EVERY, inFolder, specOf, STEPS, trainSynthetic } from "./synthetic_run.ts";

const spec = specOf("alpha", 1), hash = canonicalHash(spec);
const whole: string = await inFolder(async (folder) => {
  await trainSynthetic(folder, spec);
  return await Deno.readTextFile(`${folder}/events.jsonl`);
});
const digest = digestEvents(parseEventLog(whole, "whole").events);

Deno.test("EventWriter after kills at every step ends with the log of an uninterrupted run, apart from times", () =>
  inFolder(async (folder) => {
    for (let killAt = 0; killAt < STEPS; killAt++) {
      const run = `${folder}/${killAt}`;
      await assert.rejects(trainSynthetic(run, spec, killAt), /killed/);
      await trainSynthetic(run, spec);
      const { events } = await readEventLog(`${run}/events.jsonl`);
      assert.deepEqual(checkEvents(events), []);
      assert.equal(digestEvents(events), digest);
      assert.equal(events.filter((e) => INTERRUPTIONS.has(e.event)).length, killAt > EVERY - 1 ? 1 : 0);
    }
  }));

Deno.test("EventWriter resumes from a log cut at any byte", () =>
  inFolder(async (folder) => {
    await trainSynthetic(`${folder}/run`, spec);
    for (let at = 1; at < whole.lastIndexOf("\n", whole.length - 2); at += 37) {
      const log = `${folder}/run/events.jsonl`;
      await Deno.writeTextFile(log, whole.slice(0, at));
      await trainSynthetic(`${folder}/run`, spec);
      assert.equal(digestEvents((await readEventLog(log)).events), digest, `cut at byte ${at}`);
    }
  }));

Deno.test("EventWriter.resume keeps the record of faults and numbers it after the checkpoint", () =>
  inFolder(async (folder) => {
    await assert.rejects(trainSynthetic(folder, spec, 5));
    const log = `${folder}/events.jsonl`;
    let writer = await EventWriter.resume(log, hash, 3);
    writer.write({ event: "fault", step: 3, message: "device lost" });
    writer.close();
    await trainSynthetic(folder, spec);
    const { events } = await readEventLog(log);
    assert.deepEqual(events.filter((e) => INTERRUPTIONS.has(e.event)).map((e) => e.event), [
      "resume",
      "fault",
      "resume",
    ]);
    assert.deepEqual(checkEvents(events), []);
    assert.equal(digestEvents(events), digest);
    await assert.rejects(EventWriter.resume(log, hash, 3), /the run must not have ended/);
    await Deno.writeTextFile(log, whole.split("\n").slice(0, 6).join("\n"));
    await assert.rejects(
      EventWriter.resume(log, hash, 9),
      /it must hold the checkpoint of step 9, found none/,
    );
    await assert.rejects(EventWriter.resume(log, canonicalHash("x"), 3), /must be of the specification/);
    writer = await EventWriter.resume(log, hash, 3);
    writer.close();
  }));

Deno.test("EventWriter refuses events outside the vocabulary or against the rules, and writes nothing then", () =>
  inFolder(async (folder) => {
    const log = `${folder}/events.jsonl`;
    const writer = EventWriter.create(log, hash);
    try {
      assert.throws(
        () => writer.write({ event: "epoch-start", epoch: 0, step: 0 }),
        /the first event must be run-start/,
      );
      // deno-lint-ignore no-explicit-any
      assert.throws(() => writer.write({ event: "epoch" } as any), /"event" must be one of/);
      assert.equal(await Deno.readTextFile(log), "");
    } finally {
      writer.close();
    }
    EventWriter.create(log, hash).close(); // it says nothing yet
    await Deno.writeTextFile(log, whole);
    assert.throws(() => EventWriter.create(log, hash), /a run must have a log of its own/);
    assert.equal(await Deno.readTextFile(log), whole);
    assert.throws(() => EventWriter.create(`${folder}/no/events.jsonl`, hash), /its folder must exist/);
  }));

Deno.test("parseEventLog names file and line of what is wrong", () => {
  assert.throws(
    () => parseEventLog(whole.replace('"epoch-start"', '"epoch-begin"'), "a.jsonl"),
    /a\.jsonl:2: "event" must be/,
  );
  assert.throws(() => parseEventLog("{}\nnot json\n", "a.jsonl"), /a\.jsonl:1: /);
  assert.throws(
    () => parseEventLog(`${whole}not json\n`, "a.jsonl"),
    /must be a JSON object, found "not json"/,
  );
  assert.throws(
    () => parseEventLog(whole.slice(0, -3), "a.jsonl"),
    /the last line must end, found the file cut/,
  );
  assert.equal(parseEventLog(whole.slice(0, -3), "a.jsonl", true).cut, true);
});

Deno.test("readEventLog says which log is missing", async () => {
  await assert.rejects(readEventLog("no/events.jsonl"), /Cannot read event log "no\/events.jsonl"/);
});
