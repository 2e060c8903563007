/**
 * WGSL files as kernels: preludes, header constants, `//! unroll`, and what the file declares. Pure text, no device.
 *
 * A file is valid WGSL as it stands behind the preludes it names. Four marks have a meaning here:
 * - `//! use _math _random` in the first lines: preludes put before the file;
 * - `const NAME = 8u;` or `alias NAME = f32;` at the start of a line: header values that a variant may replace;
 * - `//! unroll` above `for (var i = 0u; i < BOUND; i++) {`: the loop is written out, `i` a constant;
 * - `struct Params { a: u32, b: f32, ... }` behind `var<uniform> p: Params`: fields a dispatch fills by name.
 */
import { AssayError } from "../base/error.ts";
import colourPrelude from "../kernels.wgsl/_colour.wgsl" with { type: "text" };
import cropPrelude from "../kernels.wgsl/_crop.wgsl" with { type: "text" };
import guardPrelude from "../kernels.wgsl/_guard.wgsl" with { type: "text" };
import mathPrelude from "../kernels.wgsl/_math.wgsl" with { type: "text" };
import randomPrelude from "../kernels.wgsl/_random.wgsl" with { type: "text" };
import spansPrelude from "../kernels.wgsl/_spans.wgsl" with { type: "text" };
import stepPrelude from "../kernels.wgsl/_step.wgsl" with { type: "text" };

const PRELUDES: Readonly<Record<string, string>> = {
  _colour: colourPrelude,
  _crop: cropPrelude,
  _guard: guardPrelude,
  _math: mathPrelude,
  _random: randomPrelude,
  _spans: spansPrelude,
  _step: stepPrelude,
};

export type HeaderValues = Readonly<Record<string, number | string>>;

/** A field of a kernel's uniform struct; every field is 4 bytes. */
export interface UniformField {
  readonly name: string;
  readonly type: "u32" | "i32" | "f32";
}

/** What a kernel declares, read from its text. */
export interface KernelInterface {
  /** Storage bindings by name. */
  readonly storage: ReadonlyMap<string, number>;
  /** Fields and binding of the dispatch's own uniform, if it has one. */
  readonly uniform: { readonly binding: number; readonly fields: readonly UniformField[] } | undefined;
  /** Binding of the step uniform, if the kernel reads step-varying scalars. */
  readonly step: number | undefined;
}

/** A WGSL file under its name. */
export class Kernel {
  readonly #expanded = new Map<string, string>();
  #interface: KernelInterface | undefined;

  constructor(readonly name: string, readonly source: string) {}

  /** Text to compile for some header values: preludes, header replaced, loops unrolled. */
  expand(header: HeaderValues = {}): string {
    const key = JSON.stringify(header);
    let text = this.#expanded.get(key);
    if (text === undefined) {
      text = unroll(replaceHeader(this.name, withPreludes(this.name, this.source), header), this.name);
      this.#expanded.set(key, text);
    }
    return text;
  }

  /** The file behind its preludes and otherwise untouched: must be valid WGSL too. */
  asWritten(): string {
    return withPreludes(this.name, this.source);
  }

