// One augmented view of a batch: u8 RGB sources to normalised f32 views, one workgroup an image.
// y (N, side, side, 3), scratch of the same shape for the separable blur; _crop.wgsl has the other bindings.
// Reference: src/data/augment/reference.ts.
//! use _crop _colour
@group(0) @binding(3) var<storage, read_write> scratch: array<f32>; // (N, side, side, 3)
@group(0) @binding(4) var<storage, read_write> y: array<f32>; // (N, side, side, 3)

const THREADS = 128u;
const Q16 = 1.52587890625e-5; // 1 / 65536

// Passes of the blur before the last one: 1, a Gaussian along rows; 5, extended boxes, thrice along rows and twice
// along columns. The last pass goes along columns and is part of what writes the view.
const PASSES = 1u;

var<workgroup> partial: array<f32, THREADS>;

// Operation number `k` of the jitter: 0 brightness, 1 contrast, 2 saturation, 3 hue. Word 14 holds the order, two bits
// each from the first on; 0 is the fixed order.
fn operation(image: u32, k: u32) -> u32 {
  let order = u32(word(image, 14u));
  return (select(order, 0xe4u, order == 0u) >> (2u * k)) & 3u;
}

fn jitter(image: u32, c: vec3<f32>, op: u32, average: f32) -> vec3<f32> {
  let f = f32(word(image, 5u + op)) * Q16;
  if (op == 3u) { return turn_hue(c, f); }
  return blend(c, select(select(0.0, average, op == 1u), gray(c), op == 2u), f);
}

fn load(at: u32) -> vec3<f32> {
  return vec3<f32>(y[at], y[at + 1u], y[at + 2u]);
}

fn store(at: u32, c: vec3<f32>) {
  for (var k = 0u; k < 3u; k++) { y[at + k] = c[k]; }
}

// A symmetric blur of one image: weights at distances up to `reach`.
struct Blur {
  reach: i32,
  sigma: f32,
  norm: f32,
  edge: f32, // of an extended box: weight at `reach`
}

// Gaussian: norm = sum_d exp(-d^2 / 2 sigma^2). Extended box of variance v = sigma^2 / 3: full weight within l, part a
// of it at l + 1, norm = 2 l + 1 + 2 a (Gwosdek et al., SSVM 2011).
fn blur_of(image: u32, blurred: bool) -> Blur {
  let sigma = max(f32(word(image, 9u)) * Q16, 1e-3);
  if (PASSES == 1u) {
    let radius = select(0, i32(p.radius), blurred);
    var norm = 0.0;
    for (var d = -radius; d <= radius; d++) { norm += exp(-f32(d * d) / (2.0 * sigma * sigma)); }
    return Blur(radius, sigma, norm, 0.0);
  }
  let v = sigma * sigma / 3.0;
  let l = floor((sqrt(12.0 * v + 1.0) - 1.0) / 2.0);
  let a = (2.0 * l + 1.0) * (l * (l + 1.0) - 3.0 * v) / (6.0 * (v - (l + 1.0) * (l + 1.0)));
  if (!blurred) { return Blur(0, sigma, 1.0, 1.0); }
  return Blur(i32(l) + 1, sigma, 2.0 * l + 1.0 + 2.0 * a, a / (2.0 * l + 1.0 + 2.0 * a));
}

fn weight(b: Blur, d: i32) -> f32 {
  if (PASSES == 1u) { return exp(-f32(d * d) / (2.0 * b.sigma * b.sigma)) / b.norm; }
  return select(1.0 / b.norm, b.edge, abs(d) == b.reach);
}

// Beyond the border a Gaussian sees the view reflected, a box the border repeated.
fn inside(i: i32) -> u32 {
  let n = i32(p.side);
  if (PASSES != 1u) { return u32(clamp(i, 0, n - 1)); }
  return u32(select(select(i, 2 * n - 2 - i, i >= n), -i, i < 0));
}

// Pixel i of an image blurred along its rows or columns, from y or from scratch.
fn blur_line(b: Blur, base: u32, i: u32, columns: bool, from_y: bool) -> vec3<f32> {
  let row = i / p.side;
  let column = i % p.side;
  var sum = vec3<f32>(0.0);
  for (var d = -b.reach; d <= b.reach; d++) {
    let across = row * p.side + inside(i32(column) + d);
    let down = inside(i32(row) + d) * p.side + column;
    let at = base + 3u * select(across, down, columns);
    var c: vec3<f32>;
    if (from_y) { c = load(at); } else { c = vec3<f32>(scratch[at], scratch[at + 1u], scratch[at + 2u]); }
    sum += weight(b, d) * c;
  }
  return sum;
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let image = group.x;
  let pixels = p.side * p.side;
  let base = 3u * image * pixels;
  let flags = u32(word(image, 4u));
  let jittered = (flags & 2u) != 0u;
  var first = 0u; // operations before the contrast, which needs the average of what they give
  while (first < 3u && operation(image, first) != 1u) { first++; }

  // y = crop, flip, operations before the contrast; partial = sum of gray
  var total = 0.0;
  for (var i = lane; i < pixels; i += THREADS) {
    var c = crop_pixel(image, i / p.side, i % p.side);
    for (var k = 0u; jittered && k < first; k++) { c = jitter(image, c, operation(image, k), 0.0); }
    total += gray(c);
    store(base + 3u * i, c);
  }
  partial[lane] = total;
  workgroupBarrier();
  for (var width = THREADS / 2u; width > 0u; width = width / 2u) {
    if (lane < width) { partial[lane] += partial[lane + width]; }
    workgroupBarrier();
  }
  let average = partial[0] / f32(pixels);

  // y = contrast and what follows, grayscale; each thread its own pixels
  for (var i = lane; i < pixels; i += THREADS) {
    var c = load(base + 3u * i);
    for (var k = first; jittered && k < 4u; k++) { c = jitter(image, c, operation(image, k), average); }
    if ((flags & 4u) != 0u) { c = vec3<f32>(gray(c)); }
    store(base + 3u * i, c);
  }
  storageBarrier();

  // y and scratch in turn = blurred along rows, then along columns
  let b = blur_of(image, (flags & 8u) != 0u);
  for (var n = 0u; n < PASSES; n++) {
    for (var i = lane; i < pixels; i += THREADS) {
      let c = blur_line(b, base, i, n > PASSES / 2u, n % 2u == 0u);
      let at = base + 3u * i;
      if (n % 2u == 0u) {
        for (var k = 0u; k < 3u; k++) { scratch[at + k] = c[k]; }
      } else { store(at, c); }
    }
    storageBarrier();
  }

  // y = (solarize(blur) - mean) / std, 0 inside the erased rectangle
  let centre = vec3<f32>(p.mean_r, p.mean_g, p.mean_b);
  let spread = vec3<f32>(p.std_r, p.std_g, p.std_b);
  for (var i = lane; i < pixels; i += THREADS) {
    var c = blur_line(b, base, i, true, false);
    if ((flags & 16u) != 0u) { c = select(c, 1.0 - c, c >= vec3<f32>(0.5)); }
    let within = vec2<i32>(i32(i / p.side), i32(i % p.side)) - vec2<i32>(word(image, 10u), word(image, 11u));
    let erased = within.x >= 0 && within.y >= 0 && within.x < word(image, 12u) && within.y < word(image, 13u);
    store(base + 3u * i, select((c - centre) / spread, vec3<f32>(0.0), erased));
  }
}
