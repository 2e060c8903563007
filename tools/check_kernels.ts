/**
 * Every kernel compiles under two independent compilers, Deno's naga and Chromium's Tint, both as written and with its
 * `//! unroll` loops expanded at the header's own values.
 */
import { join } from "node:path";
import { failure } from "../src/base/error.ts";
import { Kernel } from "../src/gpu/kernel.ts";
import { projectFiles } from "./files.ts";
import { type CompilerReport, compileUnderTint, type WgslSource } from "./tint.ts";

/** The texts to compile for one kernel file. */
export function variants(name: string, source: string): WgslSource[] {
  const kernel = new Kernel(name, source);
  const written = kernel.asWritten();
  const expanded = kernel.expand();
  const found = [{ name: `${name} as written`, code: written }];
  if (expanded !== written) found.push({ name: `${name} expanded`, code: expanded });
  return found;
}

/** Tint requires the directive for subgroups; naga refuses it and has the functions without. */
function forTint(source: WgslSource): WgslSource {
  return /\bsubgroup[A-Z_]/.test(source.code)
    ? { ...source, code: `enable subgroups;${source.code}` }
    : source;
}

/** Compiles every source with naga, on whatever adapter Deno gives. */
export async function compileUnderNaga(sources: readonly WgslSource[]): Promise<CompilerReport[]> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) {
    throw failure({
      operation: "compile kernels with",
      object: "Deno's WebGPU",
      required: "an adapter must be present",
      found: "none",
      wayOut: "install a Vulkan driver, on Debian the package mesa-vulkan-drivers",
    });
  }
  // Deno grants subgroups although adapter.features does not list them, so asking is the only way to know.
  const device = await adapter.requestDevice({ requiredFeatures: ["subgroups"] });
  try {
    const reports: CompilerReport[] = [];
    for (const { name, code } of sources) {
      device.pushErrorScope("validation");
      device.createShaderModule({ label: name, code });
      const error = await device.popErrorScope();
      const messages = error ? [{ type: "error" as const, line: 0, column: 0, text: error.message }] : [];
      reports.push({ name, messages });
    }
    return reports;
  } finally {
    device.destroy();
  }
}

/** One sentence per error; warnings of the compilers are left out. */
export function complaints(compiler: string, reports: readonly CompilerReport[]): string[] {
  return reports.flatMap(({ name, messages }) =>
    messages.filter((m) => m.type === "error").map((m) =>
      `${compiler} rejects ${name}${m.line ? ` at line ${m.line}, column ${m.column}` : ""}: ${m.text}`
    )
  );
}

/** Compiles all kernels of the project at `root`, prints what is wrong and gives the exit code. */
export async function checkKernels(root = "."): Promise<number> {
  const files = await projectFiles(root, "src/kernels.wgsl", [".wgsl"]);
  const sources = (await Promise.all(files.map(async (path) => {
    const name = path.replace(/^.*\//, "").replace(/\.wgsl$/, "");
    return variants(name, await Deno.readTextFile(join(root, path)));
  }))).flat();
  if (sources.length === 0) {
    console.error("There is no kernel in src/kernels.wgsl.");
    return 1;
  }
  const naga = complaints("naga", await compileUnderNaga(sources));
  const tint = complaints("Tint", await compileUnderTint(sources.map(forTint)));
  for (const sentence of [...naga, ...tint]) console.error(sentence);
  console.log(
    `${files.length} kernel files, ${sources.length} texts: naga rejects ${naga.length}, Tint rejects ${tint.length}.`,
  );
  return naga.length + tint.length ? 1 : 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await checkKernels());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}
