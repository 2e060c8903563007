/** Small widths for the letters that a method has. */
import type { HyperValue } from "../../src/nn/hyper.ts";
import type { Method } from "../../src/nn/method.ts";

export function smallHyper(
  method: Method,
  small: Readonly<Record<string, number>> = { queue: 16, projector: 16, hidden: 16, predictor: 8 },
): Record<string, HyperValue> {
  return Object.fromEntries(Object.entries(small).filter(([letter]) => letter in method.hyper));
}
