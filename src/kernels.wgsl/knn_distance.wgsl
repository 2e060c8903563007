// Negative squared distances of rows, s[i, j] = -sum_d (a[i, d] - b[j, d])^2, by the differences themselves: near
// duplicates, which the expansion |a|^2 + |b|^2 - 2 a.b cannot tell apart in f32, keep their order.
// Reference: search in src/eval/knn_reference.ts.
struct Params {
  rows: u32, // of a
  columns: u32, // rows of b
  width: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>; // (rows, width)
@group(0) @binding(2) var<storage, read_write> b: array<f32>; // (columns, width)
@group(0) @binding(3) var<storage, read_write> s: array<f32>; // (rows, columns)

// A workgroup of 8 x 8 computes 32 x 32 distances, DEPTH elements of the rows at a time.
const SIDE = 32u;
const DEPTH = 16u;

var<workgroup> tile_a: array<f32, 512>; // (DEPTH, SIDE)
var<workgroup> tile_b: array<f32, 512>; // (DEPTH, SIDE)

@compute @workgroup_size(8, 8)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * SIDE;
  let column = group.x * SIDE;
  var sums: array<vec4<f32>, 4>;
  for (var start = 0u; start < p.width; start += DEPTH) {
    for (var i = lane; i < SIDE * DEPTH; i += 64u) {
      let r = i / DEPTH;
      let d = start + i % DEPTH;
      let place = (i % DEPTH) * SIDE + r;
      tile_a[place] = 0.0;
      tile_b[place] = 0.0;
      if (d < p.width && row + r < p.rows) { tile_a[place] = a[(row + r) * p.width + d]; }
      if (d < p.width && column + r < p.columns) { tile_b[place] = b[(column + r) * p.width + d]; }
    }
    workgroupBarrier();
    for (var d = 0u; d < DEPTH; d++) {
      let at = d * SIDE + local.x * 4u;
      let other = vec4<f32>(tile_b[at], tile_b[at + 1u], tile_b[at + 2u], tile_b[at + 3u]);
      for (var i = 0u; i < 4u; i++) {
        let difference = vec4<f32>(tile_a[d * SIDE + local.y * 4u + i]) - other;
        sums[i] -= difference * difference;
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let r = row + local.y * 4u + i;
      let c = column + local.x * 4u + j;
      if (r < p.rows && c < p.columns) { s[r * p.columns + c] = sums[i][j]; }
    }
  }
}
