import assert from "node:assert/strict";
import { changesOf, usesOf } from "../../src/gpu/positions.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { stepOf } from "../../src/train/trainer.ts";
import { smallRun } from "../train/small_run.ts";

const shape = { size: 16, images: 40, classes: 10 };
const { program } = stepOf(smallRun, await loadMethod(smallRun.method), shape);

Deno.test("usesOf lists every dispatch that reads a value, in order, and leaves arenas out", () => {
  const uses = usesOf(program);
  assert.ok(uses.size > 0);
  for (const [value, positions] of uses) {
    assert.equal(value.arena, undefined);
    const read = program.dispatches.flatMap((d, at) => [...d.read.values()].includes(value) ? [at] : []);
    assert.deepEqual(positions, read);
  }
});

Deno.test("changesOf lists every dispatch that writes into an arena, the optimizer's among them", () => {
  const changes = changesOf(program);
  const online = [...changes.keys()].find((arena) => arena.name === "online")!;
  const last = program.dispatches.findLastIndex((d) => d.label.startsWith("adamw"));
  assert.ok(changes.get(online)!.includes(last));
});
