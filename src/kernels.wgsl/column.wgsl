// A column set before a matrix, and taken off again: v (rows) before x (rows, columns) gives y (rows, columns + 1).
// Reference: prependColumn in src/nn/ops/column.ts.
struct Params {
  rows: u32,
  columns: u32, // of x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> v: array<f32>; // (rows)
@group(0) @binding(2) var<storage, read_write> x: array<f32>; // (rows, columns)
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (rows, columns + 1)

fn index(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.y * groups.x * 64u + id.x;
}

// y = [v, x]
@compute @workgroup_size(64)
fn prepend(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  let row = i / (p.columns + 1u);
  if (row >= p.rows) { return; }
  let column = i % (p.columns + 1u);
  if (column == 0u) { y[i] = v[row]; } else { y[i] = x[row * p.columns + column - 1u]; }
}

// v = the first column of y
@compute @workgroup_size(64)
fn first(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.rows) { v[i] = y[i * (p.columns + 1u)]; }
}

// x = all other columns of y
@compute @workgroup_size(64)
fn rest(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.rows * p.columns) { x[i] = y[i / p.columns * (p.columns + 1u) + i % p.columns + 1u]; }
}
