/**
 * What the project's pages point at exists: relative links, anchors of headings, and file names in `code spans` such
 * as `src/gpu/device.ts`. A span with a placeholder (`src/methods/<name>.ts`, `*`, `...`) is no file name.
 */
import { dirname, join, normalize } from "node:path";
import { projectFiles } from "./files.ts";

/** Top-level folders and files whose names in a code span are taken as paths of the project. */
const PATH_SPAN =
  /^(?:\.\/)?((?:src|tests|tools|bench|claims|experiments|datasets|decisions|\.ci)\/[\w./-]*|[A-Z]{4,}\.md|(?:deno|mod)\.(?:json|lock|ts)|CITATION\.cff)$/;

/** Generated or downloaded, so a page may name them before they exist. */
const GENERATED = /^(datasets\/cache|runs|out|reports)(\/|$)/;

/** A thing a page points at, and the line it stands on (from 1). */
export interface Reference {
  readonly line: number;
  readonly target: string;
  readonly kind: "link" | "span";
}

/** Links and path-like code spans of a Markdown page; fenced blocks are skipped. */
export function references(markdown: string): Reference[] {
  const found: Reference[] = [];
  let fence: string | undefined;
  for (const [i, text] of markdown.split("\n").entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(text)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const prose = text.replaceAll(/`([^`]+)`/g, (_all, span: string) => {
      const path = PATH_SPAN.exec(span.trim())?.[1];
      if (path !== undefined && !path.includes("...")) {
        found.push({ line: i + 1, target: path, kind: "span" });
      }
      return "";
    });
    for (const link of prose.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)) {
      if (!/^[a-z][a-z0-9+.-]*:/i.test(link[1]!)) found.push({ line: i + 1, target: link[1]!, kind: "link" });
    }
  }
  return found;
}

/** Anchors that GitHub gives to the headings of a page. */
export function anchors(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  for (const heading of markdown.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = heading[1]!.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(
      /\s/g,
      "-",
    );
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** One sentence per dead reference in the pages below `root`. */
export async function deadReferences(root: string): Promise<string[]> {
  const dead: string[] = [];
  for (const page of await projectFiles(root, ".", [".md"])) {
    const markdown = await Deno.readTextFile(join(root, page));
    for (const { line, target, kind } of references(markdown)) {
      const [file, anchor] = target.split("#");
      const path = file === "" ? page : kind === "link" ? normalize(join(dirname(page), file!)) : file!;
      if (GENERATED.test(path)) continue;
      if (!(await exists(join(root, path)))) {
        dead.push(`${page}:${line} names "${target}", which does not exist.`);
      } else if (
        anchor && path.endsWith(".md") && !anchors(await Deno.readTextFile(join(root, path))).has(anchor)
      ) {
        dead.push(`${page}:${line} links to "${target}", but ${path} has no such heading.`);
      }
    }
  }
  return dead;
}

/** Prints the dead references of the project at `root`; gives the exit code. */
export async function checkLinks(root = "."): Promise<number> {
  const dead = await deadReferences(root);
  for (const sentence of dead) console.error(sentence);
  console.log(`Dead references in the pages: ${dead.length}.`);
  return dead.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await checkLinks());
