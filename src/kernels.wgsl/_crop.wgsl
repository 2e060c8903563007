// Prelude: a pixel of an augmented view before its colours are changed: crop, resize, flip.
// source (N, size, size, 3) as bytes in words, views (N, 16) words drawn by src/data/augment/draw.ts.
struct Params {
  size: u32, // side of the sources
  side: u32, // side of the views
  radius: u32, // of the Gaussian
  mean_r: f32,
  mean_g: f32,
  mean_b: f32,
  std_r: f32,
  std_g: f32,
  std_b: f32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> source: array<u32>;
@group(0) @binding(2) var<storage, read_write> views: array<i32>; // (N, 16)

// 0: the four nearest pixels, whatever the scale; else the support of a filter: 1 triangle, 2 cubic.
const RESAMPLE = 0u;
const WIDENS = 1u; // whether that filter widens when shrinking

fn word(image: u32, i: u32) -> i32 {
  return views[image * 16u + i];
}

fn texel(image: u32, row: u32, column: u32) -> vec3<f32> {
  let at = 3u * ((image * p.size + row) * p.size + column);
  var c: vec3<f32>;
  for (var k = 0u; k < 3u; k++) {
    c[k] = f32((source[(at + k) >> 2u] >> (8u * ((at + k) & 3u))) & 255u);
  }
  return c / 255.0;
}

// Bilinear, align_corners = false, clamped to the crop.
fn nearest_four(image: u32, corner: vec2<u32>, extent: vec2<f32>, at: vec2<f32>) -> vec3<f32> {
  let s = max(vec2<f32>(0.0), (at + 0.5) * extent / f32(p.side) - 0.5);
  let last = vec2<u32>(extent) - 1u;
  let low = min(vec2<u32>(floor(s)), last);
  let high = min(low + 1u, last);
  let f = s - vec2<f32>(low);
  let top = corner.x;
  let left = corner.y;
  let upper = mix(texel(image, top + low.x, left + low.y), texel(image, top + low.x, left + high.y), f.y);
  let lower = mix(texel(image, top + high.x, left + low.y), texel(image, top + high.x, left + high.y), f.y);
  return mix(upper, lower, f.x);
}

// Triangle, or Keys' cubic with a = -1/2.
fn filter_weight(x: f32) -> f32 {
  let t = abs(x);
  if (RESAMPLE == 1u) { return max(0.0, 1.0 - t); }
  if (t < 1.0) { return (1.5 * t - 2.5) * t * t + 1.0; }
  return select(0.0, ((2.5 - 0.5 * t) * t - 4.0) * t + 2.0, t < 2.0);
}

// Weighted sums along rows, then of rows; the filter is cut off at the crop's border.
fn filtered(image: u32, corner: vec2<u32>, extent: vec2<f32>, at: vec2<f32>) -> vec3<f32> {
  let scale = extent / f32(p.side);
  let widened = select(vec2<f32>(1.0), max(vec2<f32>(1.0), scale), WIDENS != 0u);
  let centre = (at + 0.5) * scale;
  let low = vec2<u32>(max(vec2<f32>(0.0), floor(centre - f32(RESAMPLE) * widened + 0.5)));
  let high = vec2<u32>(min(extent, floor(centre + f32(RESAMPLE) * widened + 0.5)));
  var sum = vec3<f32>(0.0);
  var total = vec2<f32>(0.0);
  for (var row = low.x; row < high.x; row++) {
    var line = vec3<f32>(0.0);
    total.y = 0.0;
    for (var column = low.y; column < high.y; column++) {
      let w = filter_weight((f32(column) + 0.5 - centre.y) / widened.y);
      line += w * texel(image, corner.x + row, corner.y + column);
      total.y += w;
    }
    let w = filter_weight((f32(row) + 0.5 - centre.x) / widened.x);
    sum += w * clamp(line / total.y, vec3<f32>(0.0), vec3<f32>(1.0));
    total.x += w;
  }
  return clamp(sum / total.x, vec3<f32>(0.0), vec3<f32>(1.0));
}

fn crop_pixel(image: u32, row: u32, column: u32) -> vec3<f32> {
  let corner = vec2<u32>(u32(word(image, 0u)), u32(word(image, 1u)));
  let extent = vec2<f32>(f32(word(image, 2u)), f32(word(image, 3u)));
  let flip = (word(image, 4u) & 1) != 0;
  let at = vec2<f32>(f32(row), f32(select(column, p.side - 1u - column, flip)));
  if (RESAMPLE == 0u) { return nearest_four(image, corner, extent, at); }
  return filtered(image, corner, extent, at);
}
