/** Fields of augmentations written in code, which all authors' transcriptions name alike. */
import type { Mapping, Match, Other } from "../compare.ts";

const everywhere = (field: string, rest: string, more: Partial<Match> = {}): Match => ({
  field,
  at: `views.*.recipe.${rest}`,
  ...more,
});

/** A probability for both views, or a list with one for each. */
const perView = (field: string, rest: string): readonly Match[] =>
  [0, 1].map((view) => ({
    field,
    at: `views.${view}.recipe.${rest}`,
    absent: 0,
    as: (p: number | readonly number[]) => typeof p === "number" ? (view === 0 ? p : 0) : p[view],
  }));

/** Pillow's blur is as wide as its sigma needs. */
export const kernel = (k: string): string | undefined => k.startsWith("PIL") ? "extended-box" : undefined;
export const random = (order: string): string | undefined => order === "random" ? order : undefined;

export const augmentation: Mapping = {
  matched: [
    { field: "views", at: "views.0.count", methods: ["moco", "simsiam", "simclr", "spectral"] },
    ...[0, 1].map((view) => ({
      field: "views",
      at: `views.${view}.count`,
      as: (n: number) => n / 2,
      methods: ["byol", "barlow", "vicreg"],
    })),
    { field: "crop.size", at: "views.*.size" },
    everywhere("crop.scale", "crop.scale"),
    everywhere("crop.ratio", "crop.ratio"),
    everywhere("flip.p", "flip"),
    everywhere("jitter.p", "jitter.p"),
    everywhere("jitter.brightness", "jitter.brightness"),
    everywhere("jitter.contrast", "jitter.contrast"),
    everywhere("jitter.saturation", "jitter.saturation"),
    everywhere("jitter.hue", "jitter.hue"),
    everywhere("grayscale.p", "grayscale"),
    ...perView("blur.p", "blur.p"),
    everywhere("blur.sigma", "blur.sigma"),
    everywhere("blur.kernel", "blur.kernel", { as: kernel }),
    everywhere("jitter.order", "jitter.order", { as: random }),
    everywhere("crop.interpolation", "resample", {
      as: (i: string, other: Other) =>
        other("crop.antialias") === true ? `antialiased-${i}` : i === "bilinear" ? undefined : i,
    }),
    ...perView("solarize.p", "solarize"),
    everywhere("normalise", "normalise.mean", { as: () => [0, 0, 0] }),
    everywhere("normalise", "normalise.std", { as: () => [1, 1, 1] }),
    everywhere("normalise.mean", "normalise.mean"),
    everywhere("normalise.std", "normalise.std"),
  ],
  differs: {
    "crop.size": { departs: /stored square/ },
  },
  meaningless: {
    "crop.antialias": "stands with the interpolation",
    "order": "flips commute with all that stands between; the rest has the order of this project's recipes",
    "solarize.threshold": "128 of 255 is 0.5",
  },
};

/** Two mappings as one. */
export function together(...mappings: readonly Mapping[]): Mapping {
  return {
    matched: mappings.flatMap((m) => m.matched),
    differs: Object.assign({}, ...mappings.map((m) => m.differs)),
    meaningless: Object.assign({}, ...mappings.map((m) => m.meaningless)),
  };
}
