// Last dimension cut or filled up with zeros: y (rows, to) from x (rows, n).
// Reference: resizeLast in src/nn/ops/resize_last.ts.
struct Params {
  rows: u32,
  n: u32,
  to: u32,
  width: u32, // threads along x; long tensors wrap into y
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (rows, n)
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // (rows, to)

// y_ij = x_ij where j < n, else 0
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.width + id.x;
  if (i >= p.rows * p.to) { return; }
  let row = i / p.to;
  let j = i % p.to;
  y[i] = select(0.0, x[min(row * p.n + j, p.rows * p.n - 1u)], j < p.n);
}
