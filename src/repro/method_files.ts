/** Methods are the files of src/methods: found by listing the folder, loaded by name. No index to keep. */
import { AssayError } from "../base/error.ts";
import type { Method } from "../nn/method.ts";

const FOLDER = new URL("../methods/", import.meta.url);

/** Names of all methods, sorted. */
export function methodNames(): string[] {
  return [...Deno.readDirSync(FOLDER)]
    .filter((entry) => entry.isFile && entry.name.endsWith(".ts"))
    .map((entry) => entry.name.slice(0, -3).replaceAll("_", "-"))
    .sort();
}

/** The method a user names. */
export async function loadMethod(name: string): Promise<Method> {
  const names = methodNames();
  if (!names.includes(name)) {
    throw new AssayError(`Cannot find method "${name}": the methods are ${names.join(", ")}.`);
  }
  const module = await import(new URL(`${name.replaceAll("-", "_")}.ts`, FOLDER).href) as { method?: Method };
  if (!module.method) {
    throw new AssayError(`Cannot load method "${name}": its file must export a constant called "method".`);
  }
  return module.method;
}
