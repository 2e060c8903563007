/** The images that a specification names. */
import { type Dataset, load } from "../data/load.ts";
import type { DataSpec } from "../record/spec/spec.ts";

/** Milliseconds between two lines about decoding. */
const EVERY = 20_000;

/** Loads them; `say` hears how far decoding is when it takes long. Errors: those of `load`. */
export function loadSplit(
  { name, perClass, ...rest }: DataSpec,
  say: (line: string) => void = () => {},
): Promise<Dataset> {
  let next = performance.now() + EVERY;
  const progress = (done: number, total: number) => {
    if (performance.now() < next) return;
    next = performance.now() + EVERY;
    say(
      `Decoding ${name} (${rest.split}): ${done.toLocaleString("en-US")} of ${
        total.toLocaleString("en-US")
      } images`,
    );
  };
  return load(name, { ...rest, ...(perClass !== null && { perClass }), progress });
}
