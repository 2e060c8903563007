import { AssayError, failure } from "../base/error.ts";

/**
 * Checks a list of numbers before a test uses it: at least `minimum` values, all finite. Throws an AssayError that
 * names the operation and the list otherwise.
 */
export function requireFinite(
  operation: string,
  object: string,
  values: readonly number[],
  minimum: number,
): void {
  if (values.length < minimum) {
    throw failure({
      operation,
      object,
      required: `at least ${minimum} ${minimum === 1 ? "value is" : "values are"} required`,
      found: `${values.length}`,
      wayOut: "run more seeds or leave this row out",
    });
  }
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) {
    throw failure({
      operation,
      object,
      required: "every value must be a finite number",
      found: `${values[bad]} at position ${bad + 1}`,
      wayOut: "find out why that run gave no number; leaving it out silently would bias the result",
    });
  }
}

/** Checks that `value` lies strictly between 0 and 1 (a level, an alpha, a power). Throws an AssayError otherwise. */
export function requireOpenUnit(operation: string, object: string, value: number): void {
  if (!(value > 0 && value < 1)) {
    throw failure({
      operation,
      object,
      required: "it must lie strictly between 0 and 1",
      found: `${value}`,
      wayOut: "write 95 % as 0.95",
    });
  }
}

/** Checks that `value` is an integer of at least `minimum`. Throws an AssayError otherwise. */
export function requireCount(operation: string, object: string, value: number, minimum: number): void {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw failure({
      operation,
      object,
      required: `it must be an integer of at least ${minimum}`,
      found: `${value}`,
      wayOut: "pass a count",
    });
  }
}

/** Checks a margin or another quantity that must be finite and not negative. Throws an AssayError otherwise. */
export function requireNonNegative(operation: string, object: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw failure({
      operation,
      object,
      required: "it must be finite and not negative",
      found: `${value}`,
      wayOut: "give it in the unit of the values",
    });
  }
}

/** The error for a t test on values that do not vary at all, where the statistic is 0/0 or infinite. */
export function zeroVariance(operation: string, object: string): AssayError {
  return failure({
    operation,
    object,
    required: "the values must vary for a t test to exist",
    found: "a standard deviation of 0",
    wayOut: "compare a deterministic quantity exactly, or check that the seed reaches the run",
  });
}
