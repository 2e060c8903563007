// Rows and a vector: y (rows, n) = x (rows, n) + b (n), and column sums in a fixed order: y (blocks, n) from x (rows, n).
// `element` is f32, or vec4f where n is a multiple of 4 (n then counts vec4s).
// Reference: addBias in src/nn/ops/bias.ts.
alias element = f32;

struct Params {
  rows: u32,
  n: u32,
  span: u32, // rows that one block sums
  width: u32, // threads along x; long tensors wrap into y
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<element>; // (rows, n)
@group(0) @binding(2) var<storage, read_write> b: array<element>; // (n)
@group(0) @binding(3) var<storage, read_write> y: array<element>; // (rows, n) or (blocks, n)

// y_ij = x_ij + b_j
@compute @workgroup_size(64)
fn add(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.width + id.x;
  if (i < p.rows * p.n) { y[i] = x[i] + b[i % p.n]; }
}

// y_gj = sum of x_ij over the rows i of block g, in order
@compute @workgroup_size(64)
fn column_sums(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.width + id.x;
  let block = i / p.n;
  let end = min(p.rows, (block + 1u) * p.span);
  if (block * p.span >= p.rows) { return; }
  var sum = element();
  for (var row = block * p.span; row < end; row++) { sum += x[row * p.n + i % p.n]; }
  y[i] = sum;
}
