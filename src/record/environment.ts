/**
 * Where a run happened. `code` is what decides its numbers and belongs to every digest: source, kernels and lock file
 * by content. `machine` differs between two machines that give the same numbers, so no digest includes it; the
 * adapter class in it says where bitwise equality may be demanded.
 */
import { sha256Schema as hash } from "../base/schemas.ts";
import { cpus, release } from "node:os";
import { join } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { projectRoot } from "../base/project_root.ts";
import type { Fingerprint } from "../gpu/device.ts";
import { z } from "zod";
import { canonicalHash, sha256 } from "../base/canonical.ts";
import { readCommit } from "./provenance.ts";

/** An adapter as it describes itself: `Fingerprint` of src/gpu/device.ts. */
export const fingerprintSchema = z.strictObject({
  vendor: z.string(),
  architecture: z.string(),
  device: z.string(),
  description: z.string(),
  fallback: z.boolean(),
  runtime: z.string(),
});

/** Schema of `environment.json`. */
export const environmentSchema = z.strictObject({
  format: z.literal("assay-environment-1"),
  code: z.strictObject({
    version: z.string(),
    /** Over the TypeScript files of src/, experiments/ and mod.ts by path and content. */
    source: hash,
    /** SHA-256 of deno.lock. */
    lock: hash,
    /** SHA-256 of every file of src/kernels.wgsl/. */
    kernels: z.record(z.string(), hash),
  }),
  machine: z.strictObject({
    runtime: z.string(),
    typescript: z.string(),
    v8: z.string(),
    os: z.string(),
    /** Model of the first processor, or null where the process may not ask. */
    cpu: z.string().nullable(),
    cpus: z.int(),
    memoryBytes: z.number().nullable(),
    adapter: fingerprintSchema.nullable(),
    adapterClass: hash.nullable(),
    /** Commit of the checkout, and whether its files differ from it; null where that cannot be told. */
    commit: z.string().nullable(),
    dirty: z.boolean().nullable(),
    /** Permissions the process had: `granted`, `denied`, `prompt` by name. */
    permissions: z.record(z.string(), z.string()),
  }),
});

export type Environment = z.infer<typeof environmentSchema>;

/**
 * Name of the class of adapters on which replays give the same bits: adapter, driver and shader compiler as far as they
 * say what they are. SHA-256 of the fingerprint.
 */
export function adapterClass(adapter: Fingerprint): string {
  return canonicalHash(adapter);
}

/** Describes this process. `adapter` is the device's fingerprint, or null for work without one. */
export async function describeEnvironment(
  adapter: Fingerprint | null,
  root: string = projectRoot(),
): Promise<Environment> {
  const { commit, dirty } = await readCommit(root);
  return {
    format: "assay-environment-1",
    code: await describeCode(root),
    machine: {
      runtime: `Deno ${Deno.version.deno}`,
      typescript: Deno.version.typescript,
      v8: Deno.version.v8,
      os: `${Deno.build.os} ${Deno.build.arch} ${allowed(release) ?? "(release not readable)"}`,
      cpu: allowed(() => cpus()[0]?.model ?? null),
      cpus: navigator.hardwareConcurrency,
      memoryBytes: allowed(() => Deno.systemMemoryInfo().total),
      adapter: adapter && { ...adapter },
      adapterClass: adapter && adapterClass(adapter),
      commit,
      dirty,
      permissions: permissions(),
    },
  };
}

/** The part of the environment that decides numbers. */
export async function describeCode(root: string = projectRoot()): Promise<Environment["code"]> {
  const kernels: [string, string][] = [];
  for (const name of await list(root, "src/kernels.wgsl", ".wgsl")) {
    kernels.push([name.slice("src/kernels.wgsl/".length), sha256(await Deno.readFile(join(root, name)))]);
  }
  const sources = [...await list(root, "src", ".ts"), ...await list(root, "experiments", ".ts"), "mod.ts"];
  const lines: string[] = [];
  for (const name of sources.sort()) {
    const bytes = await Deno.readFile(join(root, name)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return undefined; // mod.ts in a partial tree
      throw error;
    });
    if (bytes) lines.push(`${sha256(bytes)}  ${name}\n`);
  }
  return {
    version: config.version,
    source: sha256(lines.join("")),
    lock: sha256(await Deno.readFile(join(root, "deno.lock"))),
    kernels: Object.fromEntries(kernels),
  };
}

/** Paths below `folder` that end in `ending`, relative to the root, sorted; none when the folder is missing. */
async function list(root: string, folder: string, ending: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) found.push(...await list(root, path, ending));
      else if (entry.isFile && entry.name.endsWith(ending)) found.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

const PERMISSIONS = ["read", "write", "net", "env", "run", "sys", "ffi"] as const;

function permissions(): Record<string, string> {
  return Object.fromEntries(PERMISSIONS.map((name) => [name, Deno.permissions.querySync({ name }).state]));
}

/** What `read` gives, or null where the process has no permission to ask. */
function allowed<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
