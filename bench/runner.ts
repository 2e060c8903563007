/** One trainer in a worker of its own: what it must offer, and the messages between it and the benchmark. */
import type { WorkloadName } from "./workloads.ts";

/** Wall-clock milliseconds of one run. */
export interface Timing {
  /** From the call until its result is on the host, awaited. */
  readonly awaitedMs: number;
  /** From the submit until the adapter has finished, where the trainer lets us see it. */
  readonly submittedMs?: number;
}

/** One list of numbers for each result of a workload. */
export type Samples = readonly (readonly number[])[];

export interface Workload {
  /** Results to compare between trainers, one list each: sampled elements, or losses of the first steps. */
  values(): Promise<Samples>;
  time(): Promise<Timing>;
  /** Bytes on the adapter now, or undefined where the trainer does not count them. */
  bytes(): number | undefined;
  close(): void;
}

export type Open = (name: WorkloadName) => Promise<Workload>;

type Request = { readonly call: "open"; readonly name: WorkloadName } | {
  readonly call: "values" | "time" | "bytes" | "close";
};

/** Answers the benchmark's messages; the last line of every runner. */
export function serve(open: Open): void {
  const scope = self as unknown as {
    onmessage: (event: MessageEvent<Request>) => void;
    postMessage(message: unknown): void;
  };
  let workload: Workload | undefined;
  scope.onmessage = async ({ data }) => {
    try {
      if (data.call === "open") workload = await open(data.name);
      const result = data.call === "open" ? undefined : await workload![data.call]();
      scope.postMessage({ result });
    } catch (error) {
      scope.postMessage({ error: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** The benchmark's side of one worker. */
export class Remote {
  readonly #worker: Worker;

  constructor(readonly name: string, file: string) {
    this.#worker = new Worker(new URL(file, import.meta.url), { type: "module", name });
  }

  open(name: WorkloadName): Promise<void> {
    return this.#ask({ call: "open", name });
  }

  values(): Promise<Samples> {
    return this.#ask({ call: "values" });
  }

  time(): Promise<Timing> {
    return this.#ask({ call: "time" });
  }

  bytes(): Promise<number | undefined> {
    return this.#ask({ call: "bytes" });
  }

  close(): Promise<void> {
    return this.#ask({ call: "close" });
  }

  terminate(): void {
    this.#worker.terminate();
  }

  #ask<T>(request: Request): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<{ result: T; error?: string }>) =>
        data.error === undefined
          ? resolve(data.result)
          : reject(new Error(`${this.name} failed to ${request.call}: ${data.error}`));
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`${this.name} stopped: ${event.message}`));
      };
      this.#worker.postMessage(request);
    });
  }
}
