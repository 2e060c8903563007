// Trust ratios of LARS from the partial squared norms that lars.wgsl leaves, one workgroup a tensor, in a fixed order.
// trust = eta |w| / |g|, or 1 if a norm is 0. Reference: lars in tests/nn/optimizers_test.ts.
struct Params {
  eta: f32, // trust coefficient
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> partial: array<vec2<f32>>; // (spans): |w|^2, |g|^2
@group(0) @binding(2) var<storage, read_write> tensors: array<vec2<u32>>; // (tensors): first span, spans
@group(0) @binding(3) var<storage, read_write> trust: array<f32>; // (tensors)

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
  if (lane == 0u) {
    let norm = sqrt(sums[0]);
    trust[group.x] = select(1.0, p.eta * norm.x / norm.y, norm.x > 0.0 && norm.y > 0.0);
  }
}
