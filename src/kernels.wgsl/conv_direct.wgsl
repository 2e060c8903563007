// Convolution of any group and channel counts, one thread per element, scalar: for grouped shapes that do not fill vec4s.
// y (n, oh, ow, k) from x (n, h, w, c) and weight (kh, kw, c / groups, k), and both gradients.
// Reference: conv2d in src/nn/ops/conv.ts.
struct Params {
  batch: i32,
  h: i32,
  w: i32,
  c: i32,
  oh: i32,
  ow: i32,
  k: i32,
  group_c: i32, // c / groups
  group_k: i32, // k / groups
  kernel_h: i32,
  kernel_w: i32,
  stride: i32,
  pad_top: i32,
  pad_left: i32,
  width: u32, // threads along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<f32>; // (batch, h, w, c)
@group(0) @binding(2) var<storage, read_write> weight: array<f32>; // (kernel_h, kernel_w, group_c, k)
@group(0) @binding(3) var<storage, read_write> y: array<f32>; // (batch, oh, ow, k)
@group(0) @binding(4) var<storage, read_write> dx: array<f32>; // like x
@group(0) @binding(5) var<storage, read_write> dw: array<f32>; // like weight

// y[n, oy, ox, k] = sum of x[n, oy stride + ky - top, ox stride + kx - left, c] weight[ky, kx, c, k]
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.y * p.width + id.x);
  if (at >= p.batch * p.oh * p.ow * p.k) { return; }
  let k = at % p.k;
  let ox = (at / p.k) % p.ow;
  let oy = (at / (p.k * p.ow)) % p.oh;
  let n = at / (p.k * p.ow * p.oh);
  let first = (k / p.group_k) * p.group_c;
  var sum = 0.0;
  for (var ky = 0; ky < p.kernel_h; ky++) {
    let iy = oy * p.stride + ky - p.pad_top;
    if (iy < 0 || iy >= p.h) { continue; }
    for (var kx = 0; kx < p.kernel_w; kx++) {
      let ix = ox * p.stride + kx - p.pad_left;
      if (ix < 0 || ix >= p.w) { continue; }
      for (var c = 0; c < p.group_c; c++) {
        sum += x[((n * p.h + iy) * p.w + ix) * p.c + first + c] *
          weight[((ky * p.kernel_w + kx) * p.group_c + c) * p.k + k];
      }
    }
  }
  y[at] = sum;
}

// dx[n, iy, ix, c] = sum of dy[n, oy, ox, k] weight[ky, kx, c, k] over the taps with iy = oy stride + ky - top; y holds dy
@compute @workgroup_size(64)
fn input_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.y * p.width + id.x);
  if (at >= p.batch * p.h * p.w * p.c) { return; }
  let c = at % p.c;
  let ix = (at / p.c) % p.w;
  let iy = (at / (p.c * p.w)) % p.h;
  let n = at / (p.c * p.w * p.h);
  let first = (c / p.group_c) * p.group_k;
  var sum = 0.0;
  for (var ky = (iy + p.pad_top) % p.stride; ky < p.kernel_h; ky += p.stride) {
    let oy = (iy + p.pad_top - ky) / p.stride;
    if (iy + p.pad_top < ky || oy >= p.oh) { continue; }
    for (var kx = (ix + p.pad_left) % p.stride; kx < p.kernel_w; kx += p.stride) {
      let ox = (ix + p.pad_left - kx) / p.stride;
      if (ix + p.pad_left < kx || ox >= p.ow) { continue; }
      for (var k = first; k < first + p.group_k; k++) {
        sum += y[((n * p.oh + oy) * p.ow + ox) * p.k + k] *
          weight[((ky * p.kernel_w + kx) * p.group_c + c % p.group_c) * p.k + k];
      }
    }
  }
  dx[at] = sum;
}

// dw[ky, kx, c, k] = sum over n, oy, ox of x[n, oy stride + ky - top, ox stride + kx - left, c] dy[n, oy, ox, k]; y holds dy
@compute @workgroup_size(64)
fn weight_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.y * p.width + id.x);
  if (at >= p.kernel_h * p.kernel_w * p.group_c * p.k) { return; }
  let k = at % p.k;
  let c = (k / p.group_k) * p.group_c + (at / p.k) % p.group_c;
  let tap = at / (p.k * p.group_c);
  let tap_y = tap / p.kernel_w - p.pad_top;
  let tap_x = tap % p.kernel_w - p.pad_left;
  var total = 0.0;
  for (var n = 0; n < p.batch; n++) {
    for (var oy = 0; oy < p.oh; oy++) {
      let iy = oy * p.stride + tap_y;
      if (iy < 0 || iy >= p.h) { continue; }
      var sum = 0.0;
      for (var ox = 0; ox < p.ow; ox++) {
        let ix = ox * p.stride + tap_x;
        if (ix < 0 || ix >= p.w) { continue; }
        sum += x[((n * p.h + iy) * p.w + ix) * p.c + c] * y[((n * p.oh + oy) * p.ow + ox) * p.k + k];
      }
      total += sum;
    }
  }
  dw[at] = total;
}
