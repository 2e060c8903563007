import assert from "node:assert/strict";
import { readEventLog } from "../../src/record/event_log.ts";
import { toMllog } from "../../src/record/mllog.ts";
import { inFolder, specOf, trainSynthetic } from "./synthetic_run.ts";

Deno.test("toMllog writes parseable lines with MLPerf's keys, in order, with time and place", () =>
  inFolder(async (folder) => {
    await trainSynthetic(folder, specOf("alpha", 7));
    const { events } = await readEventLog(`${folder}/events.jsonl`);
    const lines = toMllog(events, "events.jsonl");
    assert.ok(lines.every((line) => line.startsWith(":::MLLOG {")));
    const entries = lines.map((line) => JSON.parse(line.slice(":::MLLOG ".length)));
    const keys = entries.map((e) => e.key);
    assert.deepEqual(keys.slice(0, 6), [
      "submission_benchmark",
      "seed",
      "global_batch_size",
      "train_samples",
      "run_start",
      "epoch_start",
    ]);
    assert.equal(keys.at(-1), "run_stop");
    assert.equal(entries.at(-1).metadata.status, "success");
    assert.equal(entries[1].value, 7);
    assert.equal(keys.filter((k) => k === "eval_accuracy").length, 3);
    const stated = events.flatMap((e) => e.event === "eval" ? [e.values.knn! / 100] : []);
    assert.deepEqual(entries.filter((e) => e.key === "eval_accuracy").map((e) => e.value), stated);
    assert.equal(entries[0].time_ms, Date.parse(events[0]!.time));
    assert.equal(entries.at(-1).metadata.lineno, events.length);
    assert.ok(
      entries.every((e) => ["POINT_IN_TIME", "INTERVAL_START", "INTERVAL_END"].includes(e.event_type)),
    );
  }));
