//! use _spans
// Perturbation of a parameter arena along a direction, and the central difference of its gradients, span by span.
// Reference: src/nn/implicit.ts.
struct Params {
  sign: f32, // of the perturbation
  first: u32, // spans of earlier windows
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> b: array<vec4<f32>>; // (window)
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>; // (window)
@group(0) @binding(4) var<storage, read_write> size: array<f32>; // (2): eps, 1 / (2 eps), from radius.wgsl
@group(0) @binding(5) var<storage, read_write> partial: array<vec2<f32>>; // (spans): |a|^2, |b|^2

var<workgroup> sums: array<vec2<f32>, 64>;

// y = a + sign eps b
@compute @workgroup_size(64)
fn shift(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u) {
    y[at] = keep(y[at], a[at] + (p.sign * size[0]) * b[at], left);
  }
}

// y = (y - sign a) / (2 eps)
@compute @workgroup_size(64)
fn difference(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u) {
    y[at] = keep(y[at], (y[at] - p.sign * a[at]) * size[1], left);
  }
}

// partial[span] = sign (sum a^2, sum b^2)
@compute @workgroup_size(64)
fn squares(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = span_index(group, groups);
  let s = span_at(index);
  var acc = vec2<f32>(0.0);
  for (var i = lane * 4u; i < s.z; i += 256u) {
    let at = (s.y + i) / 4u;
    let u = keep(vec4<f32>(0.0), a[at], s.z - i);
    let v = keep(vec4<f32>(0.0), b[at], s.z - i);
    acc += vec2<f32>(dot(u, u), dot(v, v));
  }
  sums[lane] = acc;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u && s.z > 0u) { partial[p.first + index] = p.sign * sums[0]; }
}
