// Softmax and log softmax of rows, x and y (rows, columns), one workgroup a row; backward from the output alone.
// Reference: the functions of src/nn/ops/softmax.ts.
struct Params {
  rows: u32,
  columns: u32,
}

override THREADS: u32 = 64u; // a power of two

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (rows, columns)
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // (rows, columns)
@group(0) @binding(3) var<storage, read_write> dy: array<f32>; // (rows, columns)
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // (rows, columns)

var<workgroup> shared_largest: array<f32, THREADS>;
var<workgroup> shared_sum: array<f32, THREADS>;

// Lower than any logit and finite: the difference of two of them is 0.
const LOWEST = -3.4028234e38;

// (max x, log sum exp(x - max)) of the row from `start`
fn normaliser(start: u32, lane: u32) -> vec2<f32> {
  var largest = LOWEST;
  var scale = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) {
    let v = x[start + j];
    let larger = max(largest, v);
    scale = scale * exp(largest - larger) + exp(v - larger);
    largest = larger;
  }
  shared_largest[lane] = largest;
  shared_sum[lane] = scale;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) {
      let a = shared_largest[lane];
      let b = shared_largest[lane + h];
      let larger = max(a, b);
      shared_sum[lane] = shared_sum[lane] * exp(a - larger) + shared_sum[lane + h] * exp(b - larger);
      shared_largest[lane] = larger;
    }
    workgroupBarrier();
  }
  return vec2<f32>(shared_largest[0], log(shared_sum[0]));
}

fn total(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { shared_sum[lane] += shared_sum[lane + h]; }
    workgroupBarrier();
  }
  return shared_sum[0];
}

// y = exp(x) / sum exp(x)
@compute @workgroup_size(THREADS)
fn softmax(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  let n = normaliser(start, lane);
  for (var j = lane; j < p.columns; j += THREADS) { y[start + j] = exp((x[start + j] - n.x) - n.y); }
}

// y = x - log sum exp(x)
@compute @workgroup_size(THREADS)
fn log_softmax(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  let n = normaliser(start, lane);
  for (var j = lane; j < p.columns; j += THREADS) { y[start + j] = (x[start + j] - n.x) - n.y; }
}

// dx = y (dy - sum_j dy_j y_j)
@compute @workgroup_size(THREADS)
fn softmax_vjp(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  var acc = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) { acc += dy[start + j] * y[start + j]; }
  let inner = total(acc, lane);
  for (var j = lane; j < p.columns; j += THREADS) {
    dx[start + j] = y[start + j] * (dy[start + j] - inner);
  }
}

// dx = dy - exp(y) sum_j dy_j
@compute @workgroup_size(THREADS)
fn log_softmax_vjp(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  var acc = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) { acc += dy[start + j]; }
  let sum = total(acc, lane);
  for (var j = lane; j < p.columns; j += THREADS) { dx[start + j] = dy[start + j] - exp(y[start + j]) * sum; }
}
