//! use _guard _spans _step
// AdamW over the spans of an arena, as torch.optim.AdamW: decoupled decay, eps outside the root.
// Loshchilov & Hutter, "Decoupled weight decay regularization" (ICLR 2019), algorithm 2.
// Reference: adamw in tests/nn/optimizers_test.ts.
struct Params {
  lr: u32, // slot of the learning rate, for the decay
  size: u32, // slot of lr / (1 - beta1^t), or of lr without bias correction
  root: u32, // slot of sqrt(1 - beta2^t), or of 1
  decay: u32, // slot of the weight decay
  lr_factor: f32, // of the parameter group
  decay_factor: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32, // 1 - beta1, subtracted in f64
  rest2: f32, // 1 - beta2
  eps: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> w: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> dw: array<vec4<f32>>; // (window)
@group(0) @binding(3) var<storage, read_write> m: array<vec4<f32>>; // (window)
@group(0) @binding(4) var<storage, read_write> v: array<vec4<f32>>; // (window)

// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w = (1 - lr decay) w - size m / (sqrt(v) / root + eps)
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  let shrink = 1.0 - (step_f32(p.lr) * p.lr_factor) * (step_f32(p.decay) * p.decay_factor);
  let size = step_f32(p.size) * p.lr_factor;
  let root = step_f32(p.root);
  if (left > 0u && !halted()) {
    let g = dw[at];
    let first = p.beta1 * m[at] + p.rest1 * g;
    let second = p.beta2 * v[at] + p.rest2 * (g * g);
    m[at] = keep(m[at], first, left);
    v[at] = keep(v[at], second, left);
    w[at] = keep(w[at], shrink * w[at] - size * (first / (sqrt(second) / root + vec4<f32>(p.eps))), left);
  }
}
