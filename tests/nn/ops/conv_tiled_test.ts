import { tiled } from "../../../src/nn/ops/conv_tiled.ts";
import { testTargets } from "../check_op.ts";
import { checkPasses } from "./conv_passes.ts";

for (const target of await testTargets()) {
  Deno.test(`tiled convolution with ${target.lanes} lanes covers rows, columns and taps of any number`, async () => {
    await checkPasses(tiled, [2, 7, 5, 8], [3, 3, 8, 12], { padding: 1 }, target);
    await checkPasses(tiled, [1, 11, 9, 4], [5, 3, 4, 36], { stride: 2, padding: 2 }, target);
    await checkPasses(tiled, [3, 4, 4, 16], [1, 1, 16, 4], { stride: 3 }, target);
    await checkPasses(tiled, [2, 6, 6, 8], [3, 3, 4, 8], {
      groups: 2,
      padding: { top: 1, bottom: 0, left: 0, right: 2 },
    }, target);
  });
}
