// Average pooling of NHWC images: y (n, oh, ow, vectors) from x (n, h, w, vectors). Windows of one size on a padded image,
// padding counted, or (ADAPTIVE) oh x ow windows that cover the image. V: four channels, or one where C is not a
// multiple of four. Reference: avgPool and adaptiveAvgPool in src/nn/ops/pool.ts.
struct Params {
  n: u32,
  h: u32,
  w: u32,
  vectors: u32,
  oh: u32,
  ow: u32,
  size: u32, // of the window; adaptive windows find their own
  stride: u32,
  padding: u32, // on every side
}

alias V = vec4f;
const ADAPTIVE = 0u;

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<V>; // (n, h, w, vectors)
@group(0) @binding(2) var<storage, read_write> y: array<V>; // (n, oh, ow, vectors)
@group(0) @binding(3) var<storage, read_write> dy: array<V>; // (n, oh, ow, vectors)
@group(0) @binding(4) var<storage, read_write> dx: array<V>; // (n, h, w, vectors)

// First and last + 1 place of window o of `count` that lie in an image of `length` places.
fn window(o: u32, length: u32, count: u32) -> vec2<u32> {
  if (ADAPTIVE == 1u) { return vec2<u32>(o * length / count, ((o + 1u) * length + count - 1u) / count); }
  let start = o * p.stride;
  return vec2<u32>(max(start, p.padding) - p.padding, min(start + p.size - p.padding, length));
}

// First and last + 1 of `count` windows that hold place i of `length`.
fn holders(i: u32, length: u32, count: u32) -> vec2<u32> {
  if (ADAPTIVE == 1u) { return vec2<u32>(i * count / length, ((i + 1u) * count + length - 1u) / length); }
  let at = i + p.padding;
  let first = select(0u, (at - p.size) / p.stride + 1u, at >= p.size);
  return vec2<u32>(first, min(at / p.stride + 1u, count));
}

// Number of places a window's sum is divided by.
fn places(rows: vec2<u32>, columns: vec2<u32>) -> f32 {
  if (ADAPTIVE == 1u) { return f32((rows.y - rows.x) * (columns.y - columns.x)); }
  return f32(p.size * p.size);
}

// y = sum of the window / places
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= p.n * p.oh * p.ow * p.vectors) { return; }
  let c = i % p.vectors;
  let place = i / p.vectors;
  let rows = window((place / p.ow) % p.oh, p.h, p.oh);
  let columns = window(place % p.ow, p.w, p.ow);
  let image = (place / (p.ow * p.oh)) * p.h;
  var acc = V(0.0);
  for (var r = rows.x; r < rows.y; r++) {
    for (var s = columns.x; s < columns.y; s++) { acc += x[((image + r) * p.w + s) * p.vectors + c]; }
  }
  y[i] = acc / places(rows, columns);
}

// dx = sum of dy / places over the windows that hold the place
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = id.y * groups.x * 64u + id.x;
  if (i >= p.n * p.h * p.w * p.vectors) { return; }
  let c = i % p.vectors;
  let place = i / p.vectors;
  let n = place / (p.w * p.h);
  let over_rows = holders((place / p.w) % p.h, p.h, p.oh);
  let over_columns = holders(place % p.w, p.w, p.ow);
  var acc = V(0.0);
  for (var o = over_rows.x; o < over_rows.y; o++) {
    for (var q = over_columns.x; q < over_columns.y; q++) {
      let part = dy[((n * p.oh + o) * p.ow + q) * p.vectors + c];
      acc += part / places(window(o, p.h, p.oh), window(q, p.w, p.ow));
    }
  }
  dx[i] = acc;
}
