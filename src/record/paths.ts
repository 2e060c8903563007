/** Paths inside a bundle, and the names that have a meaning there. */

/** Files with a fixed place in a bundle. */
export const NAMES = {
  crate: "ro-crate-metadata.json",
  /** DSSE envelope of a signed bundle. */
  attestation: "attestation.dsse.json",
  /** The bare statement of an unsigned one. */
  statement: "statement.json",
  signer: "signer.pub.pem",
  run: "run.json",
  markdown: "report.md",
  html: "report.html",
  runs: "runs/",
  plots: "plots/",
  claims: "claims/",
  datasets: "datasets/",
} as const;

/** Files that state the digests of the others, and so are in no list of digests. */
export const UNLISTED: ReadonlySet<string> = new Set([NAMES.attestation, NAMES.statement]);

/** What is wrong with a path inside a bundle, as the end of a sentence, or undefined. */
export function pathProblem(path: string): string | undefined {
  if (path === "" || path.length > 400) return "has no usable name";
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return "names a place outside the bundle";
  // deno-lint-ignore no-control-regex
  if (/[\\:\x00-\x1f\x7f]/.test(path)) return "has characters that a path may not have";
  const parts = path.split("/");
  if (parts.some((part) => part === ".." || part === ".")) return "climbs out of the bundle";
  if (parts.some((part) => part === "")) return "is a folder or has an empty part";
  if (parts.includes("__proto__")) return "has a reserved name";
  return undefined;
}
