/**
 * A plan on a device: buffers, pipelines and bind groups made once, then replays. A replay encodes one compute pass,
 * writes the step uniform and waits for nothing; only `read` waits.
 */
import { AssayError } from "../base/error.ts";
import type { Device } from "./device.ts";
import { bindGroupOf, pipelineOf } from "./pipelines.ts";
import { placeOf, type Plan, STAGING_BYTES, STEP_UNIFORM_BYTES } from "./planner.ts";
import type { Dispatch } from "./program.ts";
import { Readback } from "./readback.ts";
import { selected, type Selection } from "./selection.ts";
import { type Arena, Value } from "./value.ts";
import { type Role } from "../base/roles.ts";

export interface ReplayOptions extends Selection {
  /** Values of step scalars; f32 unless the name was declared with `u32`. */
  readonly scalars?: Readonly<Record<string, number>>;
}

export type Data = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Submits between two empty submits that let the driver drop its upload staging. */
const WRITES_PER_FLUSH = 64;

export class Session {
  readonly #buffers = new Map<string, { buffer: GPUBuffer; role: Role }>();
  readonly #pipelines: GPUComputePipeline[] = [];
  readonly #groups: GPUBindGroup[] = [];
  readonly #readbacks = new Map<string, Readback>();
  readonly #stepWords = new Uint32Array(STEP_UNIFORM_BYTES / 4);
  readonly #stepFloats = new Float32Array(this.#stepWords.buffer);
  #writes = 0;
  /** The staging buffer serves one download at a time; later ones queue here. */
  #reading: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(readonly device: Device, readonly plan: Plan, readonly lender: Session | undefined) {}

