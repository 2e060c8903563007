/**
 * JPEG by libjpeg (MozJPEG compiled to WebAssembly, `@jsquash/jpeg`), whose pixels equal libjpeg-turbo's. One codec
 * per thread; it needs no permission but reading its own .wasm file. Orientation tags are ignored.
 */
import decode, { init } from "@jsquash/jpeg/decode.js";

/** Name and version that go into every record of what was decoded. */
export const JPEG_DECODER = "@jsquash/jpeg 1.6.0";

let ready: Promise<void> | undefined;
let complaints: string[] = [];

async function start(): Promise<void> {
  const wasm = new URL(import.meta.resolve("@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm"));
  const module = await WebAssembly.compile(await Deno.readFile(wasm));
  const listen = { print: () => {}, printErr: (line: string) => void complaints.push(line) };
  // The published type declares one parameter; the function takes the compiled module first.
  const initWith = init as unknown as (module: WebAssembly.Module, options: typeof listen) => Promise<void>;
  await initWith(module, listen);
}

/** Width and height from the frame header, or undefined where the bytes are no JPEG with one. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) { // fill byte
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return { height: bytes[at + 5]! << 8 | bytes[at + 6]!, width: bytes[at + 7]! << 8 | bytes[at + 8]! };
    }
    const standalone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
    at += standalone ? 2 : 2 + (bytes[at + 2]! << 8 | bytes[at + 3]!);
  }
  return undefined;
}

/** True when an end-of-image marker follows the last start-of-scan: without it the picture was cut off. */
function isComplete(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at > 1; at--) {
    if (bytes[at] !== 0xff) continue;
    if (bytes[at + 1] === 0xd9) return true;
    if (bytes[at + 1] === 0xda) return false;
  }
  return false;
}

/**
 * Decodes to RGBA, (height, width, 4).
 * Errors: plain `Error` with the decoder's words; the caller names the archive and member.
 */
export async function decodeJpeg(
  bytes: Uint8Array,
): Promise<{ width: number; height: number; data: Uint8ClampedArray }> {
  ready ??= start();
  await ready;
  if (!isComplete(bytes)) throw new Error("no end-of-image marker, the file is cut off");
  complaints = [];
  try {
    // The codec copies typed arrays and buffers alike; the declaration names only the latter.
    const image = await decode(bytes as unknown as ArrayBuffer);
    if (complaints.length > 0) throw new Error(complaints.join(" "));
    return { width: image.width, height: image.height, data: image.data as Uint8ClampedArray };
  } catch (error) {
    ready = undefined; // the codec's memory may be in any state after an exit
    throw new Error(complaints.join(" ") || (error as Error).message);
  }
}
