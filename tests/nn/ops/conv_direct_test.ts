import { direct } from "../../../src/nn/ops/conv_direct.ts";
import { checkPasses } from "./conv_passes.ts";

const PORTABLE = { lanes: 0 } as const;

Deno.test("direct convolution takes groups and channels of any width in all three passes", async () => {
  await checkPasses(direct, [2, 7, 5, 6], [3, 3, 3, 10], { groups: 2, padding: 1 }, PORTABLE);
  await checkPasses(direct, [1, 9, 9, 3], [3, 2, 1, 9], { groups: 3, stride: 2 }, PORTABLE);
  await checkPasses(direct, [1, 1, 1, 1], [1, 1, 1, 1], {}, PORTABLE);
  const padding = { top: 0, bottom: 2, left: 1, right: 0 };
  await checkPasses(direct, [3, 6, 4, 5], [3, 3, 5, 7], { padding, stride: 3 }, PORTABLE);
});
