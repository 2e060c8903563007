// Square matrices (n, n) whose diagonal is treated apart: replaced by a constant, or with a weight and an aim of its own in
// a weighted sum of squares. Reference: the functions of src/nn/ops/diagonal.ts.
struct Params {
  n: u32, // rows and columns
  aim: f32, // of the diagonal; of all other elements it is 0
  on: f32, // weight of the diagonal
  off: f32, // weight of all other elements
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (n, n)
@group(0) @binding(2) var<storage, read_write> dy: array<f32>; // (ceil(n n / SPAN))
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (n, n); squares: (ceil(n n / SPAN))

const SPAN = 4096u; // elements one workgroup adds
const THREADS = 64u;

var<workgroup> partial: array<f32, THREADS>;

fn on_diagonal(i: u32) -> bool {
  return i / p.n == i % p.n;
}

// y = x, and aim on the diagonal
@compute @workgroup_size(64)
fn fill(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * THREADS + id.x;
  if (i < p.n * p.n) { y[i] = select(x[i], p.aim, on_diagonal(i)); }
}

// w (x - a), w and a those of element i
fn weighted(i: u32) -> f32 {
  let on = on_diagonal(i);
  return select(p.off, p.on, on) * (x[i] - select(0.0, p.aim, on));
}

// y[g] = sum_i w_i (x_i - a_i)^2 over the span of workgroup g
@compute @workgroup_size(64)
fn squares(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let g = group.y * groups.x + group.x;
  if (g * SPAN >= p.n * p.n) { return; }
  let end = min(p.n * p.n, (g + 1u) * SPAN);
  var acc = 0.0;
  for (var i = g * SPAN + lane; i < end; i += THREADS) {
    acc += weighted(i) * (x[i] - select(0.0, p.aim, on_diagonal(i)));
  }
  partial[lane] = acc;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { partial[lane] += partial[lane + h]; }
    workgroupBarrier();
  }
  if (lane == 0u) { y[g] = partial[0]; }
}

// y_i = 2 dy[span of i] w_i (x_i - a_i)
@compute @workgroup_size(64)
fn squares_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * THREADS + id.x;
  if (i < p.n * p.n) { y[i] = 2.0 * dy[i / SPAN] * weighted(i); }
}
