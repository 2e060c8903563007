//! use _guard
// Batch normalisation, statistics: mean and biased variance over the rows of x (rows, C), and the running averages of both.
// A thread owns one vector of channels V (four channels, or one where C is not a multiple of four); a workgroup is
// `lanes` such vectors wide and `deep` rows deep. Moments merge as in Chan, Golub, LeVeque (1983), in a fixed order.
// Reference: batchNorm in src/nn/ops/norm.ts.
struct Params {
  rows: u32,
  vectors: u32, // vectors of channels in a row
  lanes: u32, // vectors of channels in a workgroup
  deep: u32, // rows in a workgroup at a time, a power of two
  span: u32, // rows of one workgroup
  splits: u32, // workgroups over all rows
  factor: f32, // statistics: of the written variance; update: turns the biased variance into the unbiased one
  momentum: f32,
}

alias V = vec4f;
const CHUNK = 16u; // rows summed about one shift

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (rows, vectors)
@group(0) @binding(2) var<storage, read_write> mean: array<V>; // (splits or 1, vectors)
@group(0) @binding(3) var<storage, read_write> variance: array<V>; // (splits or 1, vectors), biased
@group(0) @binding(4) var<storage, read_write> part_mean: array<V>; // (splits, vectors)
@group(0) @binding(5) var<storage, read_write> part_m2: array<V>; // (splits, vectors), sums of squared deviations
@group(0) @binding(6) var<storage, read_write> running_mean: array<V>; // (vectors)
@group(0) @binding(7) var<storage, read_write> running_variance: array<V>; // (vectors), unbiased

struct Moments { n: f32, mean: V, m2: V }

var<workgroup> shared_n: array<f32, 64>;
var<workgroup> shared_mean: array<V, 64>;
var<workgroup> shared_m2: array<V, 64>;

fn merge(a: Moments, b: Moments) -> Moments {
  let n = a.n + b.n;
  if (n == 0.0) { return a; }
  let delta = b.mean - a.mean;
  let w = b.n / n;
  return Moments(n, a.mean + delta * w, a.m2 + b.m2 + delta * delta * (a.n * w));
}

// Merges the moments of `deep` rows of `lanes` threads; the first row's threads have the result.
fn merge_rows(own: Moments, lane: u32, lanes: u32, deep: u32) -> Moments {
  var total = own;
  shared_n[lane] = own.n;
  shared_mean[lane] = own.mean;
  shared_m2[lane] = own.m2;
  workgroupBarrier();
  for (var h = deep / 2u; h > 0u; h = h / 2u) {
    if (lane < h * lanes) {
      let other = lane + h * lanes;
      total = merge(total, Moments(shared_n[other], shared_mean[other], shared_m2[other]));
      shared_n[lane] = total.n;
      shared_mean[lane] = total.mean;
      shared_m2[lane] = total.m2;
    }
    workgroupBarrier();
  }
  return total;
}

// mean, factor sum (x - mean)^2 over the rows of each split. The shift of a chunk is one of its rows, so the squares
// that cancel are at most CHUNK times the result.
@compute @workgroup_size(64)
fn statistics(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * p.lanes + lane % p.lanes;
  let r = lane / p.lanes;
  var acc = Moments(0.0, V(0.0), V(0.0));
  if (r < p.deep && c < p.vectors) {
    let end = min(p.rows, (group.y + 1u) * p.span);
    for (var start = group.y * p.span + r; start < end; start += CHUNK * p.deep) {
      let shift = x[start * p.vectors + c];
      var s1 = V(0.0);
      var s2 = V(0.0);
      //! unroll
      for (var k = 1u; k < CHUNK; k++) {
        let row = start + k * p.deep;
        // Behind the end the shift's own row again, a difference of 0: cheaper than a branch around the load.
        let d = x[select(start, row, row < end) * p.vectors + c] - shift;
        s1 += d;
        s2 += d * d;
      }
      let n = f32(min(CHUNK, (end - start + p.deep - 1u) / p.deep));
      acc = merge(acc, Moments(n, shift + s1 / n, max(s2 - s1 * s1 / n, V(0.0))));
    }
  }
  let total = merge_rows(acc, lane, p.lanes, p.deep);
  if (r == 0u && c < p.vectors) {
    mean[group.y * p.vectors + c] = total.mean;
    variance[group.y * p.vectors + c] = p.factor * total.m2;
  }
}

// mean, variance = merged over splits; four vectors of channels a workgroup
@compute @workgroup_size(64)
fn finalise(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let c = group.x * 4u + lane % 4u;
  var acc = Moments(0.0, V(0.0), V(0.0));
  if (c < p.vectors) {
    for (var s = lane / 4u; s < p.splits; s += 16u) {
      let n = f32(min(p.span, p.rows - s * p.span));
      acc = merge(acc, Moments(n, part_mean[s * p.vectors + c], part_m2[s * p.vectors + c]));
    }
  }
  let total = merge_rows(acc, lane, 4u, 16u);
  if (lane < 4u && c < p.vectors) {
    mean[c] = total.mean;
    variance[c] = p.factor * total.m2;
  }
}

// running = (1 - momentum) running + momentum batch
@compute @workgroup_size(64)
fn update(@builtin(global_invocation_id) id: vec3<u32>) {
  let c = id.x;
  if (c < p.vectors && !halted()) {
    running_mean[c] = (1.0 - p.momentum) * running_mean[c] + p.momentum * mean[c];
    running_variance[c] = (1.0 - p.momentum) * running_variance[c] + p.momentum * (p.factor * variance[c]);
  }
}
