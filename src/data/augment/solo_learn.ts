/**
 * solo-learn's augmentations by data set and method: the files named below, under scripts/pretrain of vturrisi/solo-learn
 * at 9187ea39c2c3f43c455ab06664d2b019a9802954, as solo/data/pretrain_dataloader.py (CIFAR, with Pillow) and
 * solo/data/dali_dataloader.py (ImageNet-100, with DALI) carry them out. A probability of 0 there is an absent stage here.
 */
import type { Blur, Jitter, Recipe } from "./recipe_schema.ts";

type Stages = Omit<Recipe, "name" | "normalise" | "departs">;

const RATIO = [3 / 4, 4 / 3] as const;

const jitter = (brightness: number, contrast: number, saturation: number, hue: number): Jitter => ({
  ...{ p: 0.8, brightness, contrast, saturation, hue },
});

/** What the files of one folder share: crop from `smallest` of the area, flip, jitter, grayscale, blur with `blurred`. */
const stages = (smallest: number, colours: Jitter, blurred: number): Stages => ({
  crop: { scale: [smallest, 1], ratio: RATIO },
  flip: 0.5,
  jitter: colours,
  grayscale: 0.2,
  ...(blurred > 0 && { blur: { p: blurred, sigma: [0.1, 2] } }),
});

const STRONG = jitter(0.8, 0.8, 0.8, 0.2),
  WEAK = jitter(0.4, 0.4, 0.4, 0.1),
  MILD = jitter(0.4, 0.4, 0.2, 0.1);

/** {cifar,imagenet-100}/augmentations/symmetric.yaml and symmetric_weak.yaml: the same in both folders. */
const SYMMETRIC = [stages(0.08, STRONG, 0.5)], SYMMETRIC_WEAK = [stages(0.08, WEAK, 0.5)];
/** cifar/augmentations/asymmetric.yaml: no blur. */
const CIFAR_ASYMMETRIC = [stages(0.08, MILD, 0), { ...stages(0.08, MILD, 0), solarize: 0.2 }];
/** imagenet-100/augmentations/asymmetric.yaml */
const IMAGENET_ASYMMETRIC = [stages(0.08, MILD, 1), { ...stages(0.08, MILD, 0.1), solarize: 0.2 }];

/** By the name of a method's file. */
const CIFAR: Readonly<Record<string, readonly Stages[]>> = {
  simclr: SYMMETRIC,
  "moco-v2plus": SYMMETRIC_WEAK, // mocov2plus.yaml
  byol: CIFAR_ASYMMETRIC,
  simsiam: SYMMETRIC_WEAK,
  barlow: CIFAR_ASYMMETRIC,
  vicreg: [{ ...stages(0.2, MILD, 0), solarize: 0.1 }], // in cifar/vicreg.yaml itself
};
const IMAGENET_100: Readonly<Record<string, readonly Stages[]>> = {
  simclr: SYMMETRIC,
  "moco-v2plus": SYMMETRIC_WEAK,
  byol: IMAGENET_ASYMMETRIC,
  simsiam: IMAGENET_ASYMMETRIC, // by its `defaults`; its `augmentations_cfg` names a file that no longer exists
  barlow: IMAGENET_ASYMMETRIC,
  vicreg: [{ ...stages(0.2, MILD, 0.5), solarize: 0.1 }], // in imagenet-100/vicreg.yaml itself
};

const BICUBIC = { resample: "antialiased-bicubic" } as const;
const REAL = "values stay real between operations, where the source rounds them to 256 levels after each";

/** With Pillow: every option that follows it. */
const withPillow = ({ blur, ...rest }: Stages): Stages & Pick<Recipe, "departs"> => ({
  ...rest,
  ...BICUBIC,
  jitter: { ...rest.jitter!, order: "random" },
  ...(blur && { blur: { ...blur, kernel: "extended-box" } satisfies Blur }),
  departs: `${REAL}; a hue is one of 256 there`,
});

/** With DALI: its Gaussian of 23 x 23 pixels with reflected borders is the default one of a view of 224. */
const withDali = (given: Stages): Stages & Pick<Recipe, "departs"> => ({
  ...given,
  ...BICUBIC,
  departs: `${REAL}; the crop is taken from the stored square, there from the whole image; the jitter is ` +
    "brightness, contrast about the view's mean, saturation and hue in HSV, clamped after each, where DALI's ColorTwist " +
    "is one linear map with contrast about mid-grey, clamped once",
});

function named(
  dataset: string,
  methods: Readonly<Record<string, readonly Stages[]>>,
  carriedOut: typeof withPillow,
  normalise: Recipe["normalise"],
): [string, readonly Recipe[]][] {
  return Object.entries(methods).map(([method, views]) => {
    const name = `solo-learn/${dataset}/${method}`;
    const suffix = (view: number): string => views.length > 1 ? `-${"ab"[view]}` : "";
    return [
      name,
      views.map((view, i) => ({ name: `${name}${suffix(i)}`, ...carriedOut(view), normalise })),
    ];
  });
}

/** One recipe per view, or one for all views, by `solo-learn/<data set>/<method>`. */
export const SOLO_LEARN: Readonly<Record<string, readonly Recipe[]>> = Object.fromEntries([
  ...named("cifar10", CIFAR, withPillow, "cifar10"),
  ...named("cifar100", CIFAR, withPillow, "cifar100"),
  ...named("imagenet-100", IMAGENET_100, withDali, "imagenet"),
]);
