// Copies of rows, bit for bit: gather by index, slices, slices put back among zeros, two tensors joined. V: four words,
// or one where a row is not a multiple of four. Reference: the functions of src/nn/ops/rows.ts.
struct Params {
  n: u32, // vectors written
  width: u32, // vectors of a row
  length: u32, // gather: rows of the table; pad, join: vectors of the first input
  offset: u32, // vectors before the slice
}

alias V = vec4u;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> a: array<V>; // (rows, width)
@group(0) @binding(2) var<storage, read_write> b: array<V>; // (rows, width)
@group(0) @binding(3) var<storage, read_write> indices: array<u32>; // (n / width)
@group(0) @binding(4) var<storage, read_write> y: array<V>; // (n / width, width)

fn index(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.y * groups.x * 64u + id.x;
}

// y[i] = a[indices[i]]; an index past the table gives the bits of a NaN
@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.n) { return; }
  let row = indices[i / p.width];
  if (row < p.length) { y[i] = a[row * p.width + i % p.width]; } else { y[i] = V(0x7fc00000u); }
}

// y = a from offset on
@compute @workgroup_size(64)
fn slice(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.n) { y[i] = a[p.offset + i]; }
}

// y = zeros, a from offset on, zeros
@compute @workgroup_size(64)
fn pad(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.n) { return; }
  if (i >= p.offset && i - p.offset < p.length) { y[i] = a[i - p.offset]; } else { y[i] = V(0u); }
}

// y = a, then b
@compute @workgroup_size(64)
fn join(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i >= p.n) { return; }
  if (i < p.length) { y[i] = a[i]; } else { y[i] = b[i - p.length]; }
}
