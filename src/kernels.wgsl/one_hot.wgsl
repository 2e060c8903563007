// Rows of zeros with a one at the label. y[i, labels[i]] = 1. Reference: src/nn/ops/one_hot.ts.
struct Params {
  rows: u32, // N
  classes: u32, // C
  columns: u32, // threads of a row of workgroups
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> labels: array<u32>; // (N)
@group(0) @binding(2) var<storage, read_write> y: array<f32>; // (N, C)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.columns + id.x;
  if (i >= p.rows * p.classes) { return; }
  y[i] = select(0.0, 1.0, labels[i / p.classes] == i % p.classes);
}
