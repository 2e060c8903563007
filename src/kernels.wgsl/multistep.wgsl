//! use _guard
// Rows of a head that are visited now and then, with their AdamW moments beside them: one thread a coordinate.
// A move is h <- shrink h - size m / (sqrt(v) + eps), m <- mean m, v <- square v; its numbers come from
// src/nn/multistep.ts in f64, one set a row. Reference: advance and absorb there.
struct Params {
  rows: u32, // B
  width: u32, // m
  columns: u32, // threads of a row of workgroups
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> head: array<f32>; // (B, 3, m): weights, mean, square
// (B, 4): (shrink, size, mean, square) before the gradient, the same after it, (eps before, eps after, -, -),
// (beta1, 1 - beta1, beta2, 1 - beta2)
@group(0) @binding(2) var<storage, read_write> moves: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (B, m), weights as the step sees them
@group(0) @binding(4) var<storage, read_write> dy: array<f32>; // (B, m), their gradient

// h after a move; a coordinate without any gradient so far stays 0 / 0 = 0 under eps = 0
fn moved(h: f32, m: f32, v: f32, by: vec4<f32>, eps: f32) -> f32 {
  let root = sqrt(v) + eps;
  let quotient = m / select(1.0, root, root > 0.0);
  return by.x * h - select(0.0, by.y * quotient, root > 0.0);
}

// y = before(head)
@compute @workgroup_size(64)
fn ready(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.columns + id.x;
  if (i >= p.rows * p.width) { return; }
  let row = i / p.width;
  let at = row * 3u * p.width + i % p.width;
  let m = head[at + p.width];
  y[i] = moved(head[at], m, head[at + 2u * p.width], moves[row * 4u], moves[row * 4u + 2u].x);
}

// head <- after(gradient into moments(before(head)))
@compute @workgroup_size(64)
fn visit(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = id.y * p.columns + id.x;
  if (halted() || i >= p.rows * p.width) { return; }
  let row = i / p.width;
  let at = row * 3u * p.width + i % p.width;
  let before = moves[row * 4u];
  let after = moves[row * 4u + 1u];
  let eps = moves[row * 4u + 2u];
  let betas = moves[row * 4u + 3u];
  let g = dy[i];
  let old_mean = head[at + p.width];
  let old_square = head[at + 2u * p.width];
  let h = moved(head[at], old_mean, old_square, before, eps.x);
  let mean = betas.x * (before.z * old_mean) + betas.y * g;
  let square = betas.z * (before.w * old_square) + betas.w * (g * g);
  head[at] = moved(h, mean, square, after, eps.y);
  head[at + p.width] = after.z * mean;
  head[at + 2u * p.width] = after.w * square;
}
