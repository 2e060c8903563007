import assert from "node:assert/strict";
import { headlineOf } from "../../../src/repro/table/headline.ts";
import { planned, table, train } from "../../../src/repro/table/vocabulary.ts";
import { small, smoke, tellingOf } from "./small_table.ts";

Deno.test("headlineOf says how many trained rows the untrained encoder and the pixels are above", async () => {
  const top1 = { simclr: 30, cold: 40, sdiet: 50 } as Record<string, number>;
  const t = await tellingOf(small, (run) => ({
    answer: (probe, epoch) => ({ top1: probe.of === "pixels" ? 45 : epoch === 0 ? 20 : top1[run.row]! }),
  }));
  assert.deepEqual(await headlineOf(t), [
    "Untrained encoder: 20.0 % kNN, above the mean of 0 of 3 trained rows.",
    "Raw pixels: 45.0 % kNN, above the mean of 2 of 3 trained rows.",
  ]);
  assert.deepEqual(await headlineOf(await tellingOf(small, () => undefined)), []);
});

Deno.test("headlineOf names the rows that need least and most by plan", async () => {
  const value = table({
    ...{ id: "tests/plans", title: "T", summary: "S", scales: { smoke }, checks: [] },
    rows: { one: train("supervised"), two: train("simclr") },
    measures: { planned: planned() },
  });
  const [sentence] = await headlineOf(await tellingOf(value, () => undefined));
  assert.match(sentence!, /^By plan one [\d.]+ MiB is the least, two [\d.]+ MiB the most\.$/);
});
