/**
 * Progress on standard error: one line that is rewritten on a terminal, a plain line every ten seconds elsewhere, so
 * that a log stays readable.
 */
const PLAIN_MS = 10_000;
const TERMINAL_MS = 100;

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** A progress display named `label`. Call `end` once the work is over, whether it succeeded or not. */
export class ProgressLine {
  readonly #terminal = Deno.stderr.isTerminal();
  readonly #began = performance.now();
  #last = this.#terminal ? 0 : performance.now();
  #shown = false;

  constructor(readonly label: string) {}

  /** Free text. */
  text(what: string): void {
    const now = performance.now();
    if (now - this.#last < (this.#terminal ? TERMINAL_MS : PLAIN_MS)) return;
    this.#last = now;
    this.#shown = true;
    const line = `${this.label}: ${what}`;
    Deno.stderr.writeSync(new TextEncoder().encode(this.#terminal ? `\r\x1b[K${line}` : `${line}\n`));
  }

  /** So many of so many. */
  count(done: number, total: number): void {
    this.text(`${done} of ${total}`);
  }

  /** Bytes so far, with rate and time left; `from` is where this attempt began. */
  bytes(bytes: number, total: number | undefined, from: number): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = (bytes - from) / Math.max(seconds, 1e-3);
    const left = total === undefined || rate <= 0 ? "" : `, ${Math.ceil((total - bytes) / rate)} s left`;
    const of = total === undefined ? "" : ` of ${mebibytes(total)}`;
    const resumed = from > 0 ? `, resumed at ${mebibytes(from)}` : "";
    this.text(`${mebibytes(bytes)}${of}, ${mebibytes(rate)}/s${left}${resumed}`);
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.#shown && this.#terminal) Deno.stderr.writeSync(new TextEncoder().encode("\r\x1b[K"));
    this.#shown = false;
  }
}
