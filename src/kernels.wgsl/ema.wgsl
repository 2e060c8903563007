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
  if (halted()) { return; }
  let s = span_at(span_index(group, groups));
  let m = step_f32(p.m);
  for (var i = lane * 4u; i < s.z; i += 256u) {
    let at = (s.y + i) / 4u;
    average[at] = keep(average[at], m * average[at] + (1.0 - m) * source[at], s.z - i);
  }
}
