//! use _step
// The k best columns of every row of a tile of scores (rows, columns), merged into the best of the tiles before; one
// workgroup a row. Best is the larger score, then the smaller column: a total order, so that neither the tiling nor the
// order in which lanes append decides. Reference: search in src/eval/knn_reference.ts.
struct Params {
  columns: u32, // of the tile
  k: u32, // columns kept, at most LIST
  base: u32, // slot: number of the tile's first column; 0 starts a new list
  valid: u32, // slot: columns of the tile that hold scores
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> scores: array<f32>; // (rows, columns), finite
@group(0) @binding(2) var<storage, read_write> best: array<f32>; // (rows, k), best first
@group(0) @binding(3) var<storage, read_write> columns: array<u32>; // (rows, k)

const THREADS = 64u;
const LIST = 256u; // a power of two
const LOWEST = -3.4028234e38;
const NONE = 0xffffffffu;

// The sorted list in the first half, candidates in the second.
var<workgroup> score: array<f32, 512>;
var<workgroup> column: array<u32, 512>;
var<workgroup> appended: atomic<u32>;
var<workgroup> held: u32;

fn before(a: f32, i: u32, b: f32, j: u32) -> bool {
  return a > b || (a == b && i < j);
}

fn clear_candidates(lane: u32) {
  for (var i = lane; i < LIST; i += THREADS) {
    score[LIST + i] = LOWEST;
    column[LIST + i] = NONE;
  }
  if (lane == 0u) { atomicStore(&appended, 0u); }
}

// Puts the better of two places first, or last where `reversed`.
fn order(i: u32, j: u32, reversed: bool) {
  let a = score[i];
  let b = score[j];
  let ca = column[i];
  let cb = column[j];
  if (before(b, cb, a, ca) != reversed) {
    score[i] = b;
    score[j] = a;
    column[i] = cb;
    column[j] = ca;
  }
}

// One round of a bitonic network over LIST places from `first`: pairs `gap` apart, runs of `run` places alternating.
fn exchange(lane: u32, first: u32, gap: u32, run: u32) {
  for (var n = lane; n < LIST / 2u; n += THREADS) {
    let i = 2u * n - (n & (gap - 1u));
    order(first + i, first + i + gap, (i & run) != 0u);
  }
  workgroupBarrier();
}

// Merges the candidates into the list and empties them.
fn merge(lane: u32) {
  for (var run = 2u; run <= LIST; run = run * 2u) {
    for (var gap = run / 2u; gap > 0u; gap = gap / 2u) { exchange(lane, LIST, gap, run); }
  }
  // The best of the list and the candidates backwards are the LIST best of both, rising then falling.
  for (var i = lane; i < LIST; i += THREADS) {
    let j = 2u * LIST - 1u - i;
    if (before(score[j], column[j], score[i], column[i])) {
      score[i] = score[j];
      column[i] = column[j];
    }
  }
  workgroupBarrier();
  for (var gap = LIST / 2u; gap > 0u; gap = gap / 2u) { exchange(lane, 0u, gap, LIST); }
  clear_candidates(lane);
  workgroupBarrier();
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let row = group.x;
  let base = step_u32(p.base);
  let valid = step_u32(p.valid);
  for (var i = lane; i < LIST; i += THREADS) {
    let known = base > 0u && i < p.k;
    score[i] = LOWEST;
    column[i] = NONE;
    if (known) {
      score[i] = best[row * p.k + i];
      column[i] = columns[row * p.k + i];
    }
  }
  clear_candidates(lane);
  workgroupBarrier();
  for (var start = 0u; start < valid; start += THREADS) {
    let j = start + lane;
    if (j < valid) {
      let s = scores[row * p.columns + j];
      if (before(s, base + j, score[p.k - 1u], column[p.k - 1u])) {
        let place = LIST + atomicAdd(&appended, 1u);
        score[place] = s;
        column[place] = base + j;
      }
    }
    workgroupBarrier();
    if (lane == 0u) { held = atomicLoad(&appended); }
    // Room for one candidate a lane must be left.
    if (workgroupUniformLoad(&held) > LIST - THREADS) { merge(lane); }
  }
  merge(lane);
  for (var i = lane; i < p.k; i += THREADS) {
    best[row * p.k + i] = score[i];
    columns[row * p.k + i] = column[i];
  }
}
