//! use _guard _step
// The first fault of a step, kept for ever: guard = (step + 1, span) at the first step in which a span had one.
// Reference: src/nn/guard.ts; guard.wgsl finds the faults.
struct Params {
  count: u32, // spans
  step: u32, // slot of the step's number
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> faults: array<u32>; // (spans)

var<workgroup> lowest: array<u32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  var low = p.count;
  for (var i = lane; i < p.count; i += 64u) {
    if (faults[i] != 0u) { low = min(low, i); }
  }
  lowest[lane] = low;
  workgroupBarrier();
  for (var width = 32u; width > 0u; width = width / 2u) {
    if (lane < width) { lowest[lane] = min(lowest[lane], lowest[lane + width]); }
    workgroupBarrier();
  }
  if (lane == 0u && lowest[0] < p.count && !halted()) {
    guard[1] = lowest[0];
    guard[0] = step_u32(p.step) + 1u;
  }
}
