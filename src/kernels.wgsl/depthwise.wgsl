// Depthwise convolution, every channel by its own kernel, NHWC, four channels a thread.
// y (n, oh, ow, c) from x (n, h, w, c) and weight (kh, kw, c), and both gradients. Reference: conv2d in src/nn/ops/conv.ts.
struct Params {
  batch: i32,
  h: i32,
  w: i32,
  c4: i32, // channels in vec4s
  oh: i32,
  ow: i32,
  kernel_h: i32,
  kernel_w: i32,
  stride: i32,
  pad_top: i32,
  pad_left: i32,
  splits: i32, // parts of the output rows, weight gradient
  span: i32, // output rows (of all images) of a split
  width: u32, // threads along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>; // (batch, h, w, c4)
@group(0) @binding(2) var<storage, read_write> weight: array<vec4<f32>>; // (kernel_h, kernel_w, c4)
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>; // (batch, oh, ow, c4)
@group(0) @binding(4) var<storage, read_write> dx: array<vec4<f32>>; // like x
@group(0) @binding(5) var<storage, read_write> dw: array<vec4<f32>>; // (splits, kernel_h, kernel_w, c4)

// Output columns of one thread, forward: neighbours share their taps' weights.
const COLS = 4;

// y[n, oy, ox] = sum of x[n, oy stride + ky - top, ox stride + kx - left] weight[ky, kx]
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3<u32>) {
  let runs = (p.ow + COLS - 1) / COLS;
  let at = i32(id.y * p.width + id.x);
  let c = at % p.c4;
  let ox = ((at / p.c4) % runs) * COLS;
  let row = at / (p.c4 * runs);
  if (row >= p.batch * p.oh) { return; }
  let oy = row % p.oh;
  let image = (row / p.oh) * p.h;
  var sum: array<vec4<f32>, COLS>;
  for (var ky = 0; ky < p.kernel_h; ky++) {
    let iy = oy * p.stride + ky - p.pad_top;
    if (iy < 0 || iy >= p.h) { continue; }
    for (var kx = 0; kx < p.kernel_w; kx++) {
      let v = weight[(ky * p.kernel_w + kx) * p.c4 + c];
      //! unroll
      for (var i = 0; i < COLS; i++) {
        let ix = (ox + i) * p.stride + kx - p.pad_left;
        if (ix >= 0 && ix < p.w) { sum[i] += x[((image + iy) * p.w + ix) * p.c4 + c] * v; }
      }
    }
  }
  //! unroll
  for (var i = 0; i < COLS; i++) {
    if (ox + i < p.ow) { y[(row * p.ow + ox + i) * p.c4 + c] = sum[i]; }
  }
}

// dx[n, iy, ix] = sum of dy[n, oy, ox] weight[ky, kx] over the taps with iy = oy stride + ky - top; y holds dy
@compute @workgroup_size(64)
fn input_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.y * p.width + id.x);
  let c = at % p.c4;
  let ix = (at / p.c4) % p.w;
  let row = at / (p.c4 * p.w);
  if (row >= p.batch * p.h) { return; }
  let below = row % p.h + p.pad_top;
  let right = ix + p.pad_left;
  let image = (row / p.h) * p.oh;
  var sum = vec4<f32>(0.0);
  for (var ky = below % p.stride; ky < min(p.kernel_h, below + 1); ky += p.stride) {
    let oy = (below - ky) / p.stride;
    if (oy >= p.oh) { continue; }
    for (var kx = right % p.stride; kx < min(p.kernel_w, right + 1); kx += p.stride) {
      let ox = (right - kx) / p.stride;
      if (ox < p.ow) { sum += y[((image + oy) * p.ow + ox) * p.c4 + c] * weight[(ky * p.kernel_w + kx) * p.c4 + c]; }
    }
  }
  dx[at] = sum;
}

// dw[split, ky, kx] = sum over the split's rows of x[n, oy stride + ky - top, ox stride + kx - left] dy[n, oy, ox]; y holds dy
@compute @workgroup_size(64)
fn weight_gradient(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = i32(id.y * p.width + id.x);
  let c = at % p.c4;
  let tap = (at / p.c4) % (p.kernel_h * p.kernel_w);
  let split = at / (p.c4 * p.kernel_h * p.kernel_w);
  if (split >= p.splits) { return; }
  let tap_y = tap / p.kernel_w - p.pad_top;
  let tap_x = tap % p.kernel_w - p.pad_left;
  // Output columns whose tap lies inside the image.
  let from_x = (max(-tap_x, 0) + p.stride - 1) / p.stride;
  let to_x = select(min(p.ow, (p.w - 1 - tap_x) / p.stride + 1), 0, tap_x >= p.w);
  var total = vec4<f32>(0.0);
  for (var row = split * p.span; row < min((split + 1) * p.span, p.batch * p.oh); row++) {
    let iy = (row % p.oh) * p.stride + tap_y;
    if (iy < 0 || iy >= p.h) { continue; }
    let from_row = ((row / p.oh) * p.h + iy) * p.w + tap_x;
    var sum = vec4<f32>(0.0);
    for (var ox = from_x; ox < to_x; ox++) {
      sum += x[(from_row + ox * p.stride) * p.c4 + c] * y[(row * p.ow + ox) * p.c4 + c];
    }
    total += sum;
  }
  dw[at] = total;
}
