// Sum of partial results in a fixed order: y (n) from x (splits, n), in vec4s.
// Reference: sumPartials in src/nn/ops/partials.ts.
struct Params {
  n: u32,
  splits: u32,
  width: u32, // threads along x; long tensors wrap into y
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>; // (splits, n)
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>; // (n)

// y_i = x_0i + x_1i + ...
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.width + id.x;
  if (i >= p.n) { return; }
  var sum = x[i];
  for (var s = 1u; s < p.splits; s++) { sum += x[s * p.n + i]; }
  y[i] = sum;
}
