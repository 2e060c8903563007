// Derivative of a gather of rows: every row of the table adds the cotangents of its gathers, in their order, so that no
// atomics are needed. One workgroup a row of the table: most find no gather of theirs and write zeros.
// Reference: gatherRows in src/nn/ops/rows.ts.
struct Params {
  rows: u32, // of the table
  count: u32, // gathered rows
  width: u32, // vectors of a row
}

alias V = vec4f;
const THREADS = 64u;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> indices: array<u32>; // (count)
@group(0) @binding(2) var<storage, read_write> dy: array<V>; // (count, width)
@group(0) @binding(3) var<storage, read_write> dtable: array<V>; // (rows, width)

// First and last gather of the row, so that only those between are looked at again.
var<workgroup> first: array<u32, THREADS>;
var<workgroup> last: array<u32, THREADS>;

// dtable[r] = sum of dy[i] over i with indices[i] = r
@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = group.y * groups.x + group.x;
  if (row >= p.rows) { return; }
  var low = p.count;
  var high = 0u;
  for (var i = lane; i < p.count; i += THREADS) {
    if (indices[i] == row) {
      low = min(low, i);
      high = i + 1u;
    }
  }
  first[lane] = low;
  last[lane] = high;
  workgroupBarrier();
  for (var h = THREADS / 2u; h > 0u; h = h / 2u) {
    if (lane < h) {
      first[lane] = min(first[lane], first[lane + h]);
      last[lane] = max(last[lane], last[lane + h]);
    }
    workgroupBarrier();
  }
  for (var c = lane; c < p.width; c += THREADS) {
    var acc = V(0.0);
    for (var i = first[0]; i < last[0]; i++) {
      if (indices[i] == row) { acc += dy[i * p.width + c]; }
    }
    dtable[row * p.width + c] = acc;
  }
}
