//! use _spans
// A copy of an arena, span by span, without arithmetic: every bit stays, subnormals and NaN too.
// Reference: src/nn/mirror.ts.
@group(0) @binding(0) var<storage, read_write> a: array<vec4<u32>>; // (window)
@group(0) @binding(1) var<storage, read_write> y: array<vec4<u32>>; // (window)

// y = a
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u) {
    y[at] = select(y[at], a[at], vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(left));
  }
}
