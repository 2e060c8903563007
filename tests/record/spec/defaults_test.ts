import assert from "node:assert/strict";
import { z } from "zod";
import { withoutDefaults } from "../../../src/record/spec/defaults.ts";

const schema = z.strictObject({
  a: z.number().default(1),
  list: z.array(z.strictObject({ b: z.boolean().default(false), c: z.string() })),
  either: z.union([
    z.number(),
    z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("x"), d: z.number().default(2) }),
      z.strictObject({ kind: z.literal("y"), d: z.number().default(3) }),
    ]),
  ]),
  some: z.record(z.string(), z.strictObject({ e: z.number().default(4) })),
});

Deno.test("withoutDefaults drops defaults at any depth and keeps everything else", () => {
  const value = schema.parse({
    list: [{ c: "" }, { b: true, c: "x" }],
    either: { kind: "y" },
    some: { p: {}, q: { e: 5 } },
  });
  const short = withoutDefaults(schema, value);
  assert.deepEqual(short, {
    list: [{ c: "" }, { b: true, c: "x" }],
    either: { kind: "y" },
    some: { p: {}, q: { e: 5 } },
  });
  assert.deepEqual(schema.parse(short), value);
  assert.deepEqual(withoutDefaults(schema, schema.parse({ ...value, a: 7, either: { kind: "y", d: 2 } })), {
    a: 7,
    ...short as object,
    either: { kind: "y", d: 2 },
  });
});
