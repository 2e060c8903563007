// Unary functions of flat tensors and their derivatives, four elements a thread: y (n), n in vec4s.
// Reference: the functions of src/nn/ops/unary.ts.
struct Params {
  n: u32,
  s: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4<f32>>; // (n), forward x; backward what the rule keeps
@group(0) @binding(2) var<storage, read_write> dy: array<vec4<f32>>; // (n)
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>; // (n), backward: dx

fn index(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.y * groups.x * 64u + id.x;
}

// y = exp(a)
@compute @workgroup_size(64)
fn exponential(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = exp(a[i]); }
}

// y = log(a)
@compute @workgroup_size(64)
fn logarithm(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = log(a[i]); }
}

// y = sqrt(a)
@compute @workgroup_size(64)
fn root(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = sqrt(a[i]); }
}

// y = 1 / a
@compute @workgroup_size(64)
fn reciprocal(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = vec4<f32>(1.0) / a[i]; }
}

// y = a^2
@compute @workgroup_size(64)
fn square(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = a[i] * a[i]; }
}

// y = max(s - a, 0); the comparison keeps a NaN
@compute @workgroup_size(64)
fn hinge(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = select(p.s - a[i], vec4<f32>(0.0), a[i] >= vec4<f32>(p.s)); }
}

// y = s dy a: a = exp(x) for the exponential, x for the square
@compute @workgroup_size(64)
fn times_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = p.s * dy[i] * a[i]; }
}

// y = s dy / a: a = x for the logarithm, sqrt(x) for the root
@compute @workgroup_size(64)
fn over_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = p.s * dy[i] / a[i]; }
}

// y = -dy a^2, a = 1 / x
@compute @workgroup_size(64)
fn reciprocal_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = -dy[i] * a[i] * a[i]; }
}

// y = -dy where a = x is below s
@compute @workgroup_size(64)
fn hinge_vjp(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = select(vec4<f32>(0.0), -dy[i], a[i] < vec4<f32>(p.s)); }
}
