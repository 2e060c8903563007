// Convolution as an implicit matrix product with register tiles fed by subgroup shuffles, NHWC, channels in vec4s.
// Forward: y (n, oh, ow, k) = sum over taps and channels of x (n, h, w, c) * weight (kh, kw, c / groups, k).
// BACKWARD: the input gradient, the same sum with dy for x and x's gradient for y. Input pixels that agree modulo the stride
// meet the same taps, so each such class of pixels is a convolution of stride 1 with every stride-th tap.
// LANES lanes share a tile of ROWS pixels x 4 LANES channels. Each lane knows the coordinates of its own rows, so a tile may
// cross image rows and images. Reference: conv2d in src/nn/ops/conv.ts.
struct Params {
  batch: u32,
  in_h: i32, // the image that is read
  in_w: i32,
  in_c4: u32, // its channels in vec4s
  in_g4: u32, // its channels of one group in vec4s
  out_h: u32, // the image that is written
  out_w: u32,
  out_c4: u32,
  out_g4: u32,
  kernel_h: u32,
  kernel_w: u32,
  weight_c: u32, // c / groups
  weight_k4: u32, // k in vec4s
  stride: u32,
  pad_top: u32,
  pad_left: u32,
  column_tiles: u32,
  width: u32, // workgroups along x
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> x: array<vec4<f32>>; // (batch, in_h, in_w, in_c4)
@group(0) @binding(2) var<storage, read_write> weight: array<vec4<f32>>; // (kernel_h, kernel_w, weight_c, weight_k4)
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>; // (batch, out_h, out_w, out_c4)

const LANES = 8u;
const THREADS = 32u;
const ROWS = 32u;
const BACKWARD = 0u;
const BLOCKS = ROWS / LANES;
const NOWHERE = 0xffffffffu;

// Pixels first, first + spacing, ... below size.
fn count(size: u32, first: u32, spacing: u32) -> u32 {
  return select(0u, (size - first + spacing - 1u) / spacing, first < size);
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  // The class of pixels: all of them forward; backward those with (pixel + pad) % stride == phase, met by taps phase + j stride.
  let classes = select(1u, p.stride * p.stride, BACKWARD == 1u);
  let part = group.z / classes;
  let phase_y = (group.z % classes) / p.stride;
  let phase_x = (group.z % classes) % p.stride;
  let spacing = select(1u, p.stride, BACKWARD == 1u);
  let first_y = (phase_y + spacing * p.pad_top - p.pad_top) % spacing;
  let first_x = (phase_x + spacing * p.pad_left - p.pad_left) % spacing;
  let rows_y = count(p.out_h, first_y, spacing);
  let rows_x = count(p.out_w, first_x, spacing);
  let rows = p.batch * rows_y * rows_x;
  let taps_y = count(p.kernel_h, phase_y, spacing);
  let taps_x = count(p.kernel_w, phase_x, spacing);
  // The tiles of a workgroup lie below one another, so that they read the same weights.
  let index = group.y * p.width + group.x;
  let first_row = (index / p.column_tiles) * (THREADS / LANES) * ROWS;
  if (first_row >= rows) { return; }

  let lane = invocation % LANES;
  let base = invocation - lane;
  let row = first_row + (local / LANES) * ROWS;
  let column = (index % p.column_tiles) * LANES + lane;
  let safe_column = min(column, p.out_g4 - 1u);

  // Coordinates of this lane's rows: where each writes, and where its first tap reads.
  var target_at: array<u32, BLOCKS>;
  var image: array<u32, BLOCKS>;
  var in_y: array<i32, BLOCKS>;
  var in_x: array<i32, BLOCKS>;
  //! unroll
  for (var i = 0u; i < BLOCKS; i++) {
    let r = row + i * LANES + lane;
    let n = r / (rows_y * rows_x);
    let ry = (r / rows_x) % rows_y;
    let rx = r % rows_x;
    let pixel = (n * p.out_h + first_y + ry * spacing) * p.out_w + first_x + rx * spacing;
    target_at[i] = select(NOWHERE, pixel * p.out_c4 + part * p.out_g4, r < rows);
    image[i] = min(n, p.batch - 1u) * u32(p.in_h * p.in_w);
    if (BACKWARD == 1u) {
      in_y[i] = i32(ry + (first_y + p.pad_top - phase_y) / spacing);
      in_x[i] = i32(rx + (first_x + p.pad_left - phase_x) / spacing);
    } else {
      in_y[i] = i32(ry * p.stride) - i32(p.pad_top);
      in_x[i] = i32(rx * p.stride) - i32(p.pad_left);
    }
  }

  var sum: array<vec4<f32>, ROWS>;
  var a: array<vec4<f32>, BLOCKS>;
  var at: array<u32, BLOCKS>;
  var inside: array<bool, BLOCKS>;
  var b: array<vec4<f32>, 4>;
  for (var ty = 0u; ty < taps_y; ty++) {
    for (var tx = 0u; tx < taps_x; tx++) {
      let tap = (phase_y + ty * spacing) * p.kernel_w + phase_x + tx * spacing;
      //! unroll
      for (var i = 0u; i < BLOCKS; i++) {
        let iy = select(in_y[i] + i32(ty), in_y[i] - i32(ty), BACKWARD == 1u);
        let ix = select(in_x[i] + i32(tx), in_x[i] - i32(tx), BACKWARD == 1u);
        inside[i] = (u32(iy) < u32(p.in_h)) & (u32(ix) < u32(p.in_w));
        at[i] = select(0u, (image[i] + u32(iy * p.in_w + ix)) * p.in_c4, inside[i]) + part * p.in_g4;
      }
      for (var c = 0u; c < p.in_g4; c++) {
        //! unroll
        for (var i = 0u; i < BLOCKS; i++) {
          let value = x[at[i] + c];
          a[i] = select(vec4<f32>(0.0), value, inside[i]);
        }
        if (BACKWARD == 1u) {
          // Contraction over k: four output channels are four rows of the weight, transposed in registers.
          let w = (tap * p.weight_c + safe_column * 4u) * p.weight_k4 + part * p.in_g4 + c;
          let r0 = weight[w];
          let r1 = weight[w + p.weight_k4];
          let r2 = weight[w + 2u * p.weight_k4];
          let r3 = weight[w + 3u * p.weight_k4];
          b[0] = vec4<f32>(r0.x, r1.x, r2.x, r3.x);
          b[1] = vec4<f32>(r0.y, r1.y, r2.y, r3.y);
          b[2] = vec4<f32>(r0.z, r1.z, r2.z, r3.z);
          b[3] = vec4<f32>(r0.w, r1.w, r2.w, r3.w);
        } else {
          let w = (tap * p.weight_c + c * 4u) * p.weight_k4 + part * p.out_g4 + safe_column;
          b[0] = weight[w];
          b[1] = weight[w + p.weight_k4];
          b[2] = weight[w + 2u * p.weight_k4];
          b[3] = weight[w + 3u * p.weight_k4];
        }
        // sum[i] += x[row i, 4 c..4 c + 3] b
        //! unroll
        for (var i = 0u; i < ROWS; i++) {
          let v = subgroupShuffle(a[i / LANES], base + i % LANES);
          sum[i] += v.x * b[0] + v.y * b[1] + v.z * b[2] + v.w * b[3];
        }
      }
    }
  }

  //! unroll
  for (var i = 0u; i < ROWS; i++) {
    let into = subgroupShuffle(target_at[i / LANES], base + i % LANES);
    if ((into != NOWHERE) & (column < p.out_g4)) { y[into + column] = sum[i]; }
  }
}
