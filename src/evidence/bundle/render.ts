/** A verification as text and as data. */
import type { Line, Status } from "./line.ts";
import type { Verification } from "./verify.ts";

const WIDTH: Readonly<Record<Status, string>> = {
  OK: "OK         ",
  TAMPERED: "TAMPERED   ",
  "NOT-CHECKED": "NOT-CHECKED",
};

/** One line of text. */
export function renderLine({ status, check, place, message }: Line): string {
  return `${WIDTH[status]}  ${check.padEnd(11)}  ${place === undefined ? "" : `${place}: `}${message}`;
}

/** All lines and the sentence that sums them up. */
export function renderVerification(path: string, { lines, tampered, signer }: Verification): string {
  const open = lines.filter((line) => line.status === "NOT-CHECKED").length;
  const who = signer === undefined ? "unsigned, or without a valid signature" : `signed by ${signer}`;
  const verdict = tampered
    ? `TAMPERED: ${path} is not what was bundled, or its parts contradict one another`
    : `OK: nothing in ${path} contradicts anything else`;
  return [
    ...lines.map(renderLine),
    "",
    `${verdict} (${who}; ${open === 0 ? "everything was checked" : `${open} checks left open above`}).`,
  ].join("\n");
}
