/** An audit as a bundle holds it: its data and its text, both made from the claims that lie beside them. */
import { AssayError } from "../../base/error.ts";
import { assemble, type Corpus, readDatasets, readSource } from "../../claims/corpus.ts";
import { auditSource, findAll } from "../../claims/audit.ts";
import { auditData, renderAudit } from "../../claims/rules/render.ts";
import type { BundleFiles } from "../../record/files.ts";
import { type Line, ok, tampered } from "./line.ts";
import { textDifference } from "./text_difference.ts";

/** Files of an audit's report, in a bundle's top folder. */
export const AUDIT_FILES = { data: "audit.json", text: "audit.md" } as const;

/** The report files of one source's audit. Throws for a source that the corpus does not have. */
export function auditFiles(corpus: Corpus, id: string): Map<string, string> {
  const source = corpus.sources.find((s) => s.id === id);
  if (!source) throw new AssayError(`Cannot audit "${id}": the claims have no source of that name.`);
  const audit = auditSource(corpus, source, findAll(corpus));
  const text = renderAudit(audit, { width: 100, colour: false, arithmeticLines: Infinity });
  return new Map([
    [AUDIT_FILES.data, `${JSON.stringify(auditData(audit), null, 2)}\n`],
    [AUDIT_FILES.text, `\`\`\`text\n${text}\n\`\`\`\n`],
  ]);
}

/** Makes an audit again from the bundle's own claims and compares it, line by line. */
export async function checkAudit(files: BundleFiles): Promise<Line[]> {
  const decode = async (path: string): Promise<string> => new TextDecoder().decode(await files.read(path));
  try {
    const { source } = JSON.parse(await decode(AUDIT_FILES.data)) as { source: string };
    const again = auditFiles(await corpusOf(files, decode), source);
    for (const [path, made] of again) {
      if (!files.sizes.has(path)) {
        return [tampered("report", path, "the claims give this page, the bundle lacks it")];
      }
      const d = textDifference(await decode(path), made);
      if (d) return [tampered("report", `${path}:${d.line}${d.cell}`, d.message)];
    }
    return [ok("report", `${again.size} files of the audit follow from the claims`)];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [tampered("report", AUDIT_FILES.data, `it cannot be made again from the claims: ${message}`)];
  }
}

async function corpusOf(files: BundleFiles, decode: (path: string) => Promise<string>): Promise<Corpus> {
  const paths = [...files.sizes.keys()].filter((path) => /^claims\/[^/]+\.yaml$/.test(path)).sort();
  const texts = await Promise.all(paths.map(async (file) => ({ file, text: await decode(file) })));
  const datasets = texts.find((t) => t.file === "claims/datasets.yaml");
  if (!datasets) throw new AssayError("the bundle lacks claims/datasets.yaml");
  const known = readDatasets(datasets);
  return assemble(texts.filter((t) => t !== datasets).map((t) => readSource(t, known)));
}
