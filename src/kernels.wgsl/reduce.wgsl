// Sums of a flat tensor in a fixed order: partial (n -> groups), then the same kernel again down to one element.
// Reference: sumAll and dotWith in src/nn/ops/reduce.ts.
struct Params {
  n: u32, // elements
  s: f32, // factor of every product or element
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<f32>; // (n)
@group(0) @binding(2) var<storage, read_write> b: array<f32>; // (n)
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (ceil(n / SPAN))

// Elements one workgroup adds.
const SPAN = 4096u;
const THREADS = 64u;

var<workgroup> partial: array<f32, THREADS>;

fn tree(lane: u32) -> f32 {
  workgroupBarrier();
  for (var half = THREADS / 2u; half > 0u; half = half / 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  return partial[0];
}

// y[g] = s sum_i a_i over the span of workgroup g
@compute @workgroup_size(64)
fn sum(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let end = min(p.n, (group.x + 1u) * SPAN);
  var acc = 0.0;
  for (var i = group.x * SPAN + lane; i < end; i += THREADS) { acc += a[i]; }
  partial[lane] = acc;
  let total = tree(lane);
  if (lane == 0u) { y[group.x] = p.s * total; }
}

// y[g] = s sum_i a_i b_i over the span of workgroup g
@compute @workgroup_size(64)
fn dot(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let end = min(p.n, (group.x + 1u) * SPAN);
  var acc = 0.0;
  for (var i = group.x * SPAN + lane; i < end; i += THREADS) { acc += a[i] * b[i]; }
  partial[lane] = acc;
  let total = tree(lane);
  if (lane == 0u) { y[group.x] = p.s * total; }
}

// y_i = s a_0 for every i: the derivative of a scaled sum
@compute @workgroup_size(64)
fn spread(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < p.n) { y[i] = p.s * a[0]; }
}

// y_i = s a_0 b_i: the derivative of a dot product
@compute @workgroup_size(64)
fn spread_times(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < p.n) { y[i] = p.s * a[0] * b[i]; }
}
