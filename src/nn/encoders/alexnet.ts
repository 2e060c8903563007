/**
 * AlexNet with one tower (Krizhevsky, arXiv 1404.5997), torchvision's names. The features are the 4096 outputs of fc7
 * behind its ReLU; dropout is left out, as where AlexNet is a distilled student.
 *
 * torchvision pools the last map to 6x6, which changes nothing at 224 pixels. Here fc6 takes the map of the image size the
 * encoder is built for, at most 6x6: parameters equal torchvision's from 224 on, and smaller images do not feed
 * 36 copies of one pixel. With the "cifar" stem the first convolution is 3x3 with stride 1, for images of 24 to 64 pixels.
 */
import { failure } from "../../base/error.ts";
import { torchDefault } from "../initialise.ts";
import { conv, type Layer, linear } from "../layers.ts";
import { conv2d } from "../ops/conv.ts";
import { relu, reshape } from "../ops/elementwise.ts";
import { addBias } from "../ops/matmul.ts";
import { adaptiveAvgPool, maxPool } from "../ops/pool.ts";
import type { Scope } from "../scope.ts";
import { storeFlat } from "../torch_layout.ts";
import type { Encoder } from "../encoder.ts";
import { assemble, type EncoderOptions, type Stage, stemFor } from "./encoder.ts";

/** torchvision's side of the map in front of fc6. */
const GRID = 6;
const HIDDEN = 4096;

const STEMS = {
  cifar: { kernel: 3, stride: 1, padding: 1 },
  imagenet: { kernel: 11, stride: 4, padding: 2 },
} as const;

/** 4096 features. The width scales the convolutions and the two hidden layers. */
export function alexnet(s: Scope, options: EncoderOptions = {}): Encoder {
  const { image = 224, width = 1 } = options;
  const stem = STEMS[stemFor(options)];
  const grid = Math.min(GRID, sideOfLastMap(s, image, stem));
  const [c1, c2, c3, c4, hidden] = [64, 192, 384, 256, HIDDEN].map((c) =>
    Math.max(1, Math.round(c * width))
  ) as [number, number, number, number, number];
  const pool = (x: Parameters<Layer>[0]) => maxPool(s.t, x, { kernel: 3, stride: 2, padding: 0 });
  const layer = (
    number: number,
    inChannels: number,
    outChannels: number,
    kernel: number,
    first = false,
  ): Layer => {
    const how = first ? stem : { kernel, stride: 1, padding: (kernel - 1) / 2 };
    const apply = conv(s, `features.${number}`, { inChannels, outChannels, bias: true, ...how });
    return (x) => relu(s.t, apply(x));
  };
  const stages: (() => Stage)[] = [
    () => chain(c1, layer(0, 3, c1, 11, true), pool),
    () => chain(c2, layer(3, c1, c2, 5), pool),
    () => chain(c4, layer(6, c2, c3, 3), layer(8, c3, c4, 3), layer(10, c4, c4, 3), pool),
  ];
  return assemble(s, {
    name: "alexnet",
    features: hidden,
    classifier: "classifier.6",
    stages,
    pool: () => fullyConnected(s, grid, c4, hidden),
  });
}

function chain(channels: number, ...layers: readonly Layer[]): Stage {
  return { channels, layer: (x) => layers.reduce((h, f) => f(h), x) };
}

/** fc6 and fc7, each with ReLU. fc6 is a convolution over the whole map, so that its weight needs no reordering. */
function fullyConnected(s: Scope, grid: number, channels: number, hidden: number): Layer {
  const inputs = grid * grid * channels;
  const fc6 = s.child("classifier.1");
  const weight = storeFlat(
    fc6.parameter("weight", [grid, grid, channels, hidden], "conv", torchDefault(inputs)),
  );
  const bias = fc6.parameter("bias", [hidden], "vector", torchDefault(inputs));
  const fc7 = linear(s, "classifier.4", hidden, hidden);
  return (h) => {
    const map = h.shape[1] === grid && h.shape[2] === grid ? h : adaptiveAvgPool(s.t, h, [grid, grid]);
    const y = reshape(s.t, conv2d(s.t, map, weight), [h.shape[0]!, hidden]);
    return relu(s.t, fc7(relu(s.t, addBias(s.t, y, bias))));
  };
}

/** Side of the map behind the last pool for square images of this side. */
function sideOfLastMap(
  s: Scope,
  image: number,
  stem: { readonly kernel: number; readonly stride: number; readonly padding: number },
): number {
  const pooled = (side: number): number => Math.floor((side - 3) / 2) + 1;
  const first = Math.floor((image + 2 * stem.padding - stem.kernel) / stem.stride) + 1;
  const side = pooled(pooled(pooled(first)));
  if (side >= 1) return side;
  throw failure({
    operation: "build",
    object: `encoder "alexnet" at "${s.path}"`,
    required: "its three pools must leave at least one pixel",
    found: `images of ${image} pixels behind a stem of stride ${stem.stride}`,
    wayOut: 'use larger images, or the stem "cifar" from 15 pixels',
  });
}
