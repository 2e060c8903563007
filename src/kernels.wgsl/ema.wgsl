//! use _guard _spans _step
// Exponential moving average of an arena: target = m target + (1 - m) source, span by span.
// He et al., "Momentum contrast" (arXiv 1911.05722), equation 2. Reference: tests/nn/momentum_test.ts.
struct Params {
  m: u32, // slot of the momentum
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> source: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> average: array<vec4<f32>>; // (window)

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  let m = step_f32(p.m);
  if (left > 0u && !halted()) {
    average[at] = keep(average[at], m * average[at] + (1.0 - m) * source[at], left);
  }
}
