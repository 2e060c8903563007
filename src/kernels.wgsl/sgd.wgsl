//! use _guard _spans _step
// Stochastic gradient descent over the spans of an arena, as torch.optim.SGD with dampening 0.
// g = dw + decay w; v = momentum v + g; w -= lr v (Nesterov: w -= lr (g + momentum v)).
// Reference: sgd in tests/nn/optimizers_test.ts.
struct Params {
  lr: u32, // slot of the learning rate
  decay: u32, // slot of the weight decay
  lr_factor: f32, // of the parameter group
  decay_factor: f32,
  momentum: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> w: array<vec4<f32>>; // (window)
@group(0) @binding(2) var<storage, read_write> dw: array<vec4<f32>>; // (window)
@group(0) @binding(3) var<storage, read_write> v: array<vec4<f32>>; // (window)

fn decayed(at: u32) -> vec4<f32> {
  return dw[at] + (step_f32(p.decay) * p.decay_factor) * w[at];
}

fn rate() -> f32 {
  return step_f32(p.lr) * p.lr_factor;
}

// w -= lr g
@compute @workgroup_size(64)
fn plain(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u && !halted()) {
    w[at] = keep(w[at], w[at] - rate() * decayed(at), left);
  }
}

// v = momentum v + g; w -= lr v
@compute @workgroup_size(64)
fn heavy(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u && !halted()) {
    let velocity = p.momentum * v[at] + decayed(at);
    v[at] = keep(v[at], velocity, left);
    w[at] = keep(w[at], w[at] - rate() * velocity, left);
  }
}

// v = momentum v + g; w -= lr (g + momentum v)
@compute @workgroup_size(64)
fn nesterov(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let place = place_of(group, groups, lane);
  let at = place.x;
  let left = place.y;
  if (left > 0u && !halted()) {
    let g = decayed(at);
    let velocity = p.momentum * v[at] + g;
    v[at] = keep(v[at], velocity, left);
    w[at] = keep(w[at], w[at] - rate() * (g + p.momentum * velocity), left);
  }
}
