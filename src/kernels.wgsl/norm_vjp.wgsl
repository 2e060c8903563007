// Batch normalisation, backward: from dy (rows, C) the sums over rows dbeta = sum dz, dgamma = sum dz xhat, then
// dx = gamma rstd (dz - (dbeta + xhat dgamma) / rows), with xhat = (x - mean) rstd and dz = dy where the ReLU let through.
// Threads own channels and repeat rows past the end, for nothing, as in norm_apply.wgsl; sums run in a fixed order. Reference: batchNorm in src/nn/ops/norm.ts.
struct Params {
  rows: u32,
  vectors: u32, // vectors of channels in a row
  lanes: u32, // vectors of channels in a workgroup
  deep: u32, // rows in a workgroup at a time, a power of two
  span: u32, // rows of one workgroup
  splits: u32, // workgroups over all rows
  eps: f32,
}

alias V = vec4f;
const RELU = 0u; // 1: the sign of the output is computed again from x
const BATCH = 8u; // rows per turn

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (rows, vectors)
@group(0) @binding(2) var<storage, read_write> dy: array<V>; // (rows, vectors)
@group(0) @binding(3) var<storage, read_write> y: array<V>; // (rows, vectors)
@group(0) @binding(4) var<storage, read_write> mean: array<V>; // (vectors)
@group(0) @binding(5) var<storage, read_write> variance: array<V>; // (vectors)
@group(0) @binding(6) var<storage, read_write> gamma: array<V>; // (vectors)
@group(0) @binding(7) var<storage, read_write> beta: array<V>; // (vectors)
@group(0) @binding(8) var<storage, read_write> dbeta: array<V>; // (splits or 1, vectors)
@group(0) @binding(9) var<storage, read_write> dgamma: array<V>; // (splits or 1, vectors)
@group(0) @binding(10) var<storage, read_write> part_beta: array<V>; // (splits, vectors)
@group(0) @binding(11) var<storage, read_write> part_gamma: array<V>; // (splits, vectors)
@group(0) @binding(12) var<storage, read_write> dz: array<V>; // (rows, vectors)
@group(0) @binding(13) var<storage, read_write> dx: array<V>; // (rows, vectors)

var<workgroup> shared_beta: array<V, 64>;
var<workgroup> shared_gamma: array<V, 64>;

struct Sums { beta: V, gamma: V }

// Adds the sums of `deep` rows of `lanes` threads; the first row's threads have the result.
fn add_rows(own: Sums, lane: u32, lanes: u32, deep: u32) -> Sums {
  shared_beta[lane] = own.beta;
  shared_gamma[lane] = own.gamma;
  workgroupBarrier();
  for (var h = deep / 2u; h > 0u; h = h / 2u) {
    if (lane < h * lanes) {
      shared_beta[lane] += shared_beta[lane + h * lanes];
      shared_gamma[lane] += shared_gamma[lane + h * lanes];
    }
    workgroupBarrier();
  }
  return Sums(shared_beta[lane], shared_gamma[lane]);
}

// d where the output z is positive
fn through(d: V, z: V) -> V {
  if (RELU == 1u) { return select(V(0.0), d, z > V(0.0)); }
  return d;
}

// dbeta, dgamma of each split
@compute @workgroup_size(64)
fn reduce(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  var acc = Sums(V(0.0), V(0.0));
  if (r < p.deep && c < p.vectors) {
    let centre = mean[c];
    let slope = gamma[c] / sqrt(variance[c] + V(p.eps)); // as the forward pass rounds it
    let offset = beta[c];
    let end = min(p.rows, (group.y + 1u) * p.span);
    for (var start = group.y * p.span + r; start < end; start += BATCH * p.deep) {
      //! unroll
      for (var k = 0u; k < BATCH; k++) {
        let row = start + k * p.deep;
        let i = select(start, row, row < end) * p.vectors + c;
        let centred = x[i] - centre;
        let d = select(V(0.0), through(dy[i], slope * centred + offset), row < end);
        acc.beta += d;
        acc.gamma += d * centred;
      }
    }
    acc.gamma /= sqrt(variance[c] + V(p.eps));
  }
  let total = add_rows(acc, lane, p.lanes, p.deep);
  if (r == 0u && c < p.vectors) {
    dbeta[group.y * p.vectors + c] = total.beta;
    dgamma[group.y * p.vectors + c] = total.gamma;
  }
}

// dz = dy where y > 0; dbeta, dgamma of each split
@compute @workgroup_size(64)
fn reduce_masked(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  var acc = Sums(V(0.0), V(0.0));
  if (r < p.deep && c < p.vectors) {
    let centre = mean[c];
    let end = min(p.rows, (group.y + 1u) * p.span);
    for (var start = group.y * p.span + r; start < end; start += BATCH * p.deep) {
      //! unroll
      for (var k = 0u; k < BATCH; k++) {
        let row = start + k * p.deep;
        let i = select(start, row, row < end) * p.vectors + c;
        let own = select(V(0.0), dy[i], y[i] > V(0.0));
        dz[i] = own;
        let d = select(V(0.0), own, row < end);
        acc.beta += d;
        acc.gamma += d * (x[i] - centre);
      }
    }
    acc.gamma /= sqrt(variance[c] + V(p.eps));
  }
  let total = add_rows(acc, lane, p.lanes, p.deep);
  if (r == 0u && c < p.vectors) {
    dbeta[group.y * p.vectors + c] = total.beta;
    dgamma[group.y * p.vectors + c] = total.gamma;
  }
}

// dbeta, dgamma = sums over splits; four vectors of channels a workgroup
@compute @workgroup_size(64)
fn finalise(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * 4u + lane % 4u;
  var acc = Sums(V(0.0), V(0.0));
  if (c < p.vectors) {
    for (var s = lane / 4u; s < p.splits; s += 16u) {
      acc.beta += part_beta[s * p.vectors + c];
      acc.gamma += part_gamma[s * p.vectors + c];
    }
  }
  let total = add_rows(acc, lane, 4u, 16u);
  if (lane < 4u && c < p.vectors) {
    dbeta[c] = total.beta;
    dgamma[c] = total.gamma;
  }
}
