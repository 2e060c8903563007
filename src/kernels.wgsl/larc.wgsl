//! use _guard _spans _step
// LARS with a clipped rate over the spans of an arena, as solo-learn's `clip_lr` and NVIDIA's LARC: You, Gitman & Ginsburg,
// arXiv 1708.03888, eq. 6, and a bound that keeps a tensor's rate from rising above the learning rate.
// trust = min(eta |w| / (|dw| + decay |w| + eps) / lr, 1); g = trust (dw + decay w), or dw if a norm is 0;
// v = momentum v + g; w -= lr v. Reference: larc in tests/nn/optimizers/reference.ts.
struct Params {
  lr: u32, // slot of the learning rate
  decay: u32, // slot of the weight decay
  lr_factor: f32, // of the parameter group
  decay_factor: f32,
  momentum: f32,
  eta: f32, // trust coefficient
  eps: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> w: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> dw: array<vec4<f32>>; // (window)
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>; // (window)
@group(0) @binding(4) var<storage, read_write> lengths: array<vec2<f32>>; // (tensors): |w|, |dw|, from lengths.wgsl

// v = momentum v + trust (dw + decay w); w -= lr v
@compute @workgroup_size(64)
fn adapted(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  let length = lengths[span_at(span_index(group, groups) / 16u).x];
  let lr = step_f32(p.lr) * p.lr_factor;
  let decay = step_f32(p.decay) * p.decay_factor;
  // Compared before dividing: at rate 0 the bound holds and nothing is divided by 0.
  let most = p.eta * length.x;
  let whole = lr * (length.y + decay * length.x + p.eps);
  let trust = select(most / whole, 1.0, most >= whole);
  if (left > 0u && !halted()) {
    let scaled = trust * (dw[at] + decay * w[at]);
    let g = select(dw[at], scaled, length.x > 0.0 && length.y > 0.0);
    let velocity = p.momentum * v[at] + g;
    v[at] = keep(v[at], velocity, left);
    w[at] = keep(w[at], w[at] - lr * velocity, left);
  }
}
