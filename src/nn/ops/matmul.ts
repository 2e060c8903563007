/** Matrix products with either operand transposed, none of them copied; dense layers. */
import { Kernel } from "../../gpu/kernel.ts";
import portableSource from "../../kernels.wgsl/matmul_portable.wgsl" with { type: "text" };
import raggedSource from "../../kernels.wgsl/matmul_ragged.wgsl" with { type: "text" };
import tiledSource from "../../kernels.wgsl/matmul.wgsl" with { type: "text" };
import { requireShape, type Trace, type Value } from "../trace.ts";
import { addBias } from "./bias.ts";
import { copy } from "./elementwise.ts";
import { grid } from "./grid.ts";
import { THREADS, workgroupsOf } from "./tiles.ts";

export { addBias };

const tiled = new Kernel("matmul", tiledSource);
const portable = new Kernel("matmul_portable", portableSource);
const ragged = new Kernel("matmul_ragged", raggedSource);

export interface MatmulOptions {
  /** a is [k, m] instead of [m, k]. */
  readonly transposeA?: boolean;
  /** b is [n, k] instead of [k, n]. */
  readonly transposeB?: boolean;
}

interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly ta: boolean;
  readonly tb: boolean;
}

/** op(a) op(b): [m, n]. Sums over k run in a fixed order. */
export function matmul(t: Trace, a: Value, b: Value, options: MatmulOptions = {}): Value {
  const ta = options.transposeA ?? false, tb = options.transposeB ?? false;
  requireShape(a.shape.length === 2 && b.shape.length === 2, "matmul", "both must be matrices", a, b);
  const [m, k] = ta ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const [k2, n] = tb ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  requireShape(
    k === k2,
    "matmul",
    `inner dimensions must match${ta || tb ? " (transposed as asked)" : ""}`,
    a,
    b,
  );
  const sizes = { m, n, k, ta, tb };
  const other = a === b ? copy(t, b) : b;
  const y = product(t, a, other, sizes, `${a.label} @ ${b.label}`);
  t.record("matmul", [a, other], [y], {
    vjp: ([dy], needs) => [
      needs[0] ? gradientA(t, a, other, dy!, sizes) : undefined,
      needs[1] ? gradientB(t, a, other, dy!, sizes) : undefined,
    ],
    reference: ([a, b]) => [reference(a!, b!, sizes)],
  });
  return y;
}

/** x [m, in] times w [in, out], plus a bias [out]. */
export function dense(t: Trace, x: Value, w: Value, bias?: Value): Value {
  const y = matmul(t, x, w);
  return bias ? addBias(t, y, bias) : y;
}

/** y = A B with A = op(a): dA = dy B^T, and its transpose B dy^T where a is stored transposed. */
function gradientA(t: Trace, a: Value, b: Value, dy: Value, { m, n, k, ta, tb }: Sizes): Value {
  return ta
    ? product(t, b, dy, { m: k, n: m, k: n, ta: tb, tb: true }, `d ${a.label}`)
    : product(t, dy, b, { m, n: k, k: n, ta: false, tb: !tb }, `d ${a.label}`);
}

/** y = A B with B = op(b): dB = A^T dy, and its transpose dy^T A where b is stored transposed. */
function gradientB(t: Trace, a: Value, b: Value, dy: Value, { m, n, k, ta, tb }: Sizes): Value {
  return tb
    ? product(t, dy, a, { m: n, n: k, k: m, ta: true, tb: ta }, `d ${b.label}`)
    : product(t, a, dy, { m: k, n, k: m, ta: !ta, tb: false }, `d ${b.label}`);
}

/** Records one product by the kernel that fits its sizes. */
function product(t: Trace, a: Value, b: Value, sizes: Sizes, label: string): Value {
  const { m, n, k, ta, tb } = sizes;
  const c = t.value([m, n], label);
  const aRow = ta ? m : k, bRow = tb ? k : n;
  const common = { label, read: { a, b }, write: { c }, flops: 2 * m * n * k };
  if ([aRow, bRow, n].some((length) => length % 4 !== 0)) {
    const columnTiles = Math.ceil(n / 4);
    const [width, height] = grid(Math.ceil(columnTiles * Math.ceil(m / 4) / THREADS));
    t.program.dispatch({
      ...common,
      kernel: ragged,
      uniform: {
        m,
        n,
        k,
        a_row: ta ? 1 : k,
        a_step: ta ? m : 1,
        b_step: tb ? 1 : n,
        b_column: tb ? k : 1,
        column_tiles: columnTiles,
        width,
      },
      workgroups: [width, height],
    });
    return c;
  }
  const { lanes } = t.program.target;
  const tile = lanes === 8
    ? { LANES: 8, ROWS: 32, COLS: 1 }
    : lanes === 4
    ? { LANES: 4, ROWS: 32, COLS: 1 }
    : { ROWS: 8, COLS: 2 };
  const span = lanes || 1;
  const columnTiles = Math.ceil(n / 4 / (span * tile.COLS));
  const { threads, groups } = workgroupsOf(lanes, Math.ceil(m / tile.ROWS), columnTiles);
  const [width, height] = grid(groups);
  t.program.dispatch({
    ...common,
    kernel: lanes ? tiled : portable,
    header: { ...tile, THREADS: threads, TRANSPOSE_A: Number(ta), TRANSPOSE_B: Number(tb) },
    uniform: { m, k, n4: n / 4, a4: aRow / 4, b4: bRow / 4, column_tiles: columnTiles, width },
    workgroups: [width, height],
  });
  return c;
}

function reference(a: Float64Array, b: Float64Array, { m, n, k, ta, tb }: Sizes): Float64Array {
  const y = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const v = a[ta ? l * m + i : i * k + l]!;
      for (let j = 0; j < n; j++) y[i * n + j]! += v * b[tb ? j * k + l : l * n + j]!;
    }
  }
  return y;
}
