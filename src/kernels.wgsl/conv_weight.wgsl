// Weight gradient of a convolution with register tiles fed by subgroup shuffles, NHWC, channels in vec4s:
// dw (kh, kw, c / groups, k) = sum over output pixels of x (n, h, w, c) at the tap times dy (n, oh, ow, k).
// The rows of the product are the vec4s of (tap, channel); each lane owns the tap and channels of its own row. The pixels are cut
// into splits; each writes a partial dw, which partials.wgsl adds in order. Reference: conv2d in src/nn/ops/conv.ts.
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

const LANES = 8u;
const THREADS = 32u;

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let lane = invocation % LANES;
  let base = invocation - lane;
  let unit = (group.y * p.width + group.x) * (THREADS / LANES) + local / LANES;
  let part = group.z;
  let first_row = (unit % p.row_tiles) * LANES;
  let column = ((unit / p.row_tiles) % p.column_tiles) * LANES + lane;
  let split = unit / (p.row_tiles * p.column_tiles);
  let safe_column = part * p.out_g4 + min(column, p.out_g4 - 1u);

  let row = min(first_row + lane, p.rows4 - 1u);
  let tap = row / p.in_g4;
  let channel = part * p.in_g4 + row % p.in_g4;
  let tap_y = i32(tap / p.kernel_w) - p.pad_top;
  let tap_x = i32(tap % p.kernel_w) - p.pad_left;

  let start = min(split * p.span, p.pixels - 1u);
  let end = min((split + 1u) * p.span, p.pixels);
  var ox = start % p.out_w;
  var oy = (start / p.out_w) % p.out_h;
  var image = start / (p.out_w * p.out_h);

  var sum: array<vec4<f32>, 4u * LANES>;
  var a: array<vec4<f32>, 4>;
  var b: array<vec4<f32>, 4>;
  for (var at = 0u; at < p.span; at += 4u) {
    //! unroll
    for (var s = 0u; s < 4u; s++) {
      let live = start + at + s < end;
      let iy = i32(oy * p.stride) + tap_y;
      let ix = i32(ox * p.stride) + tap_x;
      let inside = live & (u32(iy) < u32(p.in_h)) & (u32(ix) < u32(p.in_w));
      let source = (image * u32(p.in_h) + u32(iy)) * u32(p.in_w) + u32(ix);
      let xv = x[select(0u, source * p.in_c4, inside) + channel];
      let dv = dy[min(start + at + s, end - 1u) * p.out_c4 + safe_column];
      a[s] = select(vec4<f32>(0.0), xv, inside);
      b[s] = select(vec4<f32>(0.0), dv, live);
      ox += 1u;
      let row_ends = ox == p.out_w;
      ox = select(ox, 0u, row_ends);
      oy += select(0u, 1u, row_ends);
      let image_ends = oy == p.out_h;
      oy = select(oy, 0u, image_ends);
      image += select(0u, 1u, image_ends);
    }
    // sum[i] += x[pixels, row i] dy[pixels]
    //! unroll
    for (var i = 0u; i < LANES; i++) {
      let v0 = subgroupShuffle(a[0], base + i);
      let v1 = subgroupShuffle(a[1], base + i);
      let v2 = subgroupShuffle(a[2], base + i);
      let v3 = subgroupShuffle(a[3], base + i);
      //! unroll
      for (var j = 0u; j < 4u; j++) {
        sum[i * 4u + j] += v0[j] * b[0] + v1[j] * b[1] + v2[j] * b[2] + v3[j] * b[3];
      }
    }
  }

  if (split >= p.splits || column >= p.out_g4) { return; }
  let into = split * 4u * p.rows4 * p.out_c4 + part * p.out_g4 + column;
  //! unroll
  for (var i = 0u; i < LANES; i++) {
    //! unroll
    for (var j = 0u; j < 4u; j++) {
      if (first_row + i < p.rows4) { dw[into + ((first_row + i) * 4u + j) * p.out_c4] = sum[i * 4u + j]; }
    }
  }
}
