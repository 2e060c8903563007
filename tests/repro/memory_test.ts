import assert from "node:assert/strict";
import { planImagenet } from "../../src/repro/memory.ts";

Deno.test("S-DIET's plan does not know how many images there are, DIET's grows by 16 bytes a row element and its logits", async () => {
  const [small, large] = [await planImagenet("sdiet", 50_000), await planImagenet("sdiet")];
  assert.equal(small.peakBytes, large.peakBytes);
  assert.deepEqual(small.roles, large.roles);
  assert.deepEqual(large.headRows, { rows: 3 * 256 * 2048 * 4, gradient: 256 * 2048 * 4, width: 2048 });
  const diet = await planImagenet("diet");
  const head = 1_281_167 * 2048 * 4;
  assert.deepEqual(diet.denseHead, { weights: head, gradient: head, moments: 2 * head });
  assert.equal(diet.denseLogits, 256 * 1_281_167 * 4);
});

Deno.test("S-DIET's planned step needs at most 0.55 of SimCLR's at the paper's scale", async () => {
  const [sdiet, simclr] = [await planImagenet("sdiet"), await planImagenet("simclr")];
  assert.equal(simclr.views, 2);
  assert.equal(simclr.headRows, undefined);
  const ratio = sdiet.peakBytes / simclr.peakBytes;
  assert.ok(ratio <= 0.55, `${ratio}`);
});
