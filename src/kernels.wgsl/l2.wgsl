// Rows of length one: y = x / max(|x|, eps), x and y (rows, columns), one workgroup a row. Backward needs y and the
// lengths. Reference: l2Normalise in src/nn/ops/l2.ts.
struct Params {
  rows: u32,
  columns: u32,
  eps: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (rows, columns)
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // (rows, columns)
@group(0) @binding(3) var<storage, read_write> lengths: array<f32>; // (rows), max(|x|, eps)
@group(0) @binding(4) var<storage, read_write> dy: array<f32>; // (rows, columns)
@group(0) @binding(5) var<storage, read_write> dx: array<f32>; // (rows, columns)

const THREADS = 64u;

var<workgroup> partial: array<f32, THREADS>;

fn total(own: f32, lane: u32) -> f32 {
  partial[lane] = own;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { partial[lane] += partial[lane + h]; }
    workgroupBarrier();
  }
  return partial[0];
}

// y = x / max(|x|, eps)
@compute @workgroup_size(64)
fn forward(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  var acc = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) { acc += x[start + j] * x[start + j]; }
  let norm = sqrt(total(acc, lane));
  let size = select(norm, p.eps, norm < p.eps);
  for (var j = lane; j < p.columns; j += THREADS) { y[start + j] = x[start + j] / size; }
  if (lane == 0u) { lengths[row] = size; }
}

// dx = (dy - y (dy . y)) / |x|; where eps took the place of the length it is a constant: dx = dy / eps
@compute @workgroup_size(64)
fn backward(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  var acc = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) { acc += dy[start + j] * y[start + j]; }
  let size = lengths[row];
  let along = select(total(acc, lane), 0.0, size == p.eps);
  for (var j = lane; j < p.columns; j += THREADS) {
    dx[start + j] = (dy[start + j] - y[start + j] * along) / size;
  }
}
