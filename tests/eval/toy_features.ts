/** Features for tests: random rows around one centre a class. */
import { PhiloxStream } from "../../src/base/random.ts";
import type { Features } from "../../src/eval/features.ts";
import type { Labelled } from "../../src/eval/knn.ts";

export function features(rows: readonly (readonly number[])[]): Features {
  return { values: Float32Array.from(rows.flat()), rows: rows.length, width: rows[0]!.length };
}

/** Rows of class i % classes: a centre that the class alone decides plus `noise` times a normal draw. */
export function blobs(rows: number, width: number, classes: number, noise: number, seed: number): Labelled {
  const centres = Array.from({ length: classes }, (_, c) => {
    const draw = new PhiloxStream([c, 70]);
    return Array.from({ length: width }, () => draw.normal());
  });
  const draw = new PhiloxStream([seed, 71]);
  const labels = Uint32Array.from({ length: rows }, (_, i) => i % classes);
  const values = Float32Array.from(
    { length: rows * width },
    (_, i) => centres[labels[Math.floor(i / width)]!]![i % width]! + noise * draw.normal(),
  );
  return { features: { values, rows, width }, labels };
}
