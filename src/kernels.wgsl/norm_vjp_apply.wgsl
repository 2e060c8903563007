// Batch normalisation, backward, last pass: dx (rows, C) from dy and the sums of norm_vjp.wgsl.
// Threads own channels and repeat rows past the end as in norm_apply.wgsl. Reference: batchNorm in src/nn/ops/norm.ts.
struct Params {
  rows: u32,
  vectors: u32, // vectors of channels in a row
  lanes: u32, // vectors of channels in a workgroup
  deep: u32, // rows in a workgroup at a time
  span: u32, // rows of one workgroup
  eps: f32,
}

alias V = vec4f;
const RELU = 0u; // 1: the sign of the output is computed again from x
const BATCH = 8u; // rows per turn

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (rows, vectors)
@group(0) @binding(2) var<storage, read_write> dy: array<V>; // (rows, vectors)
@group(0) @binding(3) var<storage, read_write> mean: array<V>; // (vectors)
@group(0) @binding(4) var<storage, read_write> variance: array<V>; // (vectors)
@group(0) @binding(5) var<storage, read_write> gamma: array<V>; // (vectors)
@group(0) @binding(6) var<storage, read_write> beta: array<V>; // (vectors)
@group(0) @binding(7) var<storage, read_write> dbeta: array<V>; // (vectors)
@group(0) @binding(8) var<storage, read_write> dgamma: array<V>; // (vectors)
@group(0) @binding(9) var<storage, read_write> dx: array<V>; // (rows, vectors)

// d where the output z is positive
fn through(d: V, z: V) -> V {
  if (RELU == 1u) { return select(V(0.0), d, z > V(0.0)); }
  return d;
}

// Batch statistics: dx = gamma rstd (dz - (dbeta + xhat dgamma) / rows)
@compute @workgroup_size(64)
fn batch(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  if (r >= p.deep || c >= p.vectors) { return; }
  let centre = mean[c];
  let rstd = V(1.0) / sqrt(variance[c] + V(p.eps));
  let slope = gamma[c] / sqrt(variance[c] + V(p.eps)); // as the forward pass rounds it
  let offset = beta[c];
  let level = dbeta[c] / f32(p.rows);
  let tilt = rstd * dgamma[c] / f32(p.rows);
  let end = min(p.rows, (group.y + 1u) * p.span);
  for (var start = group.y * p.span + r; start < end; start += BATCH * p.deep) {
    //! unroll
    for (var k = 0u; k < BATCH; k++) {
      let row = start + k * p.deep;
      let i = select(start, row, row < end) * p.vectors + c;
      let centred = x[i] - centre;
      dx[i] = slope * (through(dy[i], slope * centred + offset) - level - tilt * centred);
    }
  }
}

// Stored statistics: dx = gamma rstd dz
@compute @workgroup_size(64)
fn stored(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
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
      dx[i] = slope * through(dy[i], slope * (x[i] - centre) + offset);
    }
  }
}
