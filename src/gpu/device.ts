/**
 * The adapter and device behind one capability record. Deno's WebGPU lists fewer features than it grants, loses
 * devices without a callback and cannot report an out-of-memory reliably on software drivers, so this file
 * asks by trying, keeps its own ledger of bytes and its own `lost` flag.
 */
import { AssayError, failure } from "../base/error.ts";
import { type Role, ROLES } from "../base/roles.ts";
import type { Kernel } from "./kernel.ts";
import type { Target } from "./program.ts";

export interface DeviceOptions {
  /** Most bytes the program may allocate; an allocation past it is refused before the driver sees it. */
  readonly memoryLimit?: number;
  /** Set to false to run the portable kernels although the adapter has subgroups. */
  readonly subgroups?: boolean;
}

/** What identifies adapter and driver in a report. */
export interface Fingerprint {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly fallback: boolean;
  readonly runtime: string;
}

export interface Capabilities {
  /** Fixed subgroup size, or 0 when subgroups are absent, off, or vary in size. */
  readonly subgroupSize: number;
  readonly timestamps: boolean;
  readonly f16: boolean;
}

/** Features asked for, most wanted first; each is dropped alone if the adapter refuses it. */
const WANTED = ["subgroups", "timestamp-query", "shader-f16"] as const;

/** Limits raised to the adapter's own values, because kernels or arenas need more than WebGPU's defaults. */
const RAISED = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

/**
 * An open adapter with its capabilities and a ledger of what is allocated on it. `Device.open` asks for one; errors: no
 * adapter, or one that lacks what every kernel needs. Sizes are in bytes.
 */
export class Device {
  /** Bytes allocated now, by role. */
  readonly allocated: Record<Role, number> = Object.fromEntries(ROLES.map((r) => [r, 0])) as Record<
    Role,
    number
  >;
  /** Pipelines compiled so far, by kernel and by what else they depend on: `pipelineOf` fills it. */
  readonly compiled = new WeakMap<Kernel, Map<string, Promise<GPUComputePipeline>>>();
  /** Largest sum of allocated bytes since the device was opened. */
  peakBytes = 0;
  #lost: string | undefined;

