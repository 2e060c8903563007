/** Costs counted on traced networks, layer by layer: what formulas about them must give. No device. */
export { localSaving, stageOutputs, stepCost } from "../../src/claims/rules/cost_models.ts";
import { plan } from "../../src/gpu/planner.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { resnetOf } from "../../src/nn/encoders/resnet.ts";
import { gradients } from "../../src/nn/grad.ts";
import { mean } from "../../src/nn/ops/reduce.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace } from "../../src/nn/trace.ts";

export interface ResNetCosts {
  /** Convolution outputs per stage, numbers per image; the stem counts with the first. */
  readonly convolutions: readonly number[];
  readonly parameters: number;
}

/** Counts of a bottleneck ResNet with an ImageNet stem on square images. */
export function resnetCosts(blocks: readonly number[], base: number, image: number): ResNetCosts {
  const t = new Trace();
  const encoder = resnetOf(Scope.root(t), {
    name: "counted",
    blocks,
    bottleneck: true,
    planes: base,
    branchScale: 1,
    stem: { kernel: 7, stride: 2, maxPool: true },
  });
  let h = t.input("images", [1, image, image, 3]);
  const convolutions = encoder.stages.map((stage) => {
    const before = t.nodes.length;
    h = stage(h);
    return t.nodes.slice(before).filter((node) => node.op.startsWith("conv"))
      .reduce((sum, node) => sum + node.outputs[0]!.size, 0);
  });
  const parameters = [...t.parameters.values()].reduce((sum, p) => sum + p.value.size, 0);
  return { convolutions, parameters };
}

export interface PassCosts {
  readonly flops: number;
  /** Planned peak of the step without optimizer, in bytes. */
  readonly peakBytes: number;
}

/** A step of ResNet-50 with so many views trained and so many passed forward only, 224 pixels, `batch` images a view. */
export function passCosts(trainedViews: number, forwardViews: number, batch: number): PassCosts {
  const t = new Trace();
  const s = Scope.root(t);
  const encoder = encoderByName("resnet50", s, { image: 224 });
  const view = (i: number) => t.input(`view${i}`, [batch, 224, 224, 3]);
  const losses = Array.from({ length: trainedViews }, (_, i) => mean(t, encoder.apply(view(i))));
  const objectives = losses.map((loss) => ({ loss, wrt: encoder.parameters.flat() }));
  const copy = forwardViews > 0 ? s.inArena("momentum", "momentum").inMode("frozen") : undefined;
  const other = copy ? encoderByName("resnet50", copy, { image: 224 }) : undefined;
  for (let i = 0; i < forwardViews; i++) t.program.output(other!.apply(view(trainedViews + i)));
  gradients(t, objectives);
  return { flops: t.program.flops, peakBytes: plan(t.program).peakBytes };
}
