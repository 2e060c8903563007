//! use _guard _step
// First in, first out: rows of a batch over the oldest rows of a queue, wrapping at its end.
// queue[(pointer + i) mod K] = rows[i]. Reference: tests/nn/bank_test.ts.
struct Params {
  pointer: u32, // slot of the first row to overwrite
  rows: u32, // of the batch, at most K
  length: u32, // K
  width: u32, // C
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> rows: array<f32>; // (N, C)
@group(0) @binding(2) var<storage, read_write> queue: array<f32>; // (K, C)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (halted() || i >= p.rows * p.width) { return; }
  let row = (step_u32(p.pointer) + i / p.width) % p.length;
  queue[row * p.width + i % p.width] = rows[i];
}