  /**
   * Allocates exactly `plan.peakBytes` and compiles every pipeline. On failure everything is given back. `lender` owns
   * the arenas that the program borrows and must stay open as long.
   */
  static async bind(device: Device, plan: Plan, lender?: Session): Promise<Session> {
    for (const arena of plan.program.borrowed) {
      if (!lender?.plan.program.arenas.includes(arena)) {
        throw new AssayError(
          `Cannot bind a program that borrows arena "${arena.name}": the session that owns it must be given as lender.`,
        );
      }
    }
    const session = new Session(device, plan, lender);
    try {
      await session.#allocate();
      await session.#compile();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  async #allocate(): Promise<void> {
    const { plan } = this;
    const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const uniform = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const make = async (key: string, bytes: number, usage: number, role: Role): Promise<void> => {
      if (bytes === 0) return;
      this.#buffers.set(key, { buffer: await this.device.buffer(key, bytes, usage, role), role });
    };
    for (const arena of plan.program.arenas) {
      await make(`arena:${arena.name}`, arena.bytes, storage, arena.role);
    }
    for (const [i, bytes] of plan.heaps.entries()) await make(`heap:${i}`, bytes, storage, "activations");
    await make("uniforms", plan.uniforms.byteLength, uniform, "io");
    await make("step", STEP_UNIFORM_BYTES, uniform, "io");
    const staging = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    await make("staging", STAGING_BYTES, staging, "io");
    for (const [name, { values, copies }] of plan.program.readbacks) {
      const keys = Array.from({ length: copies }, (_, i) => `readback:${name}:${i}`);
      for (const key of keys) await make(key, values.reduce((sum, v) => sum + v.bytes, 0), staging, "io");
      const parts = values.map((value) => {
        const { buffer, offset } = this.#place(value);
        return { buffer: this.#buffer(buffer), offset, bytes: value.bytes };
      });
      this.#readbacks.set(
        name,
        await Readback.open(this.device, keys.map((key) => this.#buffer(key)), parts),
      );
    }
    this.device.raw.queue.writeBuffer(this.#buffer("uniforms"), 0, plan.uniforms);
    for (const [value, data] of plan.program.constants) this.write(value, data);
  }

  async #compile(): Promise<void> {
    const { device, plan } = this;
    for (const [i, d] of plan.program.dispatches.entries()) {
      const pipeline = await pipelineOf(device, d);
      this.#pipelines.push(pipeline);
      this.#groups.push(await bindGroupOf(device, plan, i, pipeline, (key) => this.#buffer(key)));
    }
  }

  #buffer(key: string): GPUBuffer {
    const found = this.#buffers.get(key) ?? this.#lent(key);
    if (!found || this.#closed) throw new AssayError(`Cannot use buffer "${key}": the session is closed.`);
    return found.buffer;
  }

  #lent(key: string): { buffer: GPUBuffer; role: Role } | undefined {
    const borrowed = this.plan.program.borrowed.some((arena) => `arena:${arena.name}` === key);
    return borrowed && this.lender ? this.lender.#buffers.get(key) : undefined;
  }

  /** Bytes of the buffers this session holds, as the driver made them. */
  get allocatedBytes(): number {
    let sum = 0;
    for (const { buffer } of this.#buffers.values()) sum += buffer.size;
    return sum;
  }

  /** Whether the buffers were given back. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Runs the recorded step once, as one compute pass in one submit. Does not wait. */
  replay(options: ReplayOptions = {}): void {
    this.device.check("replay a step");
    if (this.closed || this.lender?.closed) {
      const whose = this.closed ? "the session" : "the session that lends it arenas";
      throw new AssayError(`Cannot replay a step: ${whose} is closed.`);
    }
    const wanted = selected(this.plan.program.dispatches, options);
    this.#setScalars(options.scalars ?? {});
    const encoder = this.device.raw.createCommandEncoder({ label: "step" });
    const pass = encoder.beginComputePass({ label: "step" });
    this.#encode(pass, wanted);
    pass.end();
    this.device.raw.queue.submit([encoder.finish()]);
  }

  #encode(pass: GPUComputePassEncoder, wanted: (d: Dispatch) => boolean): void {
    let current: GPUComputePipeline | undefined;
    this.plan.program.dispatches.forEach((d, i) => {
      if (!wanted(d)) return;
      const pipeline = this.#pipelines[i]!;
      if (pipeline !== current) pass.setPipeline(current = pipeline);
      pass.setBindGroup(0, this.#groups[i]!);
      pass.dispatchWorkgroups(...d.workgroups);
    });
  }

  /** Runs one dispatch in a pass of its own; what the profiler times. */
  replayOne(index: number, timestampWrites?: GPUComputePassTimestampWrites): void {
    const encoder = this.device.raw.createCommandEncoder();
    const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
    pass.setPipeline(this.#pipelines[index]!);
    pass.setBindGroup(0, this.#groups[index]!);
    pass.dispatchWorkgroups(...this.plan.program.dispatches[index]!.workgroups);
    pass.end();
    this.device.raw.queue.submit([encoder.finish()]);
  }

  /** Writes the step uniform; names ending in `.u32` are stored as integers. */
  #setScalars(scalars: Readonly<Record<string, number>>): void {
    const names = this.plan.program.scalars;
    for (const name of Object.keys(scalars)) {
      if (!names.includes(name)) {
        throw new AssayError(
          `Cannot replay the step: it has no scalar "${name}", it has ${names.join(", ") || "none"}.`,
        );
      }
    }
    if (names.length === 0) return;
    names.forEach((name, slot) => {
      const value = scalars[name];
      if (value === undefined) {
        throw new AssayError(`Cannot replay the step: scalar "${name}" must be given.`);
      }
      if (name.endsWith(".u32")) this.#stepWords[slot] = value;
      else this.#stepFloats[slot] = value;
    });
    this.#upload(this.#buffer("step"), 0, this.#stepWords);
  }

  /** Uploads to a pinned value or a whole arena; ordered before later replays. */
  write(target: Value | Arena, data: Data | Uint8Array<ArrayBuffer>, offsetBytes = 0): void {
    this.device.check(`write ${target instanceof Value ? target : `arena "${target.name}"`}`);
    const place = this.#place(target);
    if (offsetBytes + data.byteLength > place.bytes) {
      throw new AssayError(
        `Cannot write ${place.label}: it holds ${place.bytes} bytes, the data ends at byte ${
          offsetBytes + data.byteLength
        }.`,
      );
    }
    this.#upload(this.#buffer(place.buffer), place.offset + offsetBytes, data);
  }

  #upload(buffer: GPUBuffer, offset: number, data: Data | Uint8Array<ArrayBuffer>): void {
    this.device.raw.queue.writeBuffer(buffer, offset, data);
    if (++this.#writes >= WRITES_PER_FLUSH) {
      this.device.raw.queue.submit([]);
      this.#writes = 0;
    }
  }

  #place(target: Value | Arena): { buffer: string; offset: number; bytes: number; label: string } {
    if (!(target instanceof Value)) {
      return {
        buffer: `arena:${target.name}`,
        offset: 0,
        bytes: target.bytes,
        label: `arena "${target.name}"`,
      };
    }
    const { buffer, offset } = placeOf(this.plan, target);
    return { buffer, offset, bytes: target.bytes, label: String(target) };
  }

  /** Downloads bytes through the staging buffer: one awaited round trip per MiB. */
  readBytes(target: Value | Arena, offsetBytes = 0, length?: number): Promise<Uint8Array<ArrayBuffer>> {
    const result = this.#reading.then(() => this.#download(target, offsetBytes, length));
    this.#reading = result.catch(() => {});
    return result;
  }

  async #download(
    target: Value | Arena,
    offsetBytes: number,
    length?: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const place = this.#place(target);
    const bytes = length ?? place.bytes - offsetBytes;
    const out = new Uint8Array(bytes);
    const staging = this.#buffer("staging");
    for (let at = 0; at < bytes; at += STAGING_BYTES) {
      const size = Math.min(STAGING_BYTES, bytes - at);
      this.device.check(`read ${place.label}`);
      const encoder = this.device.raw.createCommandEncoder({ label: "read" });
      encoder.copyBufferToBuffer(
        this.#buffer(place.buffer),
        place.offset + offsetBytes + at,
        staging,
        0,
        size,
      );
      this.device.raw.queue.submit([encoder.finish()]);
      try {
        await staging.mapAsync(GPUMapMode.READ, 0, size);
      } catch (cause) {
        this.device.check(`read ${place.label}`);
        throw new AssayError(`Cannot read ${place.label}: the driver refused to map the staging buffer.`, {
          cause,
        });
      }
      out.set(new Uint8Array(staging.getMappedRange(0, size)), at);
      staging.unmap();
    }
    this.device.check(`read ${place.label}`);
    return out;
  }

  /** The staging buffers that the program planned under this name. */
  readback(name: string): Readback {
    const found = this.#readbacks.get(name);
    if (!found) {
      throw new AssayError(`Cannot read back "${name}": the program plans no readback of that name.`);
    }
    return found;
  }

  /** Downloads an f32 value or arena. */
  async read(target: Value | Arena): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array((await this.readBytes(target)).buffer);
  }

  /** Downloads a u32 value. */
  async readU32(target: Value | Arena): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array((await this.readBytes(target)).buffer);
  }

  /** Waits until everything submitted has run. */
  async done(): Promise<void> {
    await this.device.raw.queue.onSubmittedWorkDone();
    this.device.check("finish the submitted steps");
  }

  /** Gives every buffer back. */
  close(): void {
    if (this.#closed) return;
    for (const { buffer, role } of this.#buffers.values()) this.device.release(buffer, role);
    this.#buffers.clear();
    this.#closed = true;
  }
}
