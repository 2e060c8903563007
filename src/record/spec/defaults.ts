/** Leaves out of a value what a schema would fill in again. */
import { z } from "zod";
import { canonical } from "../../base/canonical.ts";

/** A copy of a parsed value without fields at their default, at any depth. Parsing the copy gives the value again. */
export function withoutDefaults(schema: z.core.$ZodType, value: unknown): unknown {
  if (
    schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodExactOptional
  ) {
    return value === null || value === undefined ? value : withoutDefaults(schema.def.innerType, value);
  }
  if (schema instanceof z.ZodUnion) {
    const option = schema.def.options.find((o) => z.safeParse(o, value).success);
    return option ? withoutDefaults(option, value) : value;
  }
  if (schema instanceof z.ZodArray) {
    return (value as readonly unknown[]).map((v) => withoutDefaults(schema.def.element, v));
  }
  if (schema instanceof z.ZodRecord) {
    return mapped(value, (_, v) => withoutDefaults(schema.def.valueType, v));
  }
  if (!(schema instanceof z.ZodObject)) return value;
  const shape = schema.def.shape as Readonly<Record<string, z.core.$ZodType>>;
  const { catchall } = schema.def;
  return mapped(value, (key, v) => {
    const field = shape[key] ?? catchall;
    if (!field) return v;
    if (
      field instanceof z.ZodDefault && key !== "format" && canonical(v) === canonical(field.def.defaultValue)
    ) return undefined;
    return withoutDefaults(field, v);
  });
}

function mapped(value: unknown, each: (key: string, v: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value as object).map(([key, v]) => [key, each(key, v)]).filter(([, v]) => v !== undefined),
  );
}
