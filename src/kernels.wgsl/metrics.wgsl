//! use _step
// One scalar of the step into its column of the metrics ring: ring[step mod rows][column] = x.
// The ring lets the host read the last `rows` steps in one round trip. Reference: src/nn/metrics.ts.
struct Params {
  step: u32, // slot of the step's number
  rows: u32,
  columns: u32,
  column: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (1)
@group(0) @binding(2) var<storage, read_write> ring: array<f32>; // (rows, columns)

@compute @workgroup_size(1)
fn main() {
  ring[(step_u32(p.step) % p.rows) * p.columns + p.column] = x[0];
}
