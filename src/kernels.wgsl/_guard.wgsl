// Prelude: the stop flag of src/nn/guard.ts. Every effect that changes trained or running state asks it first.
@group(0) @binding(14) var<storage, read_write> guard: array<u32>; // (2): step + 1 of the first fault or 0, span

// Whether a non-finite value was found, now or in an earlier step.
fn halted() -> bool {
  return guard[0] != 0u;
}
