import { fileURLToPath } from "node:url";

/** Root of the project: the folder that holds `datasets/`. */
export function projectRoot(): string {
  return fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, ""); // a path may hold spaces
}
