/** What a run gave: the last evaluation of each of its probes, by name. */
import { canonical } from "../../base/canonical.ts";
import { type Event, type EventOf, eventsOf } from "../events.ts";
import { FEATURES } from "../spec/probe.ts";

/** Features that are not the run's: the encoder before training, and no encoder at all. */
const NOT_TRAINED: ReadonlySet<unknown> = new Set([FEATURES.untrained, FEATURES.pixels]);

/**
 * Values of the last evaluation of each probe of the trained encoder, such as `knn top1`, the same names whether the run
 * has ended or not. Features other than the encoder's are named (`knn of stage2 top1`), and so is the protocol where two
 * probes would have one name.
 */
export function resultsOf(events: readonly Event[]): Readonly<Record<string, number>> {
  const last = new Map<string, EventOf<"eval">>();
  for (const e of eventsOf(events, "eval")) {
    if (e.step === 0 || NOT_TRAINED.has(e.protocol["features"])) continue;
    const { converged: _, ...protocol } = e.protocol; // an outcome, not a choice
    last.set(canonical(protocol), e);
  }
  const found = [...last.values()];
  const names = found.map(({ protocol: { probe, features } }) =>
    [probe, ...(features === undefined || features === FEATURES.encoder ? [] : ["of", features])]
      .filter((word) => word !== undefined).join(" ")
  );
  return Object.fromEntries(found.flatMap(({ protocol, values }, i) => {
    const alone = names.indexOf(names[i]!) === names.lastIndexOf(names[i]!);
    const settings = Object.entries(protocol).filter(([key]) => key !== "probe" && key !== "features")
      .map(([key, value]) => `${key} ${value}`).join(", ");
    const name = alone ? names[i]! : `${names[i]} (${settings})`;
    return Object.entries(values).map(([value, number]) => [`${name} ${value}`.trim(), number]);
  }));
}
