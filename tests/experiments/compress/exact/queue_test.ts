import assert from "node:assert/strict";
import { Queue } from "../../../../experiments/compress/exact/queue.ts";

Deno.test("Queue overwrites its oldest rows and wraps around", () => {
  const queue = new Queue([0, 0, 0, 0, 0]);
  queue.push([1, 2, 3]);
  queue.push([4, 5, 6]);
  assert.deepEqual(queue.slots, [6, 2, 3, 4, 5]);
  const shifted = new Queue([0, 0, 0], 2);
  shifted.push([1, 2]);
  assert.deepEqual(shifted.slots, [2, 0, 1]);
});