  get interface(): KernelInterface {
    return (this.#interface ??= reflect(this.name, this.asWritten()));
  }

  /** Whether the kernel needs subgroup operations. */
  get usesSubgroups(): boolean {
    return /\bsubgroup[A-Z_]/.test(this.source);
  }
}

function withPreludes(name: string, source: string): string {
  const use = /^\/\/! use (.+)$/m.exec(source);
  if (!use) return source;
  const texts = use[1]!.trim().split(/\s+/).map((prelude) => {
    const text = PRELUDES[prelude];
    if (text === undefined) {
      throw new AssayError(`Cannot load kernel "${name}": unknown prelude "${prelude}".`);
    }
    return text;
  });
  return [...texts, source].join("\n");
}

function replaceHeader(kernel: string, source: string, header: HeaderValues): string {
  for (const [name, value] of Object.entries(header)) {
    const line = new RegExp(`^(const ${name}(?:: \\w+)? = )[\\d.]+([uif]?);|^(alias ${name} = )\\w+;`, "m");
    if (!line.test(source)) {
      throw new AssayError(`Cannot load kernel "${kernel}": it has no header constant "${name}".`);
    }
    source = source.replace(
      line,
      (_all, head: string | undefined, suffix: string, alias: string | undefined) =>
        alias ? `${alias}${value};` : `${head}${value}${suffix};`,
    );
  }
  return source;
}

const LOOP =
  /^[ \t]*\/\/! unroll\s*\n[ \t]*for \(var (\w+) = (\w+); \1 < ([^;]+); \1(?:\+\+| \+= (\w+))\) \{/m;

/** Writes out every marked loop, outermost first; the loop variable becomes a constant of each copy. */
function unroll(source: string, kernel: string): string {
  const constants = new Map<string, number>();
  for (const m of source.matchAll(/^const (\w+)(?:: \w+)? = ([^;]+);/gm)) {
    constants.set(m[1]!, evaluate(m[2]!, constants));
  }
  for (let match = LOOP.exec(source); match; match = LOOP.exec(source)) {
    const [head, variable, start, bound, stride] = match;
    const open = match.index + head.length;
    const close = matchingBrace(source, open, kernel);
    const body = source.slice(open, close);
    const from = evaluate(start!, constants);
    const to = evaluate(bound!, constants);
    const by = stride ? evaluate(stride, constants) : 1;
    if (!(Number.isInteger(from) && Number.isInteger(to) && by > 0)) {
      throw new AssayError(
        `Cannot unroll "${head.trim()}" in kernel "${kernel}": its bounds must be header constants, found ${from} to ${to} by ${by}.`,
      );
    }
    const suffix = /[ui]$/.exec(start!)?.[0] ?? "";
    const copies: string[] = [];
    for (let i = from; i < to; i += by) copies.push(`{ const ${variable} = ${i}${suffix};${body}}`);
    source = source.slice(0, match.index) + copies.join("\n") + source.slice(close + 1);
  }
  return source;
}

function matchingBrace(source: string, open: number, kernel: string): number {
  let depth = 1;
  for (let i = open; i < source.length; i++) {
    if (source[i] === "{") depth++;
    if (source[i] === "}" && --depth === 0) return i;
  }
  throw new AssayError(`Cannot load kernel "${kernel}": a loop marked "unroll" has no end.`);
}

/** Integer arithmetic of constants: literals, names, + - * / and parentheses; NaN for anything else. */
function evaluate(expression: string, constants: ReadonlyMap<string, number>): number {
  const tokens = expression.match(/\w+|[-+*/()]/g) ?? [];
  let at = 0;
  const factor = (): number => {
    const token = tokens[at++];
    if (token === "(") {
      const inner = sum();
      at++;
      return inner;
    }
    if (token === undefined) return NaN;
    return constants.get(token) ?? (/^\d+[ui]?$/.test(token) ? parseInt(token) : NaN);
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === "*" || tokens[at] === "/") {
      value = tokens[at++] === "*" ? value * factor() : Math.trunc(value / factor());
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === "+" || tokens[at] === "-") value += tokens[at++] === "+" ? product() : -product();
    return value;
  };
  return sum();
}

function reflect(kernel: string, text: string): KernelInterface {
  const storage = new Map<string, number>();
  for (const m of text.matchAll(/@group\(0\) @binding\((\d+)\) var<storage, (\w+)> (\w+):/g)) {
    if (m[2] !== "read_write") {
      throw new AssayError(
        `Cannot load kernel "${kernel}": storage "${
          m[3]
        }" must be read_write, because values share buffers and a buffer may not be bound read and read_write in one dispatch; it is ${
          m[2]
        }.`,
      );
    }
    storage.set(m[3]!, Number(m[1]));
  }
  const step = /@group\(0\) @binding\((\d+)\) var<uniform> step:/.exec(text);
  const own = /@group\(0\) @binding\((\d+)\) var<uniform> (?!step:)\w+: (\w+);/.exec(text);
  let uniform: KernelInterface["uniform"];
  if (own) {
    const struct = new RegExp(`struct ${own[2]} \\{([^}]*)\\}`).exec(text)?.[1] ?? "";
    const fields = [...struct.matchAll(/(\w+): (u32|i32|f32)/g)].map((m) => ({
      name: m[1]!,
      type: m[2] as UniformField["type"],
    }));
    uniform = { binding: Number(own[1]), fields };
  }
  return { storage, uniform, step: step ? Number(step[1]) : undefined };
}
