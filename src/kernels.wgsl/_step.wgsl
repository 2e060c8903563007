// Prelude: the step uniform, 64 words that change from one replay to the next (learning rate, momentum, counters).
@group(0) @binding(15) var<uniform> step: array<vec4<u32>, 16>;

fn step_u32(slot: u32) -> u32 {
  return step[slot >> 2u][slot & 3u];
}

fn step_f32(slot: u32) -> f32 {
  return bitcast<f32>(step_u32(slot));
}
