/**
 * A ring of the last N steps' scalars on the GPU, read back once per N steps: every awaited round trip waits for the
 * whole queue, so a loss is not read in the step that made it.
 */
import { AssayError } from "../base/error.ts";
import { Kernel } from "../gpu/kernel.ts";
import type { Session } from "../gpu/session.ts";
import type { Value } from "../gpu/value.ts";
import source from "../kernels.wgsl/metrics.wgsl" with { type: "text" };
import { type Fault, faultOf, reportArena, stepSlot } from "./guard.ts";
import type { Reported } from "./produced.ts";
import type { Trace } from "./trace.ts";

const kernel = new Kernel("metrics", source);

/** Records scalars of shape [1] by name into a ring of `rows` steps. Once per program. Not an effect that a fault stops. */
export function metrics(t: Trace, values: Readonly<Record<string, Value>>, rows: number): void {
  const { program } = t;
  const names = Object.keys(values);
  if (t.metrics) throw new AssayError("Cannot record metrics: the step has a ring already.");
  if (!Number.isInteger(rows) || rows < 1) {
    throw new AssayError(
      `Cannot record metrics: the ring must hold at least 1 step, current value is ${rows}.`,
    );
  }
  for (const [name, value] of Object.entries(values)) {
    if (value.size !== 1) {
      throw new AssayError(
        `Cannot record metric "${name}": it must have one element, ${value} has ${value.size}.`,
      );
    }
  }
  const ring = program.pinned(reportArena(t), [rows, names.length], "f32", "metrics");
  t.metrics = { value: ring, names, rows };
  program.effect("metrics", () =>
    names.forEach((name, column) =>
      program.dispatch({
        kernel,
        label: `metric ${name}`,
        read: { x: values[name]! },
        update: { ring },
        uniform: { step: stepSlot(t), rows, columns: names.length, column },
        workgroups: [1],
      })
    ));
}

/** What the host learns of the steps since its last look. */
export interface Report {
  /** Values by metric name, one per step from `from`. */
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly fault: Fault | undefined;
}

/**
 * Metrics of steps `from` to `to` (not included) and the guard's verdict, in one awaited round trip. The ring must
 * still hold the steps: `to - from` may be its rows at most, and step `to - 1` the last one replayed.
 */
export async function readReport(
  session: Session,
  step: Reported,
  from: number,
  to: number,
): Promise<Report> {
  const { metrics: ring, guard } = step;
  if (!ring) throw new AssayError("Cannot read metrics: the step records none.");
  if (to - from > ring.rows || to < from) {
    throw new AssayError(
      `Cannot read metrics of steps ${from} to ${to}: the ring holds ${ring.rows} steps; read it at least that often.`,
    );
  }
  const arena = ring.value.arena!;
  const bytes = await session.readBytes(arena);
  const table = new Float32Array(bytes.buffer, arena.offsetOf(ring.value), ring.value.size);
  const fault = guard && faultOf(step, new Uint32Array(bytes.buffer, arena.offsetOf(guard.flag), 2));
  const steps = Array.from({ length: to - from }, (_, i) => (from + i) % ring.rows);
  const columns = ring.names.map((name, c): [string, number[]] => [
    name,
    steps.map((row) => table[row * ring.names.length + c]!),
  ]);
  return { metrics: Object.fromEntries(columns), fault };
}
