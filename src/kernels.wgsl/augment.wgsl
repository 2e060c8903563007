// One augmented view of a batch: u8 RGB sources to normalised f32 views, one workgroup an image.
// source (N, size, size, 3) as bytes in words, views (N, 16) words drawn by src/data/augment/draw.ts,
// y (N, side, side, 3), scratch of the same shape for the separable blur.
// Reference: src/data/augment/reference.ts.
struct Params {
  size: u32, // side of the sources
  side: u32, // side of the views
  radius: u32, // of the blur
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
@group(0) @binding(3) var<storage, read_write> scratch: array<f32>; // (N, side, side, 3)
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // (N, side, side, 3)

const THREADS = 128u;
const Q16 = 1.52587890625e-5; // 1 / 65536

var<workgroup> partial: array<f32, THREADS>;

fn word(image: u32, i: u32) -> i32 {
  return views[image * 16u + i];
}

fn gray(c: vec3<f32>) -> f32 {
  return dot(c, vec3<f32>(0.2989, 0.587, 0.114));
}

// f c + (1 - f) other, clamped
fn blend(c: vec3<f32>, other: f32, f: f32) -> vec3<f32> {
  return clamp(f * c + vec3<f32>((1.0 - f) * other), vec3<f32>(0.0), vec3<f32>(1.0));
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
fn sample(image: u32, row: u32, column: u32) -> vec3<f32> {
  let top = u32(word(image, 0u));
  let left = u32(word(image, 1u));
  let extent = vec2<f32>(f32(word(image, 2u)), f32(word(image, 3u)));
  let flags = u32(word(image, 4u));
  let x = select(column, p.side - 1u - column, (flags & 1u) != 0u);
  let s = max(vec2<f32>(0.0), (vec2<f32>(f32(row), f32(x)) + 0.5) * extent / f32(p.side) - 0.5);
  let last = vec2<u32>(extent) - 1u;
  let low = min(vec2<u32>(floor(s)), last);
  let high = min(low + 1u, last);
  let f = s - vec2<f32>(low);
  let upper = mix(texel(image, top + low.x, left + low.y), texel(image, top + low.x, left + high.y), f.y);
  let lower = mix(texel(image, top + high.x, left + low.y), texel(image, top + high.x, left + high.y), f.y);
  return mix(upper, lower, f.x);
}

// Hue turned by `shift` turns; see turnHue in src/data/augment/colour.ts.
fn turn_hue(c: vec3<f32>, shift: f32) -> vec3<f32> {
  let value = max(c.x, max(c.y, c.z));
  let chroma = value - min(c.x, min(c.y, c.z));
  var sixth = 0.0;
  if (chroma > 0.0) {
    if (value == c.x) {
      sixth = (c.y - c.z) / chroma;
    } else if (value == c.y) {
      sixth = 2.0 + (c.z - c.x) / chroma;
    } else {
      sixth = 4.0 + (c.x - c.y) / chroma;
    }
  }
  let n = vec3<f32>(5.0, 3.0, 1.0) + sixth + 6.0 * shift;
  let k = n - 6.0 * floor(n / 6.0);
  return vec3<f32>(value) - chroma * clamp(min(k, 4.0 - k), vec3<f32>(0.0), vec3<f32>(1.0));
}

fn reflect_index(i: i32) -> u32 {
  let n = i32(p.side);
  return u32(select(select(i, 2 * n - 2 - i, i >= n), -i, i < 0));
}

fn load3(at: u32) -> vec3<f32> {
  return vec3<f32>(y[at], y[at + 1u], y[at + 2u]);
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let image = group.x;
  let pixels = p.side * p.side;
  let base = 3u * image * pixels;
  let flags = u32(word(image, 4u));
  let jitter = (flags & 2u) != 0u;

  // y = crop, flip, brightness; partial = sum of gray
  var total = 0.0;
  for (var i = lane; i < pixels; i += THREADS) {
    var c = sample(image, i / p.side, i % p.side);
    if (jitter) { c = blend(c, 0.0, f32(word(image, 5u)) * Q16); }
    total += gray(c);
    for (var k = 0u; k < 3u; k++) { y[base + 3u * i + k] = c[k]; }
  }
  partial[lane] = total;
  workgroupBarrier();
  for (var width = THREADS / 2u; width > 0u; width = width / 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  let average = partial[0] / f32(pixels);

  // y = contrast, saturation, hue, grayscale; each thread its own pixels
  for (var i = lane; i < pixels; i += THREADS) {
    var c = load3(base + 3u * i);
    if (jitter) {
      c = blend(c, average, f32(word(image, 6u)) * Q16);
      c = blend(c, gray(c), f32(word(image, 7u)) * Q16);
      c = turn_hue(c, f32(word(image, 8u)) * Q16);
    }
    if ((flags & 4u) != 0u) { c = vec3<f32>(gray(c)); }
    for (var k = 0u; k < 3u; k++) { y[base + 3u * i + k] = c[k]; }
  }
  storageBarrier();

  // scratch = rows of y blurred, then y = columns of scratch blurred
  let blurred = (flags & 8u) != 0u;
  let radius = select(0, i32(p.radius), blurred);
  let sigma = max(f32(word(image, 9u)) * Q16, 1e-3);
  var norm = 0.0;
  for (var d = -radius; d <= radius; d++) { norm += exp(-f32(d * d) / (2.0 * sigma * sigma)); }
  for (var i = lane; i < 3u * pixels; i += THREADS) {
    let at = i / 3u;
    var sum = 0.0;
    for (var d = -radius; d <= radius; d++) {
      let column = reflect_index(i32(at % p.side) + d);
      sum += exp(-f32(d * d) / (2.0 * sigma * sigma)) / norm * y[base + 3u * (at / p.side * p.side + column) + i % 3u];
    }
    scratch[base + i] = sum;
  }
  storageBarrier();

  // y = (solarize(blur) - mean) / std, 0 inside the erased rectangle
  let centre = vec3<f32>(p.mean_r, p.mean_g, p.mean_b);
  let spread = vec3<f32>(p.std_r, p.std_g, p.std_b);
  for (var i = lane; i < 3u * pixels; i += THREADS) {
    let at = i / 3u;
    var v = 0.0;
    for (var d = -radius; d <= radius; d++) {
      let row = reflect_index(i32(at / p.side) + d);
      v += exp(-f32(d * d) / (2.0 * sigma * sigma)) / norm * scratch[base + 3u * (row * p.side + at % p.side) + i % 3u];
    }
    if ((flags & 16u) != 0u && v >= 0.5) { v = 1.0 - v; }
    let inside = vec2<i32>(i32(at / p.side), i32(at % p.side)) - vec2<i32>(word(image, 10u), word(image, 11u));
    let erased = inside.x >= 0 && inside.y >= 0 && inside.x < word(image, 12u) && inside.y < word(image, 13u);
    y[base + i] = select((v - centre[i % 3u]) / spread[i % 3u], 0.0, erased);
  }
}
