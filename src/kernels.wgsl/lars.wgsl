//! use _guard _spans _step
// LARS over the spans of an arena: You, Gitman & Ginsburg, arXiv 1708.03888, with the momentum of SimCLR's
// lars_optimizer.py (the trust ratio and the learning rate enter the velocity).
// g = dw + decay w; trust = eta |w| / |g|, or 1 if a norm is 0; v = momentum v + trust lr g; w -= v.
// Reference: lars in tests/nn/optimizers_test.ts.
struct Params {
  lr: u32, // slot of the learning rate
  decay: u32, // slot of the weight decay
  lr_factor: f32, // of the parameter group
  decay_factor: f32,
  momentum: f32,
  first: u32, // spans of earlier windows
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> w: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> dw: array<vec4<f32>>; // (window)
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>; // (window)
@group(0) @binding(4) var<storage, read_write> partial: array<vec2<f32>>; // (spans of the arena): |w|^2, |g|^2
@group(0) @binding(5) var<storage, read_write> trust: array<f32>; // (tensors), from trust.wgsl

var<workgroup> sums: array<vec2<f32>, 64>;

fn decayed(at: u32) -> vec4<f32> {
  return dw[at] + (step_f32(p.decay) * p.decay_factor) * w[at];
}

fn tree(lane: u32) -> vec2<f32> {
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  return sums[0];
}

// partial[span] = (sum w^2, sum g^2)
@compute @workgroup_size(64)
fn norms(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = span_index(group, groups);
  let s = span_at(index);
  var acc = vec2<f32>(0.0);
  for (var i = lane * 4u; i < s.z; i += 256u) {
    let at = (s.y + i) / 4u;
    let a = keep(vec4<f32>(0.0), w[at], s.z - i);
    let g = keep(vec4<f32>(0.0), decayed(at), s.z - i);
    acc += vec2<f32>(dot(a, a), dot(g, g));
  }
  sums[lane] = acc;
  let total = tree(lane);
  if (lane == 0u && s.z > 0u) { partial[p.first + index] = total; }
}

fn apply(at: u32, left: u32, rate: f32) {
  let velocity = p.momentum * v[at] + rate * decayed(at);
  v[at] = keep(v[at], velocity, left);
  w[at] = keep(w[at], w[at] - velocity, left);
}

// v = momentum v + trust lr g; w -= v
@compute @workgroup_size(64)
fn adapted(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let tensor = span_at(span_index(group, groups) / 16u).x;
  if (place.y > 0u && !halted()) { apply(place.x, place.y, trust[tensor] * (step_f32(p.lr) * p.lr_factor)); }
}

// v = momentum v + lr g; w -= v
@compute @workgroup_size(64)
fn plain(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  if (place.y > 0u && !halted()) { apply(place.x, place.y, step_f32(p.lr) * p.lr_factor); }
}
