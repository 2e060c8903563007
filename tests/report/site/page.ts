/** A page taken apart: its tags in order, checked to be well formed. Strict, because the site writes every tag itself. */
import assert from "node:assert/strict";

export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Text inside, tags left out, entities resolved. */
  text: string;
  readonly parent: Tag | undefined;
}

const VOID = new Set(["meta", "link", "br", "img"]);

/** All elements in document order. Fails on a tag that is not closed, an attribute without quotes or a bare `<`. */
export function tagsOf(page: string): readonly Tag[] {
  assert.ok(page.startsWith("<!doctype html>\n"));
  const tags: Tag[] = [];
  const open: Tag[] = [];
  const source = page.slice("<!doctype html>\n".length);
  const pattern = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>|([^<>]+)|([<>])/g;
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    const [whole, close, name, attributes, text, bare] = match;
    assert.equal(match.index, end, `not a tag: ${source.slice(end, end + 60)}`);
    end += whole.length;
    assert.equal(bare, undefined, `a bare ${bare} before ${source.slice(end, end + 60)}`);
    if (text !== undefined) {
      for (const tag of open) tag.text += unescape(text);
    } else if (close === "/") {
      assert.equal(
        open.pop()?.name,
        name,
        `</${name}> closes another element, before ${source.slice(end, end + 60)}`,
      );
    } else {
      const pairs = [...attributes!.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, k, v]) => [k!, unescape(v!)]);
      const tag: Tag = { name: name!, attributes: Object.fromEntries(pairs), text: "", parent: open.at(-1) };
      tags.push(tag);
      if (!VOID.has(name!)) open.push(tag);
    }
  }
  assert.equal(end, source.length);
  assert.deepEqual(open.map((t) => t.name), []);
  return tags;
}

/** Elements of one name. */
export function named(tags: readonly Tag[], ...names: string[]): Tag[] {
  return tags.filter((t) => names.includes(t.name));
}

function unescape(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return text.replace(/&([^;\s]*);?/g, (whole, name) => {
    assert.ok(name in entities && whole.endsWith(";"), `an & that stands for nothing: ${whole}`);
    return entities[name]!;
  });
}
