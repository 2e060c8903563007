import { add, copy, multiply, relu, relu6, reshape, scale } from "../../../src/nn/ops/elementwise.ts";
import { checkOp } from "../check_op.ts";

for (const shape of [[1], [3, 5], [2, 7, 3, 4], [300, 17]]) {
  Deno.test(`elementwise ops equal their reference on [${shape}]`, async () => {
    await checkOp({ inputs: [shape, shape], terms: 1 }, (t, [a, b]) => add(t, a!, b!));
    await checkOp({ inputs: [shape, shape], terms: 1 }, (t, [a, b]) => multiply(t, a!, b!));
    await checkOp({ inputs: [shape], terms: 1, magnitude: 1e4 }, (t, [a]) => scale(t, a!, -0.37));
    await checkOp({ inputs: [shape], terms: 1 }, (t, [a]) => relu(t, a!));
    await checkOp({ inputs: [shape], terms: 1, magnitude: 9, step: 1e-6 }, (t, [a]) => relu6(t, a!));
    await checkOp({ inputs: [shape], terms: 1 }, (t, [a]) => copy(t, reshape(t, a!, [a!.size])));
  });
}

Deno.test("add and multiply accept one value twice", async () => {
  await checkOp({ inputs: [[5, 3]], terms: 1 }, (t, [a]) => add(t, a!, a!));
  await checkOp({ inputs: [[5, 3]], terms: 1 }, (t, [a]) => multiply(t, a!, a!));
});
