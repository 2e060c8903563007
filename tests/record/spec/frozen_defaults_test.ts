/**
 * The hash of a specification leaves out fields at their default. If a default changed, two different runs would share
 * one hash, so none may.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { canonical } from "../../../src/base/canonical.ts";
import { optimizerSchema } from "../../../src/record/spec/optimizer.ts";
import { probeSchema } from "../../../src/record/spec/probe.ts";
import { scheduleSchema } from "../../../src/record/spec/schedule.ts";
import { parseSpec, type RunSpecInput, specHash, specSchema } from "../../../src/record/spec/spec.ts";
import { type Fields, fieldsOf } from "./fields.ts";

const read = async <T>(name: string): Promise<T> =>
  JSON.parse(await Deno.readTextFile(new URL(`../../fixtures/spec/${name}.json`, import.meta.url)));
const frozen = await read<Fields>("defaults");

/** What of a schema differs from the frozen fields, in words. */
function broken(schema: z.core.$ZodType, frozen: Fields): string[] {
  const today = fieldsOf(schema);
  const changed = Object.entries(frozen).map(([path, was]) =>
    [path, canonical(was), canonical(today[path] ?? "gone")] as const
  ).filter(([, was, is]) => was !== is).map(([path, was, is]) =>
    `${path} was ${was} and is ${is}; recorded hashes stand for the first: give a new meaning a field of another name`
  );
  const added = Object.entries(today).filter(([path]) => !(path in frozen)).map(([path, is]) =>
    `${path} is new; add ${JSON.stringify(path)}: ${JSON.stringify(is)} to tests/fixtures/spec/defaults.json`
  );
  return [...changed, ...added];
}

Deno.test("no field of a specification changes its default, becomes obligatory or optional, or disappears", () => {
  assert.deepEqual(broken(specSchema, frozen), []);
});

Deno.test("a changed default, a field that is gone, one that gets a default and a new one are each named", () => {
  const was = fieldsOf(z.strictObject({
    rule: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("a"), rate: z.number().default(1), clip: z.number().exactOptional() }),
      z.strictObject({ kind: z.literal("b"), gone: z.boolean().default(false) }),
    ]),
  }));
  const now = z.strictObject({
    rule: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("a"), rate: z.number().default(2), clip: z.number().default(3) }),
      z.strictObject({ kind: z.literal("b"), added: z.boolean().default(false) }),
    ]),
  });
  assert.deepEqual(broken(now, was).map((line) => line.slice(0, line.indexOf(";"))), [
    'rule[a].rate was {"default":1} and is {"default":2}',
    'rule[a].clip was "optional" and is {"default":3}',
    'rule[b].gone was {"default":false} and is "gone"',
    "rule[b].added is new",
  ]);
});

Deno.test("the walk refuses a kind of schema that it would pass over", () => {
  const schema = z.strictObject({ a: z.string().transform((s) => s.length) });
  assert.throws(() => fieldsOf(schema), /a: the walk does not know pipe/);
});

interface Hashes {
  readonly base: RunSpecInput;
  /** What is changed of the base, and the hash; by `optimizer sgd`, `probe knn`, `schedule cosine`. */
  readonly cases: Readonly<Record<string, { readonly change: Partial<RunSpecInput>; readonly hash: string }>>;
}
const { base, cases } = await read<Hashes>("hashes");

Deno.test("minimal specifications of every optimizer, probe and schedule keep their hash, written out or not", () => {
  const kinds = (options: readonly z.ZodObject<{ kind: z.ZodLiteral }>[]) =>
    options.map(({ shape }) => shape.kind.value as string);
  assert.deepEqual(Object.keys(cases), [
    ...kinds(optimizerSchema.options).map((kind) => `optimizer ${kind}`),
    ...kinds(probeSchema.options).map((kind) => `probe ${kind}`),
    ...kinds(scheduleSchema.options[1].options).map((kind) => `schedule ${kind}`),
  ]);
  for (const [name, { change, hash }] of Object.entries(cases)) {
    const spec: RunSpecInput = { ...base, ...change };
    assert.equal(specHash(spec), hash, name);
    assert.equal(specHash(parseSpec(spec)), hash, `${name}, with every field written out`);
  }
});
