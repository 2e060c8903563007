//! use _guard _step
// Memory bank: the rows of a batch move towards new features and are normalised, one workgroup a row.
// r = m bank[index] + (1 - m) rows; bank[index] = r / max(|r|, 1e-12), or r itself.
// Wu et al., arXiv 1805.01978, and its code (LinearAverage.py). Reference: tests/nn/bank_test.ts.
struct Params {
  m: u32, // slot of the momentum
  count: u32, // N, rows of the batch
  length: u32, // K
  width: u32, // C
  normalise: u32, // 1 or 0
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> rows: array<f32>; // (N, C)
@group(0) @binding(2) var<storage, read_write> indices: array<u32>; // (N)
@group(0) @binding(3) var<storage, read_write> bank: array<f32>; // (K, C)

var<workgroup> squares: array<f32, 64>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let n = group.y * groups.x + group.x;
  let row = indices[min(n, p.count - 1u)];
  let write = n < p.count && row < p.length && !halted();
  let m = step_f32(p.m);
  var acc = 0.0;
  for (var c = lane; c < p.width; c += 64u) {
    let r = m * bank[min(row, p.length - 1u) * p.width + c] + (1.0 - m) * rows[min(n, p.count - 1u) * p.width + c];
    acc += r * r;
  }
  squares[lane] = acc;
  workgroupBarrier();
  for (var size = 32u; size > 0u; size = size / 2u) {
    if (lane < size) { squares[lane] += squares[lane + size]; }
    workgroupBarrier();
  }
  let norm = select(1.0, max(sqrt(squares[0]), 1e-12), p.normalise == 1u);
  if (write) {
    for (var c = lane; c < p.width; c += 64u) {
      let at = row * p.width + c;
      bank[at] = (m * bank[at] + (1.0 - m) * rows[n * p.width + c]) / norm;
    }
  }
}
