// Norms of tensors and of their gradients from the partial squared norms that lars.wgsl leaves, one workgroup a tensor, in a
// fixed order: lengths = (|w|, |dw|). Reference: larc in tests/nn/optimizers/reference.ts.
@group(0) @binding(0) var<storage, read_write> partial: array<vec2<f32>>; // (spans): |w|^2, |dw|^2
@group(0) @binding(1) var<storage, read_write> tensors: array<vec2<u32>>; // (tensors): first span, spans
@group(0) @binding(2) var<storage, read_write> lengths: array<vec2<f32>>; // (tensors)

var<workgroup> sums: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let tensor = tensors[group.x];
  var acc = vec2<f32>(0.0);
  for (var i = lane; i < tensor.y; i += 64u) { acc += partial[tensor.x + i]; }
  sums[lane] = acc;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) { lengths[group.x] = sqrt(sums[0]); }
}
