/** One line of a verification: what was checked, how it came out and where. */

export type Status = "OK" | "TAMPERED" | "NOT-CHECKED";

export interface Line {
  readonly status: Status;
  /** What was checked, one word. */
  readonly check: string;
  readonly message: string;
  /** File, line of events or cell of a table, where there is one. */
  readonly place?: string;
}

export const ok = (check: string, message: string): Line => ({ status: "OK", check, message });

export const tampered = (check: string, place: string, message: string): Line => ({
  status: "TAMPERED",
  check,
  place,
  message,
});

export const notChecked = (check: string, message: string, place?: string): Line => ({
  status: "NOT-CHECKED",
  check,
  message,
  ...(place !== undefined && { place }),
});
