/** Walks a schema: every field that a specification may have, and what stands for it where it is left out. */
import { z } from "zod";

/** `required`; `optional`, where leaving it out is a setting of its own; or the value that is filled in. */
export type Absence = "required" | "optional" | { readonly default: unknown };
export type Fields = Readonly<Record<string, Absence>>;

/**
 * All fields by path: `optimizer[sgd].momentum`. Options of a union are told apart by their `kind`; elements of a list are
 * `[]`, other keys of a record are `*`. Errors: a kind of schema that the walk would pass over.
 */
export function fieldsOf(schema: z.core.$ZodType): Fields {
  const found: Record<string, Absence> = {};
  for (const [path, absence] of walk(schema, "")) {
    if (path in found) throw new Error(`two options of a union have ${path}: give them a kind`);
    found[path] = absence;
  }
  return found;
}

function* walk(schema: z.core.$ZodType, path: string): Generator<readonly [string, Absence]> {
  const inner = wrapped(schema);
  if (inner) yield* walk(inner, path);
  else if (schema instanceof z.ZodUnion) {
    for (const option of schema.def.options) yield* walk(option, path + kindOf(option));
  } else if (schema instanceof z.ZodArray) yield* walk(schema.def.element, `${path}[]`);
  else if (schema instanceof z.ZodRecord) yield* walk(schema.def.valueType, `${path}.*`);
  else if (schema instanceof z.ZodTuple) {
    for (const [i, item] of schema.def.items.entries()) yield* walk(item, `${path}[${i}]`);
  } else if (schema instanceof z.ZodObject) {
    const rest = schema.def.catchall instanceof z.ZodNever ? {} : { "*": schema.def.catchall };
    for (const [key, field] of Object.entries({ ...schema.def.shape, ...rest })) {
      if (!field) continue;
      const below = path === "" ? key : `${path}.${key}`;
      yield [below, absenceOf(field)];
      yield* walk(field, below);
    }
  } else if (!LEAVES.some((leaf) => schema instanceof leaf)) {
    throw new Error(`${path}: the walk does not know ${schema._zod.def.type}`);
  }
}

const LEAVES = [z.ZodString, z.ZodNumber, z.ZodBoolean, z.ZodLiteral, z.ZodEnum, z.ZodNever];

function wrapped(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodNullable ||
      schema instanceof z.ZodExactOptional || schema instanceof z.ZodReadonly
    ? schema.def.innerType
    : undefined;
}

function absenceOf(field: z.core.$ZodType): Absence {
  if (field instanceof z.ZodDefault) return { default: field.def.defaultValue };
  if (field instanceof z.ZodExactOptional) return "optional";
  const inner = wrapped(field);
  return inner ? absenceOf(inner) : "required";
}

function kindOf(option: z.core.$ZodType): string {
  const kind = option instanceof z.ZodObject ? option.shape["kind"] : undefined;
  return kind instanceof z.ZodLiteral ? `[${kind.def.values[0]}]` : "";
}
