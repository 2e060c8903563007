import assert from "node:assert/strict";
import { COLOURS, STYLE } from "../../../src/report/site/style.ts";

/** The custom properties of a theme as the style sheet declares them. */
function theme(name: "light" | "dark"): Map<string, string> {
  const block = name === "light"
    ? STYLE.match(/^:root\{([^}]*)\}/)![1]!
    : STYLE.match(/@media \(prefers-color-scheme:dark\)\{:root\{([^}]*)\}/)![1]!;
  return new Map([...block.matchAll(/--([a-z]+):(#[0-9a-f]{6})/g)].map(([, k, v]) => [k!, v!]));
}

/** Relative luminance of sRGB as WCAG 2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

const used = (property: string): Set<string> =>
  new Set(
    [...STYLE.matchAll(new RegExp(`[{;]${property}:var\\(--([a-z]+)\\)`, "g"))].map(([, name]) => name!),
  );

Deno.test("contrast is WCAG's: 21 for black on white, 1 for a colour on itself", () => {
  assert.ok(Math.abs(contrast("#000000", "#ffffff") - 21) < 1e-9);
  assert.equal(contrast("#57606a", "#57606a"), 1);
});

Deno.test("STYLE: every text colour reaches 4.5 to 1 on every ground, in both themes", () => {
  const texts = used("color"), grounds = used("background");
  assert.ok(texts.size >= 5 && grounds.size === 2, `${[...texts]} on ${[...grounds]}`);
  for (const name of ["light", "dark"] as const) {
    const colours = theme(name);
    for (const text of texts) {
      for (const ground of grounds) {
        const ratio = contrast(colours.get(text)!, colours.get(ground)!);
        assert.ok(ratio >= 4.5, `${name}: ${text} on ${ground} has ${ratio.toFixed(2)}`);
      }
    }
  }
});

Deno.test("STYLE names no colour but through the themes, which declare the same names", () => {
  const rules = STYLE.slice(STYLE.indexOf("*{box-sizing"));
  assert.doesNotMatch(rules, /#[0-9a-f]{3,8}\b|rgb|hsl/i);
  for (const name of ["light", "dark"] as const) {
    assert.deepEqual([...theme(name).keys()], Object.keys(COLOURS));
  }
});

Deno.test("STYLE fetches nothing and keeps the focus visible", () => {
  assert.doesNotMatch(STYLE, /url\(|@import|@font-face/);
  const outline = STYLE.match(/:focus-visible\{outline:3px solid var\(--([a-z]+)\)/)![1]!;
  for (const name of ["light", "dark"] as const) {
    for (const ground of used("background")) {
      const ratio = contrast(theme(name).get(outline)!, theme(name).get(ground)!);
      assert.ok(ratio >= 3, `${name}: outline on ${ground} has ${ratio.toFixed(2)}`);
    }
  }
});
