/**
 * Deno lint plugin: who may import whom. A source file of a layer may import its own layer, the layers of its row, and
 * `src/base/error.ts`; methods cannot see `data` or `eval`, so labels cannot leak into pretraining.
 */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

interface Layer {
  /** Layers it may import besides itself. */
  readonly imports: readonly string[];
  /** Whether it may import npm packages. */
  readonly packages: boolean;
  /** Whether it may import the texts of src/kernels.wgsl. */
  readonly kernels: boolean;
}

/** The layer table. */
export const layers: Readonly<Record<string, Layer>> = {
  base: { imports: [], packages: true, kernels: false },
  gpu: { imports: [], packages: false, kernels: true },
  stats: { imports: [], packages: true, kernels: false },
  data: { imports: ["gpu"], packages: true, kernels: true },
  nn: { imports: ["gpu"], packages: false, kernels: true },
  methods: { imports: ["nn"], packages: false, kernels: false },
  eval: { imports: ["gpu", "data", "nn"], packages: true, kernels: true },
  claims: { imports: ["stats"], packages: true, kernels: false },
  record: { imports: ["gpu", "data", "nn"], packages: true, kernels: false },
  train: { imports: ["gpu", "data", "nn", "methods", "eval", "record"], packages: true, kernels: false },
  judge: { imports: ["stats", "claims", "record"], packages: true, kernels: false },
  report: { imports: ["stats", "claims", "judge", "record"], packages: true, kernels: false },
  repro: {
    imports: [
      "gpu",
      "stats",
      "data",
      "nn",
      "methods",
      "eval",
      "claims",
      "record",
      "train",
      "judge",
      "report",
    ],
    packages: true,
    kernels: false,
  },
  evidence: {
    imports: [
      ...["gpu", "stats", "data", "nn", "methods", "eval", "claims", "record", "train", "judge", "report"],
      "repro",
    ],
    packages: true,
    kernels: false,
  },
  cli: {
    imports: [
      ...["gpu", "stats", "data", "nn", "methods", "eval", "claims", "record", "train", "judge", "report"],
      ...["repro", "evidence"],
    ],
    packages: true,
    kernels: false,
  },
};

const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Why the file at `file` may not import `specifier`, or undefined when it may. Paths are relative to the project's
 * root, with forward slashes; a `specifier` of undefined is a dynamic import whose target is computed. `isExact`: the file
 * is an experiment of exact checks.
 */
export function forbidden(file: string, specifier: string | undefined, isExact = false): string | undefined {
  if (file.startsWith("experiments/")) return forbiddenToExperiment(file, specifier, isExact);
  if (!file.startsWith("src/")) return undefined;
  const name = file.split("/")[1]!;
  const layer = layers[name];
  if (!layer) {
    return `"${file}" lies in no layer: move it into one of ${
      Object.keys(layers).map((l) => `src/${l}`).join(", ")
    }.`;
  }
  if (specifier === undefined) {
    if (layer.packages) return undefined; // computed paths: experiments and methods found by globbing
    return `The layer "${name}" may not import a computed path; write the path as a literal.`;
  }
  const target = targetOf(file, specifier);
  if (target === undefined) {
    if (specifier.startsWith("node:") || layer.packages) return undefined;
    return `The layer "${name}" may import no package, found ${
      quoted(specifier)
    }; write it here or move the need up a layer.`;
  }
  if (target === "deno.json") return undefined;
  const wanted = target.startsWith("src/") ? target.split("/")[1]! : undefined;
  if (wanted === name || wanted === "base") return undefined;
  if (wanted === "kernels.wgsl") {
    return layer.kernels
      ? undefined
      : `The layer "${name}" may not import kernel texts; use an op of src/nn.`;
  }
  if (wanted !== undefined && layer.imports.includes(wanted)) return undefined;
  const row = layer.imports.length ? layer.imports.join(", ") : "no other layer";
  return `The layer "${name}" may import ${row}, found "${target}"; move the code or pass the value in.`;
}

/** Exact checks, and their code in folders called `exact`, may use any room of src; a table sees mod.ts alone. */
function forbiddenToExperiment(
  file: string,
  specifier: string | undefined,
  isExact: boolean,
): string | undefined {
  if (isExact || /^experiments\/(\w+\/)?exact\//.test(file)) return undefined;
  const target = specifier === undefined ? undefined : targetOf(file, specifier);
  if (target === "mod.ts" || specifier === "assay") return undefined;
  return `A table may import only "assay" (mod.ts), found ${
    quoted(specifier)
  }; export what it needs from mod.ts.`;
}

function quoted(specifier: string | undefined): string {
  return specifier === undefined ? "a computed path" : `"${specifier}"`;
}

/** The imported file relative to the root, or undefined for a package or built-in module. */
function targetOf(file: string, specifier: string): string | undefined {
  if (!/^(\.\.?\/|\/|file:)/.test(specifier)) return undefined;
  const path = specifier.startsWith("file:")
    ? fileURLToPath(specifier)
    : resolve(dirname(join(projectRoot, file)), specifier);
  return relative(projectRoot, path).replaceAll("\\", "/");
}

const plugin: Deno.lint.Plugin = {
  name: "assay",
  rules: {
    layers: {
      create(context) {
        const file = relative(projectRoot, context.filename).replaceAll("\\", "/");
        const isExact = /from "\.\.\/exact\/check\.ts"/.test(context.sourceCode.text);
        const check = (node: Deno.lint.Node, specifier: string | undefined) => {
          const message = forbidden(file, specifier, isExact);
          if (message !== undefined) context.report({ node, message });
        };
        const literal = (node: Deno.lint.Node): string | undefined =>
          /^(["'`])((?:(?!\$\{).)*)\1$/s.exec(context.sourceCode.getText(node))?.[2];
        return {
          ImportDeclaration: (node) => check(node, node.source.value),
          ExportAllDeclaration: (node) => check(node, node.source.value),
          ExportNamedDeclaration: (node) => {
            if (node.source) check(node, node.source.value);
          },
          ImportExpression: (node) => check(node, literal(node.source)),
          TSImportType: (node) => check(node, literal(node.argument)),
        };
      },
    },
  },
};

export default plugin;
