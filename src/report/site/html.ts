/** HTML as values: a template escapes every text that is put into it, so nothing read from a file can become markup. */

/** Markup that is finished. Only `markup` makes one. */
export class Html {
  private constructor(readonly text: string) {}

  /** Used by `markup` alone; texts go through `escape`. */
  static of(text: string): Html {
    return new Html(text);
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: texts are escaped, lists follow one another, what does not apply is nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for element content and quoted attributes; control characters, which HTML forbids, become U+FFFD. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c]!)
    // deno-lint-ignore no-control-regex
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "\ufffd");
}

/**
 * Template: markup`<td class="${name}">${text}</td>`. Attribute values are always quoted in the template.
 * (A tag named html would make the formatter rewrite the text inside, and with it what a page says.)
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return Html.of(strings.map((s, i) => s + (i < parts.length ? render(parts[i]) : "")).join(""));
}

/** ` name="value"`, or nothing for a value that does not apply. */
export function attribute(name: string, value: string | undefined | false): Part {
  return value !== undefined && value !== false && value !== "" && markup` ${name}="${value}"`;
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(render).join("");
  return escape(String(part));
}

/** Text in which `code` spans are marked with backquotes. */
export function inline(text: string): Html {
  return markup`${
    text.split(/`([^`]+)`/).map((piece, i) => i % 2 === 1 ? markup`<code>${piece}</code>` : piece)
  }`;
}
