/** Whether two published numbers are of the same setting. */
import type { Claim } from "../claim.ts";
import type { Protocol } from "../schema.ts";

/** Every field whose value can differ between two protocols; width 1 and no extra layers are what absence means. */
export function protocolEntries(p: Protocol): [keyof Protocol, string][] {
  return (Object.keys(p) as (keyof Protocol)[])
    .filter((k) =>
      p[k] !== undefined && !(k === "width" && p[k] === 1) && !(k === "extra_layers" && p[k] === false)
    )
    .map((k): [keyof Protocol, string] => [k, String(p[k])])
    .sort(([a], [b]) => a.localeCompare(b));
}

/** Fields in which two protocols differ; a field that only one states counts when `unstated` is `differs`. */
export function differingFields(
  a: Protocol,
  b: Protocol,
  unstated: "differs" | "ignored" = "differs",
): (keyof Protocol)[] {
  const left = new Map(protocolEntries(a));
  const right = new Map(protocolEntries(b));
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.filter((k) => {
    if (unstated === "ignored" && k !== "width" && k !== "extra_layers" && (!left.has(k) || !right.has(k))) {
      return false;
    }
    return left.get(k) !== right.get(k);
  });
}

/** What identifies one cell of the literature: method, data, metric and the whole protocol. */
export function cellKey(c: Claim, ignored: readonly (keyof Protocol)[] = []): string {
  const protocol = protocolEntries(c.protocol).filter(([k]) => !ignored.includes(k));
  return JSON.stringify([c.method, c.dataset?.id ?? null, c.metric, c.unit, protocol]);
}

/** Fields whose change makes two results different ones, whoever measured them. */
const essential: readonly (keyof Protocol)[] = [
  "encoder",
  "width",
  "probe",
  "labels",
  "k",
  "extra_layers",
  "teacher",
];

/** Same method, data, metric and essential fields; epochs may differ. */
export function sameFamily(a: Claim, b: Claim): boolean {
  return a.method === b.method && a.metric === b.metric && a.dataset !== undefined &&
    a.dataset.id === b.dataset?.id &&
    a.unit === b.unit && !differingFields(a.protocol, b.protocol).some((k) => essential.includes(k));
}

/** Same family, and the same stated number of epochs. */
export function sameSetting(a: Claim, b: Claim): boolean {
  return sameFamily(a, b) && a.protocol.epochs !== undefined && a.protocol.epochs === b.protocol.epochs;
}

/** `epochs 200 against 800, batch unstated against 256` */
export function describeDifference(a: Protocol, b: Protocol, fields: readonly (keyof Protocol)[]): string {
  const word = (v: unknown) => v === undefined ? "unstated" : String(v);
  return fields.map((k) => `${k.replaceAll("_", " ")} ${word(a[k])} against ${word(b[k])}`).join(", ");
}
