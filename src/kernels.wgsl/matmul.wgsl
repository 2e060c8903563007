// Matrix product with register tiles fed by subgroup shuffles: c (m, n) = op(a) op(b) over k.
// a is (m, k), or (k, m) if TRANSPOSE_A; b is (k, n), or (n, k) if TRANSPOSE_B. Rows of all three are whole vec4s.
// LANES lanes share a tile of ROWS x 4 LANES COLS elements; for four steps of k each lane loads its share of the rows of
// a once and passes it on by shuffles. Reference: matmul in src/nn/ops/matmul.ts.
struct Params {
  m: u32,
  k: u32,
  n4: u32, // row of c in vec4s
  a4: u32, // row of a in vec4s
  b4: u32, // row of b in vec4s
  column_tiles: u32,
  width: u32, // workgroups along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4<f32>>; // (m, k/4) or (k, m/4)
@group(0) @binding(2) var<storage, read_write> b: array<vec4<f32>>; // (k, n/4) or (n, k/4)
@group(0) @binding(3) var<storage, read_write> c: array<vec4<f32>>; // (m, n/4)

const LANES = 8u;
const THREADS = 32u;
const ROWS = 32u;
const COLS = 1u;
const TRANSPOSE_A = 0u;
const TRANSPOSE_B = 0u;
// vec4s of a that a lane holds for four steps of k.
const BLOCKS = ROWS / LANES;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let lane = invocation % LANES;
  let first = invocation - lane;
  // The tiles of a workgroup lie below one another, so that they read the same columns of b.
  let index = group.y * p.width + group.x;
  let row = ((index / p.column_tiles) * (THREADS / LANES) + local / LANES) * ROWS;
  let column = (index % p.column_tiles) * (LANES * COLS) + lane;

  var sum: array<vec4<f32>, ROWS * COLS>;
  var av: array<vec4<f32>, BLOCKS>;
  var bv: array<vec4<f32>, 4u * COLS>;
  for (var k = 0u; k < p.k; k += 4u) {
    //! unroll
    for (var i = 0u; i < BLOCKS; i++) {
      if (TRANSPOSE_A == 1u) {
        // Block i is step i % 4 of k for the (i / 4)th run of 4 LANES rows.
        let m4 = min(row / 4u + (i / 4u) * LANES + lane, p.a4 - 1u);
        let value = a[min(k + i % 4u, p.k - 1u) * p.a4 + m4];
        av[i] = select(vec4<f32>(0.0), value, k + i % 4u < p.k);
      } else {
        av[i] = a[min(row + i * LANES + lane, p.m - 1u) * p.a4 + k / 4u];
      }
    }
    //! unroll
    for (var j = 0u; j < COLS; j++) {
      let n4 = min(column + j * LANES, p.n4 - 1u);
      if (TRANSPOSE_B == 1u) {
        let at = n4 * 4u * p.b4 + k / 4u;
        let r0 = b[at];
        let r1 = b[at + p.b4];
        let r2 = b[at + 2u * p.b4];
        let r3 = b[at + 3u * p.b4];
        bv[4u * j] = vec4<f32>(r0.x, r1.x, r2.x, r3.x);
        bv[4u * j + 1u] = vec4<f32>(r0.y, r1.y, r2.y, r3.y);
        bv[4u * j + 2u] = vec4<f32>(r0.z, r1.z, r2.z, r3.z);
        bv[4u * j + 3u] = vec4<f32>(r0.w, r1.w, r2.w, r3.w);
      } else {
        let last = p.k - 1u;
        bv[4u * j] = b[k * p.b4 + n4];
        bv[4u * j + 1u] = b[min(k + 1u, last) * p.b4 + n4];
        bv[4u * j + 2u] = b[min(k + 2u, last) * p.b4 + n4];
        bv[4u * j + 3u] = b[min(k + 3u, last) * p.b4 + n4];
      }
    }
    // sum[i] += a[i, k..k+3] b[k..k+3]
    //! unroll
    for (var i = 0u; i < ROWS; i++) {
      var v: vec4<f32>;
      if (TRANSPOSE_A == 1u) {
        let q = (i / (4u * LANES)) * 4u;
        let source = first + (i / 4u) % LANES;
        v = vec4<f32>(
          subgroupShuffle(av[q][i % 4u], source),
          subgroupShuffle(av[q + 1u][i % 4u], source),
          subgroupShuffle(av[q + 2u][i % 4u], source),
          subgroupShuffle(av[q + 3u][i % 4u], source),
        );
      } else {
        v = subgroupShuffle(av[i / LANES], first + i % LANES);
      }
      //! unroll
      for (var j = 0u; j < COLS; j++) {
        sum[i * COLS + j] += v.x * bv[4u * j] + v.y * bv[4u * j + 1u] + v.z * bv[4u * j + 2u] + v.w * bv[4u * j + 3u];
      }
    }
  }

  //! unroll
  for (var i = 0u; i < ROWS; i++) {
    //! unroll
    for (var j = 0u; j < COLS; j++) {
      if ((row + i < p.m) & (column + j * LANES < p.n4)) {
        c[(row + i) * p.n4 + column + j * LANES] = sum[i * COLS + j];
      }
    }
  }
}
