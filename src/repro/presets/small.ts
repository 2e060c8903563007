/**
 * Settings of every method for a small encoder and short runs: one optimizer for all, widths that suit 64 features,
 * temperatures and decays of the plain loop that these runs are compared with.
 */
import type { Part } from "../table/part.ts";

const adamw = (weightDecay: number) =>
  ({ kind: "adamw", lr: { kind: "cosine", base: 1e-3 }, weightDecay }) as const;

const twoViews = { views: "simclr", optimizer: adamw(1e-4) } as const;
const narrow = { hidden: 128, projector: 64 };

export const SMALL: Readonly<Record<string, Part>> = {
  supervised: { views: "supervised", optimizer: adamw(1e-4) },
  sdiet: {
    views: "sdiet",
    optimizer: adamw(0.05),
    hyper: { ...narrow, T: 0.1, smoothing: 0.1, normalise: true, normaliseRows: true },
  },
  diet: { views: "diet-3", optimizer: adamw(0.05), hyper: { smoothing: 0.8 } },
  simclr: { ...twoViews, hyper: { ...narrow, T: 0.2 } },
  moco: { ...twoViews, hyper: { ...narrow, T: 0.2, queue: 1024 } },
  byol: { ...twoViews, hyper: { ...narrow, predictor: 128 } },
  simsiam: { ...twoViews, hyper: { ...narrow, predictor: 32 } },
  barlow: { ...twoViews, hyper: narrow },
  vicreg: { ...twoViews, hyper: narrow },
  spectral: { ...twoViews, hyper: narrow },
};
