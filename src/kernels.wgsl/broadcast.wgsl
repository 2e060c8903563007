// A vector v against the rows or columns of a matrix x (rows, columns), and the sums that are its derivative.
// v (columns) lies along every row, or (BY_ROW) v (rows) has one element a row.
// Reference: the functions of src/nn/ops/broadcast.ts.
struct Params {
  rows: u32,
  columns: u32,
  span: u32, // rows a workgroup adds
  s: f32,
}

const BY_ROW = 0u;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (rows, columns)
@group(0) @binding(2) var<storage, read_write> v: array<f32>; // (columns) or (rows)
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (rows, columns); sums: (ceil(rows / span), columns) or (rows)

const THREADS = 64u;

var<workgroup> partial: array<f32, THREADS>;

fn index(id: vec3<u32>, groups: vec3<u32>) -> u32 {
  return id.y * groups.x * THREADS + id.x;
}

// Element of v that meets element i of x
fn partner(i: u32) -> u32 {
  if (BY_ROW == 1u) { return i / p.columns; }
  return i % p.columns;
}

// y = x + s v
@compute @workgroup_size(64)
fn add(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.rows * p.columns) { y[i] = x[i] + p.s * v[partner(i)]; }
}

// y = x v
@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.rows * p.columns) { y[i] = x[i] * v[partner(i)]; }
}

// y = s v
@compute @workgroup_size(64)
fn spread(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = index(id, groups);
  if (i < p.rows * p.columns) { y[i] = p.s * v[partner(i)]; }
}

// y[g] = s sum of x over the rows of span g, a column a thread
@compute @workgroup_size(64)
fn sum_columns(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  if (id.x >= p.columns) { return; }
  let end = min(p.rows, (group.y + 1u) * p.span);
  var acc = 0.0;
  for (var r = group.y * p.span; r < end; r++) { acc += x[r * p.columns + id.x]; }
  y[group.y * p.columns + id.x] = p.s * acc;
}

// y[row] = s sum of x over the row, a row a workgroup
@compute @workgroup_size(64)
fn sum_rows(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  var acc = 0.0;
  for (var j = lane; j < p.columns; j += THREADS) { acc += x[row * p.columns + j]; }
  partial[lane] = acc;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) { partial[lane] += partial[lane + h]; }
    workgroupBarrier();
  }
  if (lane == 0u) { y[row] = p.s * partial[0]; }
}
