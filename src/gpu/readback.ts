/**
 * Values taken back after every step without losing time: each step's copy goes into a staging buffer of its own, and
 * mapping is answered a step or more later.
 *
 * Deno blocks in `mapAsync` until the device is idle and lets 10 ms pass before the promise resolves, but the bytes can
 * be read as soon as the call returns. That is tried when the buffers are made; where it does not hold, the promise is awaited.
 */
import { AssayError } from "../base/error.ts";
import type { Device } from "./device.ts";

/** A range of a storage buffer to copy. */
export interface Part {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** A copy under way: the number of its staging buffer. */
export type Capture = number;

export class Readback {
  /** Resolves when a staging buffer may be copied into again. */
  readonly #free: (Promise<void> | undefined)[];
  readonly #taken: boolean[];
  #next = 0;

  private constructor(
    readonly device: Device,
    readonly buffers: readonly GPUBuffer[],
    readonly parts: readonly Part[],
    /** Whether bytes can be read before the mapping's promise resolves. */
    readonly immediate: boolean,
  ) {
    this.#free = buffers.map(() => undefined);
    this.#taken = buffers.map(() => true);
  }

  /** Maps every buffer once, which Deno needs before it can be asked early, and tries whether asking early works. */
  static async open(
    device: Device,
    buffers: readonly GPUBuffer[],
    parts: readonly Part[],
  ): Promise<Readback> {
    let immediate = true;
    for (const [i, buffer] of buffers.entries()) {
      for (const word of [i + 1, ~i >>> 0]) {
        device.raw.queue.writeBuffer(buffer, 0, Uint32Array.of(word));
        device.raw.queue.submit([]); // an upload begins with the next submit
        const first = word === i + 1;
        const mapped = buffer.mapAsync(GPUMapMode.READ);
        if (first) await mapped;
        immediate &&= wordOf(buffer) === word;
        await mapped;
        buffer.unmap();
      }
    }
    return new Readback(device, buffers, parts, immediate);
  }

  /** Copies the values as the steps submitted so far leave them. Waits if the staging buffer is still mapped. */
  async capture(): Promise<Capture> {
    const turn = this.#next;
    this.#next = (turn + 1) % this.buffers.length;
    if (!this.#taken[turn]) {
      throw new AssayError(
        `Cannot copy values back: at most ${this.buffers.length} steps may wait, take the oldest first.`,
      );
    }
    await this.#free[turn];
    this.device.check("copy values back");
    const encoder = this.device.raw.createCommandEncoder({ label: "readback" });
    let at = 0;
    for (const { buffer, offset, bytes } of this.parts) {
      encoder.copyBufferToBuffer(buffer, offset, this.buffers[turn]!, at, bytes);
      at += bytes;
    }
    this.device.raw.queue.submit([encoder.finish()]);
    this.#taken[turn] = false;
    return turn;
  }

  /** The values of a capture, one array each. In Deno this blocks until the device is idle. */
  async take(capture: Capture): Promise<Uint8Array<ArrayBuffer>[]> {
    const buffer = this.buffers[capture]!;
    this.device.check("take values back");
    const mapped = buffer.mapAsync(GPUMapMode.READ);
    let values: Uint8Array<ArrayBuffer>[];
    if (this.immediate) {
      values = this.#split(buffer);
      this.#free[capture] = mapped.then(() => buffer.unmap(), () => {});
    } else {
      await mapped;
      values = this.#split(buffer);
      buffer.unmap();
    }
    this.#taken[capture] = true;
    this.device.check("take values back");
    return values;
  }

  #split(buffer: GPUBuffer): Uint8Array<ArrayBuffer>[] {
    const all = new Uint8Array(buffer.getMappedRange());
    let at = 0;
    return this.parts.map(({ bytes }) => all.slice(at, at += bytes));
  }

  /** Waits until no staging buffer is mapped. */
  async idle(): Promise<void> {
    await Promise.all(this.#free);
  }
}

/** First word of a buffer being mapped, or undefined where it cannot be read yet. */
function wordOf(buffer: GPUBuffer): number | undefined {
  try {
    return new Uint32Array(buffer.getMappedRange(0, 4))[0];
  } catch {
    return undefined;
  }
}
