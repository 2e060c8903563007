import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { canonicalHash } from "../../../src/base/canonical.ts";
import { withoutDefaults } from "../../../src/record/spec/defaults.ts";
import { parseSpec, specHash, specSchema, stepsPerEpoch, viewCount } from "../../../src/record/spec/spec.ts";
import { fullInput, fullSpec } from "./small_spec.ts";

/** Paths of all leaves: numbers, words, switches. */
function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, v]) =>
    leaves(v, [...path, Array.isArray(value) ? Number(key) : key])
  );
}

function changed(value: unknown, path: readonly (string | number)[], to: (old: unknown) => unknown): unknown {
  if (path.length === 0) return to(value);
  const copy = Array.isArray(value) ? [...value] : { ...value as object };
  const [key, ...rest] = path;
  (copy as Record<string | number, unknown>)[key!] = changed(
    (value as Record<string | number, unknown>)[key!],
    rest,
    to,
  );
  return copy;
}

/** Candidates for another value of a leaf; the first that the schema accepts is taken. */
function others(old: unknown): unknown[] {
  if (typeof old === "boolean") return [!old];
  if (typeof old === "number") return [old + 1, old / 2, old * 0.9];
  return [
    ...["nothing", "square", "f32", "last", "end", "start", "pixels", "b".repeat(64)].filter((v) =>
      v !== old
    ),
    `${old}x`,
  ];
}

Deno.test("specHash is another for every field of the specification that is changed", () => {
  const before = specHash(fullSpec);
  const paths = leaves(fullSpec).filter((path) => path.at(-1) !== "format" && path.at(-1) !== "kind");
  assert.ok(paths.length > 70, `${paths.length} leaves`);
  for (const path of paths) {
    const accepted = others(
      path.reduce<unknown>((v, key) => (v as Record<string | number, unknown>)[key], fullSpec),
    )
      .map((value) => changed(fullSpec, path, () => value))
      .find((spec) => specSchema.safeParse(spec).success);
    assert.ok(accepted, `no other value is accepted at ${path.join(".")}`);
    assert.notEqual(specHash(accepted as typeof fullSpec), before, path.join("."));
  }
});

Deno.test("specHash is the same for equal values whose fields stand in another order", () => {
  const shuffled = <T>(value: T, random: () => number): T => {
    if (Array.isArray(value)) return value.map((v) => shuffled(v, random)) as T;
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(([key, v]) => [random(), key, shuffled(v, random)] as const);
    return Object.fromEntries(entries.sort((a, b) => a[0] - b[0]).map(([, key, v]) => [key, v])) as T;
  };
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
      const random = () => stream.next().value as number;
      assert.equal(specHash(shuffled(fullInput, random)), specHash(fullInput));
    }),
    { numRuns: 50 },
  );
});

Deno.test("specHash is the same whether a default is written out or left to the schema", () => {
  const short = {
    method: "simclr",
    encoder: { name: "tiny" },
    data: { train: { name: "shapes", split: "train", size: 16 } },
    views: fullInput.views,
    batch: 8,
    optimizer: { kind: "adamw" as const, lr: 1e-3 },
    stop: { epochs: 1 },
    seed: 0,
  };
  assert.equal(specHash(short), specHash(parseSpec(short)));
});

Deno.test("specHash of specifications that do not use a field added later is what it was", () => {
  const later = specSchema.extend({
    storage: z.enum(["f32", "bf16"]).default("f32"),
    note: z.string().exactOptional(),
  });
  const hash = (value: unknown) => canonicalHash(withoutDefaults(later, later.parse(value)));
  assert.equal(hash(fullInput), specHash(fullInput));
  assert.notEqual(hash({ ...fullInput, storage: "bf16" }), specHash(fullInput));
});

Deno.test("parseSpec names the field, what it must be and what was found", () => {
  assert.throws(() => parseSpec({ ...fullInput, batch: 0 }), /batch: .*found 0/);
  assert.throws(() => parseSpec({ ...fullInput, bach: 8 }), /bach/);
  assert.throws(() => parseSpec({ ...fullInput, stop: { epochs: 1, steps: 2 } }), /stop/);
  assert.throws(() => parseSpec(null), /found null/);
});

Deno.test("stepsPerEpoch and viewCount count whole batches, and the views of all groups", () => {
  assert.equal(stepsPerEpoch(100, 32), 3);
  assert.equal(viewCount(fullSpec), 5);
});
