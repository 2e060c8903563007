/** PNG by `fast-png`, to RGB u8. Alpha is dropped, 16-bit samples keep their high byte, greys are repeated. */
import { convertIndexedToRgb, decode } from "fast-png";

/** Name and version that go into every record of what was decoded. */
export const PNG_DECODER = "fast-png 8.0.0";

/** Width and height from the header chunk, or undefined where the bytes are no PNG. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (bytes.length < 33 || signature.some((b, i) => bytes[i] !== b)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Samples of fewer than 8 bits, packed from the high bit with rows padded to bytes, as one byte each. */
function unpack(data: ArrayLike<number>, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil(width * depth / 8), mask = (1 << depth) - 1;
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      out[y * width + x] = data[y * rowBytes + (bit >> 3)]! >> (8 - depth - (bit & 7)) & mask;
    }
  }
  return out;
}

/** Decodes to RGB, (height, width, 3). Errors: plain `Error` with the decoder's words. */
export function decodePng(bytes: Uint8Array): { width: number; height: number; data: Uint8Array } {
  const png = decode(bytes, { checkCrc: true });
  const { width, height, depth } = png;
  const out = new Uint8Array(width * height * 3);
  let samples: ArrayLike<number> = png.data, channels = png.channels;
  let toByte = (v: number): number => v;
  if (png.palette) {
    samples = convertIndexedToRgb(png);
    channels = png.palette[0]?.length ?? 3;
  } else if (depth === 16) {
    toByte = (v) => v >>> 8;
  } else if (depth < 8) {
    samples = unpack(png.data, width, height, depth);
    toByte = (v) => v * 255 / ((1 << depth) - 1); // 1, 3 and 15 divide 255
  }
  if (samples.length !== width * height * channels) {
    throw new Error(`${samples.length} samples for ${width} x ${height} x ${channels}`);
  }
  const colour = channels >= 3;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) out[3 * i + c] = toByte(samples[i * channels + (colour ? c : 0)]!);
  }
  return { width, height, data: out };
}
