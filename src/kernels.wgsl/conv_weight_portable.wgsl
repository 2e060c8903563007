// Weight gradient of a convolution without subgroups, a register tile of 4 ROWS4 x 4 COLS weights a thread, NHWC:
// dw (kh, kw, c / groups, k) = sum over output pixels of x (n, h, w, c) at the tap times dy (n, oh, ow, k).
// The rows of the product are the vec4s of (tap, channel). The pixels are cut into splits; each writes a partial dw, which
// partials.wgsl adds in order. Reference: conv2d in src/nn/ops/conv.ts.
struct Params {
  in_h: i32,
  in_w: i32,
  in_c4: u32, // channels of x in vec4s
  in_g4: u32, // of one group
  out_h: u32,
  out_w: u32,
  out_c4: u32, // channels of dy in vec4s
  out_g4: u32,
  kernel_w: u32,
  stride: u32,
  pad_top: i32,
  pad_left: i32,
  pixels: u32, // n oh ow
  span: u32, // pixels of a split, a multiple of 4
  rows4: u32, // kh kw c / groups in vec4s
  row_tiles: u32,
  column_tiles: u32,
  splits: u32,
  width: u32, // workgroups along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>; // (n, in_h, in_w, in_c4)
@group(0) @binding(2) var<storage, read_write> dy: array<vec4<f32>>; // (n, out_h, out_w, out_c4)
@group(0) @binding(3) var<storage, read_write> dw: array<vec4<f32>>; // (splits, 4 rows4, out_c4)

const THREADS = 32u;
const ROWS4 = 2u;
const COLS = 2u;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let unit = (group.y * p.width + group.x) * THREADS + local;
  let part = group.z;
  let first_row = (unit % p.row_tiles) * ROWS4;
  let column = ((unit / p.row_tiles) % p.column_tiles) * COLS;
  let split = unit / (p.row_tiles * p.column_tiles);
  if (split >= p.splits) { return; }

  var channel: array<u32, ROWS4>;
  var tap_y: array<i32, ROWS4>;
  var tap_x: array<i32, ROWS4>;
  //! unroll
  for (var i = 0u; i < ROWS4; i++) {
    let row = min(first_row + i, p.rows4 - 1u);
    let tap = row / p.in_g4;
    channel[i] = part * p.in_g4 + row % p.in_g4;
    tap_y[i] = i32(tap / p.kernel_w) - p.pad_top;
    tap_x[i] = i32(tap % p.kernel_w) - p.pad_left;
  }

  let start = split * p.span;
  let end = min(start + p.span, p.pixels);
  var ox = start % p.out_w;
  var oy = (start / p.out_w) % p.out_h;
  var image = start / (p.out_w * p.out_h);

  var sum: array<vec4<f32>, 4u * ROWS4 * COLS>;
  var a: array<vec4<f32>, ROWS4>;
  for (var at = start; at < end; at++) {
    //! unroll
    for (var i = 0u; i < ROWS4; i++) {
      let iy = i32(oy * p.stride) + tap_y[i];
      let ix = i32(ox * p.stride) + tap_x[i];
      let inside = (u32(iy) < u32(p.in_h)) & (u32(ix) < u32(p.in_w));
      let source = (image * u32(p.in_h) + u32(iy)) * u32(p.in_w) + u32(ix);
      let value = x[select(0u, source * p.in_c4, inside) + channel[i]];
      a[i] = select(vec4<f32>(0.0), value, inside);
    }
    //! unroll
    for (var j = 0u; j < COLS; j++) {
      let b = dy[at * p.out_c4 + part * p.out_g4 + min(column + j, p.out_g4 - 1u)];
      //! unroll
      for (var i = 0u; i < 4u * ROWS4; i++) { sum[i * COLS + j] += a[i / 4u][i % 4u] * b; }
    }
    ox += 1u;
    let row_ends = ox == p.out_w;
    ox = select(ox, 0u, row_ends);
    oy += select(0u, 1u, row_ends);
    let image_ends = oy == p.out_h;
    oy = select(oy, 0u, image_ends);
    image += select(0u, 1u, image_ends);
  }

  let into = (split * p.rows4 + first_row) * 4u * p.out_c4 + part * p.out_g4 + column;
  //! unroll
  for (var i = 0u; i < 4u * ROWS4; i++) {
    //! unroll
    for (var j = 0u; j < COLS; j++) {
      if ((first_row + i / 4u < p.rows4) & (column + j < p.out_g4)) { dw[into + i * p.out_c4 + j] = sum[i * COLS + j]; }
    }
  }
}
