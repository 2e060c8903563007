/** Progress of a run: one line that is rewritten on a terminal, plain lines elsewhere. */
import { bytes } from "../base/text.ts";

export interface ProgressState {
  readonly step: number;
  readonly loss: number;
  readonly stepMs: number;
}

export interface Progress {
  update(state: ProgressState): void;
  done(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly steps: number;
  readonly batch: number;
  /** Bytes the run holds on the device. */
  readonly allocated: () => number;
  readonly write?: (text: string) => void;
  readonly terminal?: boolean;
  /** Seconds between plain lines. Default 30. */
  readonly every?: number;
}

/** A progress display for one run. */
export function progressOf(options: ProgressOptions): Progress {
  const { label, steps, batch, every = 30 } = options;
  const encoder = new TextEncoder();
  const write = options.write ?? ((text) => void Deno.stderr.writeSync(encoder.encode(text)));
  const terminal = options.terminal ?? Deno.stderr.isTerminal();
  let last = -Infinity;
  const line = ({ step, loss, stepMs }: ProgressState): string => {
    const left = (steps - step) * stepMs / 1000;
    const rate = (batch * 1000 / stepMs).toFixed(0);
    return `${label} ${bar(step / steps)} ${step}/${steps} loss ${loss.toFixed(4)} ${rate} images/s ${
      bytes(options.allocated())
    } ${duration(left)} left`;
  };
  return {
    update(state) {
      if (terminal) return write(`\r\x1b[2K${line(state)}`);
      const now = performance.now() / 1000;
      if (now - last < every && state.step < steps) return;
      last = now;
      write(`${line(state)}\n`);
    },
    done() {
      if (terminal) write("\n");
    },
  };
}

function bar(share: number): string {
  const width = 20;
  const full = Math.round(share * width);
  return `[${"#".repeat(full)}${".".repeat(width - full)}]`;
}

function duration(seconds: number): string {
  const s = Math.round(seconds);
  const pad = (n: number): string => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)}:${pad(s % 60)}`
    : `${Math.floor(s / 3600)}:${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
}
