// Step of a central difference from the squared norms that perturb.wgsl leaves, in a fixed order, one workgroup.
// eps = radius (or radius |a|) / |b|; size = (eps, 1 / (2 eps)), or zeros for a direction of zeros.
// Reference: src/nn/implicit.ts.
struct Params {
  count: u32, // spans
  radius: f32,
  relative: u32, // 1: radius in units of |a|
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> partial: array<vec2<f32>>; // (spans): |a|^2, |b|^2
@group(0) @binding(2) var<storage, read_write> size: array<f32>; // (2)

var<workgroup> sums: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var acc = vec2<f32>(0.0);
  for (var i = lane; i < p.count; i += 64u) { acc += partial[i]; }
  sums[lane] = acc;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { sums[lane] += sums[lane + width]; }
    workgroupBarrier();
  }
  if (lane == 0u) {
    let norm = sqrt(sums[0]);
    let radius = p.radius * select(1.0, norm.x, p.relative == 1u);
    let usable = norm.y > 0.0 && radius > 0.0;
    size[0] = select(0.0, radius / norm.y, usable);
    size[1] = select(0.0, 0.5 * norm.y / radius, usable);
  }
}
