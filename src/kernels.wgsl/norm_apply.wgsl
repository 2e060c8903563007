// Batch normalisation, forward: y = activation(gamma (x - mean) rstd + beta + residual), x and y (rows, C).
// Threads own channels as in norm.wgsl. Turns past the end repeat the thread's first row of the turn, to the same value:
// cheaper than a branch around the loads. Reference: batchNorm in src/nn/ops/norm.ts.
struct Params {
  rows: u32,
  vectors: u32, // vectors of channels in a row
  lanes: u32, // vectors of channels in a workgroup
  deep: u32, // rows in a workgroup at a time
  span: u32, // rows of one workgroup
  eps: f32,
}

alias V = vec4f;
const RELU = 0u;
const BATCH = 8u; // rows per turn

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (rows, vectors)
@group(0) @binding(2) var<storage, read_write> mean: array<V>; // (vectors)
@group(0) @binding(3) var<storage, read_write> variance: array<V>; // (vectors)
@group(0) @binding(4) var<storage, read_write> gamma: array<V>; // (vectors)
@group(0) @binding(5) var<storage, read_write> beta: array<V>; // (vectors)
@group(0) @binding(6) var<storage, read_write> residual: array<V>; // (rows, vectors)
@group(0) @binding(7) var<storage, read_write> y: array<V>; // (rows, vectors)

// The comparison keeps a NaN where max() may drop it.
fn activation(z: V) -> V {
  if (RELU == 1u) { return select(z, V(0.0), z < V(0.0)); }
  return z;
}

// y = activation(gamma rstd (x - mean) + beta)
@compute @workgroup_size(64)
fn apply(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  if (r >= p.deep || c >= p.vectors) { return; }
  let centre = mean[c];
  let slope = gamma[c] / sqrt(variance[c] + V(p.eps));
  let offset = beta[c];
  let end = min(p.rows, (group.y + 1u) * p.span);
  for (var start = group.y * p.span + r; start < end; start += BATCH * p.deep) {
    //! unroll
    for (var k = 0u; k < BATCH; k++) {
      let row = start + k * p.deep;
      let i = select(start, row, row < end) * p.vectors + c;
      y[i] = activation(slope * (x[i] - centre) + offset);
    }
  }
}

// y = activation(gamma rstd (x - mean) + beta + residual)
@compute @workgroup_size(64)
fn apply_residual(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  if (r >= p.deep || c >= p.vectors) { return; }
  let centre = mean[c];
  let slope = gamma[c] / sqrt(variance[c] + V(p.eps));
  let offset = beta[c];
  let end = min(p.rows, (group.y + 1u) * p.span);
  for (var start = group.y * p.span + r; start < end; start += BATCH * p.deep) {
    //! unroll
    for (var k = 0u; k < BATCH; k++) {
      let row = start + k * p.deep;
      let i = select(start, row, row < end) * p.vectors + c;
      y[i] = activation(slope * (x[i] - centre) + offset + residual[i]);
    }
  }
}
