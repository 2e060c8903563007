/** Labels as rows with a single one. */
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/one_hot.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { wrap } from "./grid.ts";

const kernel = new Kernel("one_hot", source);

/** Labels u32 [N] to f32 [N, classes]; a label past the classes gives a row of zeros. Nothing flows back. */
export function oneHot(t: Trace, labels: Value, classes: number): Value {
  requireShape(
    labels.shape.length === 1 && labels.dtype === "u32",
    "make one-hot rows of",
    "labels must be u32 [N]",
    labels,
  );
  const y = t.value([labels.size, classes], `one-hot(${labels.label})`);
  const { width, workgroups } = wrap(Math.ceil(y.size / 64));
  t.program.dispatch({
    kernel,
    label: y.label,
    read: { labels },
    write: { y },
    uniform: { rows: labels.size, classes, columns: width * 64 },
    workgroups,
    cheap: true,
  });
  t.record("oneHot", [labels], [y], {
    vjp: () => [undefined],
    reference: ([labels]) => {
      const rows = new Float64Array(y.size);
      labels!.forEach((label, i) => label < classes && (rows[i * classes + label] = 1));
      return [rows];
    },
  });
  return y;
}
