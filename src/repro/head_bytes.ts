/** Bytes of heads with one row an image against the number of images, by plan and by the store's layout. */
import type { Plot } from "../report/result.ts";
import type { SideTable } from "./rows.ts";
import { storeBytes } from "../train/head/format.ts";
import { lines } from "../report/plots.ts";
import { bytes, count } from "../base/text.ts";
import { type MemoryPlan, planImagenet } from "./memory.ts";
import { IMAGENET_STEP } from "./presets.ts";

/** Training sets: CIFAR-10, ImageNet-100, half of ImageNet-1k, all of it. */
export const SIZES: readonly number[] = [50_000, 126_689, 640_000, IMAGENET_STEP.images];
/** Features of the encoder, and so the width of a row. */
export const HEAD_WIDTH = 2048;

/** Plans of the two methods with a head, over training sets of several sizes. */
export type Heads = Readonly<Record<string, readonly MemoryPlan[]>>;

/** Plans S-DIET and DIET, those of `methods`, over every size; plans known already are not made again. */
export async function headPlans(
  plans: ReadonlyMap<string, MemoryPlan>,
  methods: readonly string[],
): Promise<Heads> {
  const heads: Record<string, MemoryPlan[]> = {};
  for (const name of ["sdiet", "diet"].filter((name) => methods.includes(name))) {
    heads[name] = [];
    for (const images of SIZES) {
      const known = plans.get(name);
      heads[name].push(known?.images === images ? known : await planImagenet(name, images));
    }
  }
  return heads;
}

/** Bytes of a head on the GPU: weights or rows, moments, gradient. */
export const residentHead = (p: MemoryPlan): number =>
  p.denseHead
    ? p.denseHead.weights + p.denseHead.gradient + p.denseHead.moments
    : (p.headRows?.rows ?? 0) + (p.headRows?.gradient ?? 0);

/** Bytes of the store of so many rows, holes included. */
export const onDisk = (images: number): number =>
  storeBytes({ rows: images, width: HEAD_WIDTH, seed: 0, specHash: "" });

/** One table, or none without such heads. */
export function headTables(heads: Heads): SideTable[] {
  if (Object.keys(heads).length === 0) return [];
  return [{
    title: "Head bytes against the number of training images",
    note:
      `Head, both AdamW moments and the gradient on the GPU, and S-DIET's store on disk (head, moments, last visit and ` +
      `checksum of every row; rows never visited take no disk); width ${HEAD_WIDTH}, batch ${IMAGENET_STEP.batch}. Below them the whole planned peak.`,
    headings: ["", ...SIZES.map(count)],
    rows: Object.entries(heads).flatMap(([name, plans]) => [
      [`${name}: head on the GPU`, ...plans.map((p) => bytes(residentHead(p)))],
      ...(name === "sdiet" ? [["sdiet: store on disk", ...SIZES.map((n) => bytes(onDisk(n)))]] : []),
      [`${name}: planned peak`, ...plans.map((p) => bytes(p.peakBytes))],
    ]),
  }];
}

/** Its plot. */
export function headPlots(heads: Heads): Plot[] {
  const curves = Object.entries(heads).flatMap(([name, plans]) => [
    { name: `${name}, GPU`, points: plans.map((p) => ({ x: p.images, y: residentHead(p) / 2 ** 20 })) },
    ...(name === "sdiet"
      ? [{ name: "sdiet, disk", points: SIZES.map((n) => ({ x: n, y: onDisk(n) / 2 ** 20 })) }]
      : []),
  ]);
  if (curves.length === 0) return [];
  return [{
    name: "head-bytes",
    caption:
      "Bytes of the head with moments and gradient against the number of training images, in MiB; both axes logarithmic.",
    spec: lines(curves, { x: "training images", y: "MiB", log: true }),
  }];
}
