import assert from "node:assert/strict";
import { progressOf } from "../../src/train/progress.ts";

function lines(terminal: boolean): string[] {
  const written: string[] = [];
  const progress = progressOf({
    label: "simclr seed 0",
    steps: 200,
    batch: 128,
    allocated: () => 3 * 2 ** 20,
    write: (text) => written.push(text),
    terminal,
    every: 1000,
  });
  for (const step of [50, 100, 200]) progress.update({ step, loss: 1.25, stepMs: 100 });
  progress.done();
  return written;
}

Deno.test("a terminal sees one line that is rewritten: loss, rate, bytes and time left", () => {
  const written = lines(true);
  assert.equal(written.length, 4);
  assert.ok(written.slice(0, 3).every((text) => text.startsWith("\r")));
  assert.match(
    written[1]!,
    /simclr seed 0 \[#{10}\.{10}\] 100\/200 loss 1\.2500 1280 images\/s 3\.00 MiB 0:10 left/,
  );
});

Deno.test("elsewhere there are plain lines, the first and the last among them", () => {
  const written = lines(false);
  assert.equal(written.length, 2);
  assert.ok(written.every((text) => text.endsWith("\n") && !text.includes("\r")));
  assert.match(written.at(-1)!, /200\/200/);
});
