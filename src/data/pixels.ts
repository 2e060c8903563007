/**
 * Decoded images, in memory or in a file. Training reads them image by image, so a set larger than memory, such as
 * ImageNet at 224 pixels (193 GB), costs the system's page cache and no array.
 */
import { failure } from "../base/error.ts";

/** Images of one split, each (size, size, 3), in order. */
export interface Pixels {
  /** How many there are. */
  readonly count: number;
  /** Copies images one behind the other. Errors: the disk's. */
  read(indices: ArrayLike<number>, into: Uint8Array): void;
}

/** Images in one array. */
export function inMemory(images: Uint8Array, size: number): Pixels {
  const each = size * size * 3;
  return {
    count: images.length / each,
    read(indices, into) {
      for (let row = 0; row < indices.length; row++) {
        into.set(images.subarray(indices[row]! * each, (indices[row]! + 1) * each), row * each);
      }
    },
  };
}

/** Images of two sets behind each other. */
export function joined(first: Pixels, second: Pixels, size: number): Pixels {
  const each = size * size * 3;
  return {
    count: first.count + second.count,
    read(indices, into) {
      for (let row = 0; row < indices.length; row++) {
        const [from, index] = indices[row]! < first.count
          ? [first, indices[row]!] as const
          : [second, indices[row]! - first.count] as const;
        from.read([index], into.subarray(row * each, (row + 1) * each));
      }
    },
  };
}

/** Images in a file that holds nothing else. It is opened for every read, so nothing has to be closed. */
export function inFile(path: string, count: number, size: number): Pixels {
  const each = size * size * 3;
  return {
    count,
    read(indices, into) {
      using file = Deno.openSync(path);
      for (let row = 0; row < indices.length; row++) {
        file.seekSync(indices[row]! * each, Deno.SeekMode.Start);
        const image = into.subarray(row * each, (row + 1) * each);
        for (let at = 0; at < each;) {
          const got = file.readSync(image.subarray(at));
          if (!got) throw cut(path, indices[row]!, count * each);
          at += got;
        }
      }
    },
  };
}

const cut = (path: string, index: number, bytes: number) =>
  failure({
    operation: "read",
    object: `image ${index} of "${path}"`,
    required: `the file must have ${bytes} bytes`,
    found: `its end, at ${Deno.statSync(path).size}`,
    wayOut: "delete it, and the next run decodes the images again",
  });

/** Where a decoder puts images, in any order: it fills `out` from `at` on and then says `done`. */
export interface Sink {
  place(index: number): { readonly out: Uint8Array; readonly at: number };
  done(index: number): void;
}

/** A sink that fills an array. */
export function intoMemory(images: Uint8Array, size: number): Sink {
  return { place: (index) => ({ out: images, at: index * size * size * 3 }), done() {} };
}

/** A sink that writes each image to its place in an open file. */
export function intoFile(file: Deno.FsFile, size: number): Sink {
  const image = new Uint8Array(size * size * 3);
  return {
    place: () => ({ out: image, at: 0 }),
    done(index) {
      file.seekSync(index * image.length, Deno.SeekMode.Start);
      for (let at = 0; at < image.length;) at += file.writeSync(image.subarray(at));
    },
  };
}
