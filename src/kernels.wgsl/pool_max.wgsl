// Max pooling of NHWC images: y (n, oh, ow, vectors) from x (n, h, w, vectors). The first maximum of a window in scan
// order takes the cotangent; the backward pass finds it again from x and y. V: four channels, or one where C is not a
// multiple of four. Reference: maxPool in src/nn/ops/pool.ts.
struct Params {
  n: u32,
  h: u32,
  w: u32,
  vectors: u32,
  oh: u32,
  ow: u32,
  size: u32, // of the window
  stride: u32,
  padding: u32, // on every side; padded places never win
}

alias V = vec4f;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (n, h, w, vectors)
@group(0) @binding(2) var<storage, read_write> y: array<V>; // (n, oh, ow, vectors)
@group(0) @binding(3) var<storage, read_write> dy: array<V>; // (n, oh, ow, vectors)
@group(0) @binding(4) var<storage, read_write> dx: array<V>; // (n, h, w, vectors)

// First and last + 1 place of window o that lie in an image of `length` places.
fn window(o: u32, length: u32) -> vec2<u32> {
  let start = o * p.stride;
  return vec2<u32>(max(start, p.padding) - p.padding, min(start + p.size - p.padding, length));
}

// First and last + 1 of `count` windows that hold place i.
fn holders(i: u32, count: u32) -> vec2<u32> {
  let at = i + p.padding;
  let first = select(0u, (at - p.size) / p.stride + 1u, at >= p.size);
  return vec2<u32>(first, min(at / p.stride + 1u, count));
}

// y = max of the window
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= p.n * p.oh * p.ow * p.vectors) { return; }
  let c = i % p.vectors;
  let place = i / p.vectors;
  let rows = window((place / p.ow) % p.oh, p.h);
  let columns = window(place % p.ow, p.w);
  let image = (place / (p.ow * p.oh)) * p.h;
  var best = x[((image + rows.x) * p.w + columns.x) * p.vectors + c];
  for (var r = rows.x; r < rows.y; r++) {
    for (var s = columns.x; s < columns.y; s++) {
      let v = x[((image + r) * p.w + s) * p.vectors + c];
      best = select(best, v, v > best);
    }
  }
  y[i] = best;
}

// dx = sum of dy over the windows whose first maximum lies here
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= p.n * p.h * p.w * p.vectors) { return; }
  let c = i % p.vectors;
  let place = i / p.vectors;
  let row = (place / p.w) % p.h;
  let column = place % p.w;
  let n = place / (p.w * p.h);
  let own = x[i];
  let over_rows = holders(row, p.oh);
  let over_columns = holders(column, p.ow);
  var acc = V(0.0);
  for (var o = over_rows.x; o < over_rows.y; o++) {
    for (var q = over_columns.x; q < over_columns.y; q++) {
      let at = ((n * p.oh + o) * p.ow + q) * p.vectors + c;
      let matches = own == y[at];
      if (!any(matches)) { continue; }
      let rows = window(o, p.h);
      let columns = window(q, p.w);
      var part = select(V(0.0), dy[at], matches);
      // Places before this one in scan order; an equal one among them has the cotangent.
      for (var r = rows.x; r <= row; r++) {
        let end = select(columns.y, column, r == row);
        for (var s = columns.x; s < end; s++) {
          part = select(part, V(0.0), x[((n * p.h + r) * p.w + s) * p.vectors + c] == own);
        }
      }
      acc += part;
    }
  }
  dx[i] = acc;
}
