/** The records of a head store: where each lies in the file, and what a row is that was never visited. */
import { failure } from "../../base/error.ts";
import { PhiloxStream, PURPOSE } from "../../base/random.ts";
import { torchDefault } from "../../nn/initialise.ts";
import type { StoreFile } from "./file.ts";
import { HEADER_BYTES, type HeadStoreSpec, recordBytes, type Row } from "./format.ts";

/** Rows of a batch, side by side in the order asked for. */
export interface LoadedRows {
  /** (B, 3, width): weights, first moment, second moment. */
  readonly data: Float32Array<ArrayBuffer>;
  /** Step that visited each row last, -1 for none. */
  readonly lastVisits: Int32Array<ArrayBuffer>;
}

/** Second counter word of a row's initial weights; the first is a constant of this use. */
const STREAM = 0x68656164; // "head"

export class Records {
  readonly #stride: number;
  readonly #initial;

  constructor(readonly path: string, readonly spec: HeadStoreSpec, readonly file: StoreFile) {
    this.#stride = recordBytes(spec.width);
    this.#initial = torchDefault(spec.width);
  }

  /** The bytes of a row's record; zeros where it was never written. Errors: a row past the end. */
  async read(row: number): Promise<Uint8Array<ArrayBuffer>> {
    this.check(row);
    return await this.file.read(HEADER_BYTES + row * this.#stride, this.#stride);
  }

  /** Writes a row's record; an empty one makes the row never visited. Errors: a row past the end. */
  async write(row: number, record: Uint8Array): Promise<void> {
    this.check(row);
    const bytes = record.length === 0 ? new Uint8Array(this.#stride) : record;
    await this.file.write(HEADER_BYTES + row * this.#stride, bytes);
  }

  /** A row before its first visit: weights as a linear layer starts, from (seed, row); moments 0. */
  initial(row: number): Row {
    const { seed, width } = this.spec;
    const data = new Float32Array(3 * width);
    const stream = new PhiloxStream([seed, PURPOSE.initialise], [STREAM, row, 0]);
    data.set(this.#initial(stream, width));
    return { data, lastVisit: -1 };
  }

  /** Throws for a row that the store has not. */
  check(row: number): void {
    if (Number.isInteger(row) && row >= 0 && row < this.spec.rows) return;
    throw failure({
      operation: "visit",
      object: `row ${row} of head store "${this.path}"`,
      required: `rows are numbered 0 to ${this.spec.rows - 1}`,
      found: String(row),
      wayOut: "make the store for as many rows as there are images",
    });
  }
}
