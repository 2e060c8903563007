// Squared differences of two flat tensors a, b (n): partial sums of spans in a fixed order, and the derivative.
// Reference: mse in src/nn/ops/loss.ts.
struct Params {
  n: u32,
  s: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>; // (n)
@group(0) @binding(2) var<storage, read_write> b: array<f32>; // (n)
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (ceil(n / SPAN)); backward: (n)
@group(0) @binding(4) var<storage, read_write> dy: array<f32>; // (ceil(n / SPAN))

const SPAN = 4096u; // elements one workgroup adds
const THREADS = 64u;

var<workgroup> partial: array<f32, THREADS>;

// y[g] = sum_i (a_i - b_i)^2 over the span of workgroup g
@compute @workgroup_size(64)
fn squares(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let g = group.y * groups.x + group.x;
  if (g * SPAN >= p.n) { return; }
  let end = min(p.n, (g + 1u) * SPAN);
  var acc = 0.0;
  for (var i = g * SPAN + lane; i < end; i += THREADS) {
    let d = a[i] - b[i];
    acc += d * d;
  }
  partial[lane] = acc;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { partial[lane] += partial[lane + h]; }
    workgroupBarrier();
  }
  if (lane == 0u) { y[g] = partial[0]; }
}

// y_i = s dy[span of i] (a_i - b_i)
@compute @workgroup_size(64)
fn difference(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * THREADS + id.x;
  if (i < p.n) { y[i] = p.s * dy[i / SPAN] * (a[i] - b[i]); }
}
