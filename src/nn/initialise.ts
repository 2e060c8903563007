/**
 * Initial values. Defaults are PyTorch's, so that a recipe copied from a paper's code starts from the same distribution;
 * weights are filled element by element in our layout, whose order does not matter to a distribution.
 */
import type { Initialiser } from "./trace.ts";

type Draw = Parameters<Initialiser>[0];

function filled(each: (draw: Draw) => number): Initialiser {
  return (draw, size) => {
    const data = new Float32Array(size);
    for (let i = 0; i < size; i++) data[i] = each(draw);
    return data;
  };
}

/** One value everywhere. */
export function constant(value: number): Initialiser {
  return (_draw, size) => new Float32Array(size).fill(value);
}

export const zeros: Initialiser = constant(0);

/** Uniform in [-bound, bound). */
export function uniform(bound: number): Initialiser {
  return filled((draw) => (2 * draw.uniform() - 1) * bound);
}

/** Normal with mean 0. */
export function normal(deviation: number): Initialiser {
  return filled((draw) => draw.normal() * deviation);
}

/** Normal with mean 0 and the values beyond two deviations drawn again. */
export function truncatedNormal(deviation: number): Initialiser {
  return filled((draw) => {
    let z = draw.normal();
    while (Math.abs(z) > 2) z = draw.normal();
    return z * deviation;
  });
}

/**
 * What torch.nn.Linear and torch.nn.Conv2d start weights and biases with: kaiming_uniform with a = sqrt(5) is uniform in
 * +-1/sqrt(inputs), inputs being those of one output element (kernel area times input channels per group).
 */
export function torchDefault(inputs: number): Initialiser {
  return uniform(1 / Math.sqrt(inputs));
}

/**
 * He et al., arXiv 1502.01852, fan-out mode for ReLU, as torchvision starts convolutions of ResNet and MobileNetV2:
 * normal with variance 2 / outputs, outputs being kernel area times all output channels, whatever the groups.
 */
export function kaimingNormalFanOut(outputs: number): Initialiser {
  return normal(Math.sqrt(2 / outputs));
}
