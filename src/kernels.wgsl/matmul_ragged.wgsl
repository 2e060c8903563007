// Matrix product of any sizes with scalar loads, a register tile of 4 x 4 elements a thread: c (m, n) = op(a) op(b).
// Element (i, l) of op(a) is a[i * a_row + l * a_step], element (l, j) of op(b) is b[l * b_step + j * b_column].
// Reference: matmul in src/nn/ops/matmul.ts.
struct Params {
  m: u32,
  n: u32,
  k: u32,
  a_row: u32,
  a_step: u32,
  b_step: u32,
  b_column: u32,
  column_tiles: u32,
  width: u32, // workgroups along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>; // (m, k) or (k, m)
@group(0) @binding(2) var<storage, read_write> b: array<f32>; // (k, n) or (n, k)
@group(0) @binding(3) var<storage, read_write> c: array<f32>; // (m, n)

const THREADS = 32u;
const TILE = 4u;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let tile = (group.y * p.width + group.x) * THREADS + local;
  let row = (tile / p.column_tiles) * TILE;
  let column = (tile % p.column_tiles) * TILE;
  if (row >= p.m) { return; }

  var sum: array<vec4<f32>, TILE>;
  let rows = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(p.m - 1u)) * p.a_row;
  let columns = min(vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(p.n - 1u)) * p.b_column;
  for (var k = 0u; k < p.k; k++) {
    let ak = k * p.a_step;
    let bk = k * p.b_step;
    let bv = vec4<f32>(b[bk + columns.x], b[bk + columns.y], b[bk + columns.z], b[bk + columns.w]);
    //! unroll
    for (var i = 0u; i < TILE; i++) {
      sum[i] += a[ak + rows[i]] * bv;
    }
  }

  //! unroll
  for (var i = 0u; i < TILE; i++) {
    //! unroll
    for (var j = 0u; j < TILE; j++) {
      if (row + i < p.m && column + j < p.n) { c[(row + i) * p.n + column + j] = sum[i][j]; }
    }
  }
}
