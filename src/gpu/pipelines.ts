/**
 * Compiled kernels and their bindings. A pipeline depends on kernel, entry and constants alone, so a device keeps every
 * one it has compiled: an evaluation in the middle of a run compiles nothing that an earlier one did.
 */
import { AssayError, failure } from "../base/error.ts";
import type { Device } from "./device.ts";
import { placeOf, type Plan } from "./planner.ts";
import type { Dispatch } from "./program.ts";

/** The pipeline of a dispatch. Errors: the compiler's, naming kernel and dispatch. */
export function pipelineOf(device: Device, d: Dispatch): Promise<GPUComputePipeline> {
  let own = device.compiled.get(d.kernel);
  if (!own) device.compiled.set(d.kernel, own = new Map());
  const key = JSON.stringify([d.entry, d.header, d.overrides]);
  let pipeline = own.get(key);
  if (!pipeline) own.set(key, pipeline = compile(device, d));
  return pipeline;
}

async function compile({ raw }: Device, d: Dispatch): Promise<GPUComputePipeline> {
  raw.pushErrorScope("validation");
  const module = raw.createShaderModule({ label: d.kernel.name, code: d.kernel.expand(d.header) });
  const pipeline = raw.createComputePipeline({
    label: `${d.kernel.name}.${d.entry}`,
    layout: "auto",
    compute: { module, entryPoint: d.entry, constants: { ...d.overrides } },
  });
  const error = await raw.popErrorScope();
  if (error) {
    throw new AssayError(`Cannot compile kernel "${d.kernel.name}" for "${d.label}": ${error.message}`);
  }
  return pipeline;
}

/**
 * The bind group of dispatch `index` of a plan. Errors: a value beyond the adapter's binding limit, a binding that the
 * driver refuses.
 */
export async function bindGroupOf(
  device: Device,
  plan: Plan,
  index: number,
  pipeline: GPUComputePipeline,
  bufferOf: (key: string) => GPUBuffer,
): Promise<GPUBindGroup> {
  const d = plan.program.dispatches[index]!;
  const { storage, uniform, step } = d.kernel.interface;
  const limit = device.raw.limits.maxStorageBufferBindingSize;
  const entries: GPUBindGroupEntry[] = [];
  for (const map of [d.read, d.write, d.update]) {
    for (const [name, value] of map) {
      if (value.bytes > limit) {
        throw failure({
          operation: "bind",
          object: `${value} to "${d.label}"`,
          required: `a binding may have ${limit} bytes on this adapter`,
          found: `${value.bytes} bytes`,
          wayOut: "use a smaller batch, image or encoder",
        });
      }
      const place = placeOf(plan, value);
      // Rounded up to whole vec4s: the placement's padding belongs to the value.
      const size = Math.ceil(value.bytes / 16) * 16;
      entries.push({
        binding: storage.get(name)!,
        resource: { buffer: bufferOf(place.buffer), offset: place.offset, size },
      });
    }
  }
  if (uniform) {
    const offset = plan.uniformOffsets[index]!;
    const size = d.uniform!.byteLength;
    entries.push({ binding: uniform.binding, resource: { buffer: bufferOf("uniforms"), offset, size } });
  }
  if (step !== undefined) entries.push({ binding: step, resource: { buffer: bufferOf("step") } });
  device.raw.pushErrorScope("validation");
  const layout = pipeline.getBindGroupLayout(0);
  const group = device.raw.createBindGroup({ label: d.label, layout, entries });
  const error = await device.raw.popErrorScope();
  if (error) throw new AssayError(`Cannot bind "${d.label}": ${error.message}`);
  return group;
}
