// Softmax cross-entropy of rows, one workgroup a row: forward keeps (max, log sum exp(x - max), sum of targets) of each row,
// backward needs nothing else but the logits. Reference: the functions of src/nn/ops/loss.ts.
struct Params {
  rows: u32,
  columns: u32,
  smoothing: f32, // share of the target that is spread evenly over the columns
}

override THREADS: u32 = 64u; // a power of two

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (rows, columns), logits
@group(0) @binding(2) var<storage, read_write> labels: array<u32>; // (rows)
@group(0) @binding(3) var<storage, read_write> targets: array<f32>; // (rows, columns)
@group(0) @binding(4) var<storage, read_write> loss: array<f32>; // (rows)
@group(0) @binding(5) var<storage, read_write> kept: array<f32>; // (rows, 3)
@group(0) @binding(6) var<storage, read_write> dloss: array<f32>; // (rows)
@group(0) @binding(7) var<storage, read_write> dx: array<f32>; // (rows, columns)
@group(0) @binding(8) var<storage, read_write> dtargets: array<f32>; // (rows, columns)

// largest: max x; scale: sum exp(x - largest); mass: sum t; below: sum t (x_0 - x), where x_0 is the row's first logit
struct Row { largest: f32, scale: f32, mass: f32, below: f32 }

var<workgroup> shared_rows: array<Row, THREADS>;
var<workgroup> faults: atomic<u32>;

// NaN and +inf spoil a row, by their bits: comparisons and exp lose them on some drivers. -inf is a masked column.
fn note_fault(v: f32) {
  let bits = bitcast<u32>(v);
  if ((bits & 0x7fffffffu) >= 0x7f800000u && bits != 0xff800000u) { atomicOr(&faults, 1u); }
}

fn or_nan(value: f32, row: u32, wrong: bool) -> f32 {
  return select(value, bitcast<f32>(0x7fc00000u + min(row, 1u)), wrong || atomicLoad(&faults) != 0u);
}

// Lower than any logit and finite: the difference of two of them is 0.
const LOWEST = -3.4028234e38;

fn add_logit(r: Row, v: f32, t: f32, first: f32) -> Row {
  note_fault(v);
  let mass = r.mass + t;
  let below = r.below + t * (first - v);
  if (v > r.largest) { return Row(v, r.scale * exp(r.largest - v) + 1.0, mass, below); }
  return Row(r.largest, r.scale + exp(v - r.largest), mass, below);
}

fn merge(a: Row, b: Row) -> Row {
  let largest = max(a.largest, b.largest);
  let scale = a.scale * exp(a.largest - largest) + b.scale * exp(b.largest - largest);
  return Row(largest, scale, a.mass + b.mass, a.below + b.below);
}

fn merge_row(own: Row, lane: u32) -> Row {
  shared_rows[lane] = own;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { shared_rows[lane] = merge(shared_rows[lane], shared_rows[lane + h]); }
    workgroupBarrier();
  }
  return shared_rows[0];
}

// loss = logsumexp x - (1 - s) x_label - s mean x; a label past the columns makes it NaN
@compute @workgroup_size(THREADS)
fn hard(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  let first = x[start];
  var acc = Row(LOWEST, 0.0, 0.0, 0.0);
  for (var j = lane; j < p.columns; j += THREADS) { acc = add_logit(acc, x[start + j], 1.0, first); }
  let r = merge_row(acc, lane);
  if (lane == 0u) {
    let label = labels[row];
    let above_label = r.largest - x[start + min(label, p.columns - 1u)];
    let above_mean = (r.largest - first) + r.below / f32(p.columns);
    let value = log(r.scale) + (1.0 - p.smoothing) * above_label + select(0.0, p.smoothing * above_mean, p.smoothing > 0.0);
    loss[row] = or_nan(value, row, label >= p.columns);
    kept[row * 3u] = r.largest;
    kept[row * 3u + 1u] = log(r.scale);
    kept[row * 3u + 2u] = 1.0;
  }
}

// loss = sum_j t_j (logsumexp x - x_j)
@compute @workgroup_size(THREADS)
fn soft(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  let start = row * p.columns;
  let first = x[start];
  var acc = Row(LOWEST, 0.0, 0.0, 0.0);
  for (var j = lane; j < p.columns; j += THREADS) {
    acc = add_logit(acc, x[start + j], targets[start + j], first);
  }
  let r = merge_row(acc, lane);
  if (lane == 0u) {
    loss[row] = or_nan(r.mass * (log(r.scale) + (r.largest - first)) + r.below, row, false);
    kept[row * 3u] = r.largest;
    kept[row * 3u + 1u] = log(r.scale);
    kept[row * 3u + 2u] = r.mass;
  }
}

fn index(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.y * groups.x * THREADS + id.x;
}

// log softmax x of element i
fn log_share(i: u32) -> f32 {
  let row = i / p.columns;
  return (x[i] - kept[row * 3u]) - kept[row * 3u + 1u];
}

// dx = dloss (softmax x - (1 - s) [j = label] - s / columns)
@compute @workgroup_size(THREADS)
fn hard_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.rows * p.columns) { return; }
  let row = i / p.columns;
  let aim = select(0.0, 1.0 - p.smoothing, i - row * p.columns == labels[row]) + p.smoothing / f32(p.columns);
  dx[i] = dloss[row] * (exp(log_share(i)) - aim);
}

// dx = dloss (softmax x sum_j t_j - t)
@compute @workgroup_size(THREADS)
fn soft_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.rows * p.columns) { return; }
  let row = i / p.columns;
  dx[i] = dloss[row] * (exp(log_share(i)) * kept[row * 3u + 2u] - targets[i]);
}

// dtargets = -dloss log softmax x
@compute @workgroup_size(THREADS)
fn targets_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.rows * p.columns) { return; }
  dtargets[i] = -dloss[i / p.columns] * log_share(i);
}
