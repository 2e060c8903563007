/** One encoded image to RGB u8 of the wanted size. The format is told by its first bytes, never by its name. */
import { memberError } from "../source/guard.ts";
import { decodeJpeg, JPEG_DECODER, jpegSize } from "./jpeg.ts";
import { decodePng, PNG_DECODER, pngSize } from "./png.ts";
import { resizeInto } from "./resize.ts";

/** Decoder of all image files: recorded as one string because a tree may mix both formats. */
export const IMAGE_DECODER = `${JPEG_DECODER}, ${PNG_DECODER}`;

/** Where an image comes from, for errors, and how large it may be. */
export interface ImageOrigin {
  readonly archive: string;
  readonly member: string;
  /** Declared limit on width times height. */
  readonly imagePixels: number;
  /** Side that every image of the dataset has, null where sizes vary. */
  readonly nativeSize: number | null;
}

/**
 * Decodes JPEG or PNG into `out` at `offset` as (size, size, 3).
 * Errors, each naming archive and member: neither JPEG nor PNG, more pixels than declared, another
 * size than the dataset's own, damaged data.
 */
export async function decodeImageInto(
  bytes: Uint8Array,
  size: number,
  out: Uint8Array,
  offset: number,
  origin: ImageOrigin,
): Promise<void> {
  const { archive, member, imagePixels, nativeSize } = origin;
  const jpeg = jpegSize(bytes);
  const header = jpeg ?? pngSize(bytes);
  if (!header) {
    const start = [...bytes.subarray(0, 4)].map((b) => b.toString(16).padStart(2, "0")).join(" ");
    throw memberError(
      archive,
      member,
      "an image must be a JPEG or PNG file",
      `${bytes.length} bytes "${start}"`,
    );
  }
  const { width, height } = header;
  if (width < 1 || height < 1 || width * height > imagePixels) {
    const required = `an image must have 1 to ${imagePixels} pixels`;
    throw memberError(archive, member, required, `${width} x ${height} in its header`);
  }
  if (nativeSize !== null && (width !== nativeSize || height !== nativeSize)) {
    const required = `an image must be ${nativeSize} x ${nativeSize}, the manifest's nativeSize`;
    throw memberError(archive, member, required, `${width} x ${height}`);
  }
  let image: { width: number; height: number; data: Uint8Array | Uint8ClampedArray };
  try {
    image = jpeg ? await decodeJpeg(bytes) : decodePng(bytes);
  } catch (cause) {
    const required = `a ${jpeg ? "JPEG" : "PNG"} image must decode without a complaint`;
    throw memberError(archive, member, required, `"${(cause as Error).message}"`, undefined, cause);
  }
  resizeInto(image.data, image.height, image.width, jpeg ? 4 : 3, size, out, offset);
}
