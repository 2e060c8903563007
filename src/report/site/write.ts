/**
 * The site on disk. `site.json` lists every file with its SHA-256: the next build knows by it which files are its own,
 * removes those that are no longer made, and refuses a folder that holds anything else.
 */
import { dirname, join } from "node:path";
import { z } from "zod";
import { failure } from "../../base/error.ts";
import { pathProblem } from "../../record/paths.ts";
import { canonical, sha256 } from "../../base/canonical.ts";

const LIST = "site.json";

const listSchema = z.strictObject({
  format: z.literal("assay-site-1"),
  files: z.record(z.string(), z.string()),
});

/** Writes the files below `folder`. Throws an AssayError when the folder holds files of somebody else. */
export async function writeSite(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const before = await ownFiles(folder);
  const list = Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)]));
  await Deno.mkdir(folder, { recursive: true });
  await writeList(folder, { ...before, ...list }); // a build that is cut off leaves nothing that the next one refuses
  for (const [path, text] of files) {
    await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
  for (const path of Object.keys(before)) {
    if (!files.has(path)) {
      await Deno.remove(join(folder, path)).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error; // somebody removed it already
      });
    }
  }
  await writeList(folder, list);
}

async function writeList(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await Deno.writeTextFile(join(folder, LIST), `${canonical({ format: "assay-site-1", files })}\n`);
}

/** Hashes of the files that an earlier build left, by path; none in a new or empty folder. */
async function ownFiles(folder: string): Promise<Readonly<Record<string, string>>> {
  const refuse = (found: string, cause?: unknown) =>
    failure({
      operation: "write",
      object: `the report site to "${folder}"`,
      required: "the folder must be new, empty or an earlier site",
      found,
      wayOut: "choose another with --out",
    }, cause);
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw refuse(error instanceof Deno.errors.NotADirectory ? "a file" : String(error), error);
  }
  if (names.length === 0) return {};
  if (!names.includes(LIST)) throw refuse(`files and no ${LIST}`);
  let value: unknown;
  try {
    value = JSON.parse(await Deno.readTextFile(join(folder, LIST)));
  } catch (cause) {
    throw refuse(`a ${LIST} that is not JSON`, cause);
  }
  const { data } = listSchema.safeParse(value);
  if (!data || Object.keys(data.files).some(pathProblem)) throw refuse(`a ${LIST} that no build wrote`);
  return data.files;
}
