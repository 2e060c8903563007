//! use _guard _spans
// Gradient clipping by the norm of all gradients: dw = min(1, most / (norm + 1e-6)) dw, as torch.nn.utils.clip_grad_norm_.
// `squares` leaves a sum a span, `total` adds them in a fixed order, `shorten` scales.
// Reference: gradientsOf in tests/nn/optimizers/reference.ts.
struct Params {
  most: f32, // largest norm
  first: u32, // spans of earlier windows and arenas
  count: u32, // spans of all arenas
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> dw: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> partial: array<f32>; // (spans of all arenas)
@group(0) @binding(3) var<storage, read_write> norm: array<f32>; // (1), of all gradients

var<workgroup> sums: array<f32, 64>;

fn tree(own: f32, lane: u32) -> f32 {
  sums[lane] = own;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  return sums[0];
}

// partial[span] = sum of dw^2
@compute @workgroup_size(64)
fn squares(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = span_index(group, groups);
  let s = span_at(index);
  var acc = 0.0;
  for (var i = lane * 4u; i < s.z; i += 256u) {
    let g = keep(vec4<f32>(0.0), dw[(s.y + i) / 4u], s.z - i);
    acc += dot(g, g);
  }
  let sum = tree(acc, lane);
  if (lane == 0u && s.z > 0u) { partial[p.first + index] = sum; }
}

// norm = sqrt(sum of partial)
@compute @workgroup_size(64)
fn total(@builtin(local_invocation_index) lane: u32) {
  var acc = 0.0;
  for (var i = lane; i < p.count; i += 64u) { acc += partial[i]; }
  let sum = tree(acc, lane);
  if (lane == 0u) { norm[0] = sqrt(sum); }
}

// dw = min(1, most / (norm + 1e-6)) dw
@compute @workgroup_size(64)
fn shorten(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let factor = min(1.0, p.most / (norm[0] + 1e-6));
  if (place.y > 0u && !halted()) { dw[place.x] = keep(dw[place.x], factor * dw[place.x], place.y); }
}
