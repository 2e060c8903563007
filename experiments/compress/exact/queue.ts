/** First-in-first-out rows with a write position, as in MoCo and CompRess. */
export class Queue<T> {
  readonly slots: T[];
  #next: number;

  constructor(initial: readonly T[], start = 0) {
    this.slots = [...initial];
    this.#next = start;
  }

  /** Overwrites the oldest rows, wrapping around. */
  push(rows: readonly T[]): void {
    for (const row of rows) {
      this.slots[this.#next] = row;
      this.#next = (this.#next + 1) % this.slots.length;
    }
  }
}
