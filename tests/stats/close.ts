import assert from "node:assert/strict";

/** Asserts |actual - expected| <= relative * |expected| + absolute; both tolerances need a reason at the call. */
export function assertClose(
  actual: number,
  expected: number,
  relative: number,
  absolute = 0,
  what = "",
): void {
  const error = Math.abs(actual - expected);
  assert.ok(
    error <= relative * Math.abs(expected) + absolute,
    `${what} expected ${expected}, got ${actual} (off by ${error})`,
  );
}

/** Asserts that `run` throws an AssayError whose message matches. */
export function assertAssayError(run: () => unknown, message: RegExp): void {
  assert.throws(run, { name: "AssayError", message });
}
