//! use _spans
// Bit test (comparisons with NaN are not reliable on every driver) of the spans of an arena or of a loss: faults[span] = 1 where an element is NaN or infinite.
// Reference: src/nn/guard.ts; judge.wgsl takes the first fault.
struct Params {
  first: u32, // spans tested before these
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> faults: array<u32>; // (all spans)

var<workgroup> found: array<u32, 64>;

@compute @workgroup_size(64)
fn test(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = span_index(group, groups);
  let s = span_at(index);
  var largest = vec4<u32>(0u);
  for (var i = lane * 4u; i < s.z; i += 256u) {
    let value = keep(vec4<f32>(0.0), x[(s.y + i) / 4u], s.z - i);
    largest = max(largest, bitcast<vec4<u32>>(value) & vec4<u32>(0x7fffffffu));
  }
  let top = max(max(largest.x, largest.y), max(largest.z, largest.w));
  found[lane] = select(0u, 1u, top >= 0x7f800000u);
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { found[lane] |= found[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u && s.z > 0u) { faults[p.first + index] = found[0]; }
}
