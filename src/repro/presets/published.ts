/**
 * Published settings, by method and data set. A preset names the file and revision that states it; a test compares every
 * field with the values transcribed in configurations/. What no source states is listed as an assumption.
 */
import { type AssayError, failure } from "../../base/error.ts";
import { nearest } from "../../base/nearest.ts";
import { AUTHORS } from "./authors.ts";
import type { DifferenceId } from "./differences.ts";
import { INSTANCE } from "./instance.ts";
import { specSchema } from "../../record/spec/spec.ts";
import type { Part } from "../table/part.ts";
import type { PublishedPreset, PublishedSpec } from "./preset.ts";
import { SOLO_LEARN } from "./solo_learn.ts";

/** Every published preset. */
export const PUBLISHED: readonly PublishedPreset[] = [...SOLO_LEARN, ...INSTANCE, ...AUTHORS];

/** Where a data set has no settings of its own: those of another are used, and the report says so. */
const STANDS_FOR: Readonly<Record<string, StandIn>> = {
  "cifar10-jpeg": { dataset: "cifar10", differs: "jpeg-images" },
  "cifar100": { dataset: "cifar10", differs: "other-dataset" },
  // its other presets train a ResNet-18
  "imagenet-100": { dataset: "imagenet-1k", differs: "larger-dataset", encoder: "resnet18" },
};

interface StandIn {
  readonly dataset: string;
  readonly differs: DifferenceId;
  readonly encoder?: string;
}

/**
 * The published settings of a method on a data set (a manifest's name). Errors: none is recorded; the message names
 * the data sets that the method has.
 */
export function published(method: string, dataset: string): PublishedPreset {
  const preset = find(method, dataset);
  if (preset) return preset;
  throw unknown(method, dataset, PUBLISHED.filter(({ spec }) => spec.method === method));
}

/** What the preset of a method on a data set decides of a row of a table, or undefined where none is recorded. */
export function publishedPart(method: string, dataset: string): Part | undefined {
  const preset = find(method, dataset);
  if (!preset) return undefined;
  const { encoder, views, batch, optimizer, stop, data } = preset.spec;
  const [{ size }] = views as [PublishedSpec["views"][number]];
  const hyper = specSchema.shape.hyper.parse(preset.spec.hyper ?? {});
  return { hyper, encoder, views, size, stored: data.train.size, batch, optimizer, ...stop };
}

function find(method: string, dataset: string): PublishedPreset | undefined {
  const on = (name: string) =>
    PUBLISHED.find(({ spec }) => spec.method === method && spec.data.train.name === name);
  const exact = on(dataset);
  if (exact) return exact;
  const other = STANDS_FOR[dataset];
  const near = other && on(other.dataset);
  return near && standIn(near, dataset, other);
}

function standIn(preset: PublishedPreset, name: string, { differs, encoder }: StandIn): PublishedPreset {
  const { spec } = preset;
  const data = Object.fromEntries(
    Object.entries(spec.data).map(([use, split]) => [use, { ...split, name }]),
  ) as PublishedSpec["data"];
  const own = { ...spec, data, ...(encoder && { encoder: { ...spec.encoder, name: encoder } }) };
  return { ...preset, spec: own, differs: [...preset.differs, differs] };
}

function unknown(method: string, dataset: string, own: readonly PublishedPreset[]): AssayError {
  const near = nearest(method, [...new Set(PUBLISHED.map(({ spec }) => spec.method))]);
  return failure({
    operation: "use",
    object: `the published settings of "${method}" on "${dataset}"`,
    required: "a preset must be recorded for the two",
    found: own.length > 0
      ? `"${method}" on ${own.map(({ spec }) => spec.data.train.name).join(", ")}`
      : `none of "${method}"${near === undefined ? "" : ` (is it "${near}"?)`}`,
    wayOut: own.length > 0 ? "choose one of these data sets or another --scale" : "choose another --scale",
  });
}