  private constructor(
    readonly raw: GPUDevice,
    readonly fingerprint: Fingerprint,
    readonly capabilities: Capabilities,
    readonly features: readonly string[],
    readonly memoryLimit: number,
  ) {
    raw.lost.then((info) => this.#lost ??= info.message || info.reason);
    raw.addEventListener("uncapturederror", (event) => {
      this.#uncaptured ??= (event as GPUUncapturedErrorEvent).error.message;
    });
  }
  #uncaptured: string | undefined;

  /** Opens the adapter that the environment prefers. Throws when there is none. */
  static async open(options: DeviceOptions = {}): Promise<Device> {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
    if (!adapter) {
      const asked = Deno.env.get("DENO_WEBGPU_BACKEND");
      throw failure({
        operation: "open",
        object: "a WebGPU adapter",
        required: "a Vulkan, Metal or D3D12 driver must be installed",
        found: asked ? `none for DENO_WEBGPU_BACKEND=${asked}` : "none",
        wayOut: asked && asked !== "vulkan"
          ? "unset DENO_WEBGPU_BACKEND or set it to vulkan, metal or dx12, whichever the system has"
          : "on Debian install mesa-vulkan-drivers for the software adapter, or a driver for your GPU",
      });
    }
    const limits: Record<string, number> = {};
    for (const name of RAISED) limits[name] = adapter.limits[name];
    const { raw, features } = await requestWithLadder(adapter, limits);
    const { info } = adapter;
    const fixed = info.subgroupMinSize !== undefined && info.subgroupMinSize === info.subgroupMaxSize;
    const subgroups = features.includes("subgroups") && options.subgroups !== false && fixed;
    return new Device(
      raw,
      {
        vendor: info.vendor,
        architecture: info.architecture,
        device: info.device,
        description: info.description,
        fallback: info.isFallbackAdapter ?? false,
        runtime: `Deno ${Deno.version.deno}`,
      },
      {
        subgroupSize: subgroups ? info.subgroupMinSize! : 0,
        timestamps: features.includes("timestamp-query"),
        f16: features.includes("shader-f16"),
      },
      features,
      options.memoryLimit ?? Infinity,
    );
  }

  /** Kernel variants this adapter runs: shuffles among 8 lanes where subgroups hold a multiple of 8, among 4 where 4. */
  get target(): Target {
    const size = this.capabilities.subgroupSize;
    return { lanes: size > 0 && size % 8 === 0 ? 8 : size === 4 ? 4 : 0 };
  }

  /** Sum of allocated bytes. */
  get allocatedBytes(): number {
    return ROLES.reduce((sum, role) => sum + this.allocated[role], 0);
  }

  /** Throws when the device is lost or the driver reported an error that no error scope caught. */
  check(operation: string): void {
    if (this.#lost !== undefined) {
      throw failure({
        operation,
        object: `on "${this.fingerprint.description || this.fingerprint.device}"`,
        required: "the device must be alive",
        found: `device lost (${this.#lost})`,
        wayOut: "start again; a run resumes from its last checkpoint",
      });
    }
    if (this.#uncaptured !== undefined) {
      const message = this.#uncaptured;
      this.#uncaptured = undefined;
      throw new AssayError(`Cannot ${operation}: the driver reported "${message}".`);
    }
  }

  /** Allocates a labelled buffer under the budget; driver refusals become errors here, not later. */
  async buffer(label: string, bytes: number, usage: number, role: Role): Promise<GPUBuffer> {
    this.check(`allocate "${label}"`);
    const limit = this.raw.limits.maxBufferSize;
    if (bytes > limit) {
      throw failure({
        operation: "allocate",
        object: `"${label}"`,
        required: `a buffer may have ${limit} bytes on this adapter`,
        found: `${bytes} bytes`,
        wayOut: "use a smaller batch, image or encoder",
      });
    }
    if (this.allocatedBytes + bytes > this.memoryLimit) {
      throw failure({
        operation: "allocate",
        object: `"${label}" (${bytes} bytes)`,
        required: `all buffers together must stay within the memory limit of ${this.memoryLimit} bytes`,
        found: `${this.allocatedBytes} bytes allocated already`,
        wayOut: "raise --memory-limit or use a smaller batch, image or encoder",
      });
    }
    this.raw.pushErrorScope("out-of-memory");
    this.raw.pushErrorScope("validation");
    const buffer = this.raw.createBuffer({ label, size: bytes, usage });
    const invalid = await this.raw.popErrorScope();
    const full = await this.raw.popErrorScope();
    if (invalid || full) {
      buffer.destroy();
      throw failure({
        operation: "allocate",
        object: `"${label}" (${bytes} bytes)`,
        required: "the driver must grant the buffer",
        found: full ? "out of memory" : invalid!.message,
        wayOut: "free memory on the adapter or use a smaller batch, image or encoder",
      });
    }
    this.allocated[role] += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.allocatedBytes);
    return buffer;
  }

  /** Gives a buffer back. Buffers that are only dropped are not collected under pressure. */
  release(buffer: GPUBuffer, role: Role): void {
    this.allocated[role] -= buffer.size;
    buffer.destroy();
  }

  /** Ends the device and all its buffers. */
  close(): void {
    this.#lost ??= "closed";
    this.raw.destroy();
  }
}

async function requestWithLadder(adapter: GPUAdapter, limits: Record<string, number>) {
  const features: GPUFeatureName[] = [];
  for (const feature of WANTED) {
    // A device is the only way to ask: the adapter's list leaves out features that it grants.
    try {
      const probe = await adapter.requestDevice({ requiredFeatures: [feature] });
      probe.destroy();
      features.push(feature);
    } catch {
      continue;
    }
  }
  try {
    const raw = await adapter.requestDevice({
      label: "assay",
      requiredFeatures: features,
      requiredLimits: limits,
    });
    return { raw, features };
  } catch (cause) {
    throw failure({
      operation: "open",
      object: `adapter "${adapter.info.description || adapter.info.device}"`,
      required: "it must grant its own limits",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "update the driver",
    }, cause);
  }
}
