import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { float, integer, string } from "@optique/core/valueparser";
import { type FitReport, fitReport } from "../repro/fit.ts";
import { type FrontierReport, frontierReport } from "../repro/frontier.ts";
import { type PlanReport, planReport } from "../repro/plan_report.ts";
import { bytes, count, percent, table } from "../base/text.ts";
import { failure } from "../base/error.ts";
import { byteSize } from "./byte_size.ts";
import { exitCodes, parseArgs } from "./command.ts";

export const summary = "Exact peak bytes of a training step by role, before anything runs and without a GPU";

const options = object({
  method: argument(string({ metavar: "METHOD" }), { description: message`Method: a file of src/methods.` }),
  encoder: withDefault(
    option("--encoder", string({ metavar: "E" }), { description: message`Encoder, such as resnet50.` }),
    "resnet18",
  ),
  batch: withDefault(
    option("--batch", integer({ metavar: "B", min: 1 }), { description: message`Images per step.` }),
    256,
  ),
  image: withDefault(
    option("--image", integer({ metavar: "S", min: 1 }), { description: message`Side of the images.` }),
    224,
  ),
  classes: withDefault(
    option("--classes", integer({ metavar: "N", min: 1 }), { description: message`Classes of the dataset.` }),
    1000,
  ),
  images: withDefault(
    option("--images", integer({ metavar: "N", min: 1 }), {
      description: message`Images in the training set: rows of a head or bank with one row an image.`,
    }),
    1_281_167,
  ),
  optimizer: withDefault(
    option("--optimizer", string({ metavar: "O" }), { description: message`sgd, adamw or lars.` }),
    "sgd",
  ),
  width: withDefault(
    option("--width", float({ metavar: "W", min: 0.01 }), {
      description: message`Width multiplier of the encoder.`,
    }),
    1,
  ),
  keepAll: option("--no-recompute", {
    description: message`Keep every activation instead of computing cheap ones again in the backward pass.`,
  }),
  memoryBudget: optional(option("--memory-budget", byteSize(), {
    description:
      message`Compute values again until the step fits these bytes, at the least extra arithmetic.`,
  })),
  frontier: option("--frontier", {
    description: message`Print what fewer bytes cost in arithmetic, down to the least that any plan reaches.`,
  }),
  fit: option("--fit", {
    description: message`Print the largest batch that fits cards of 8 to 80 GiB; --batch is ignored.`,
  }),
  memoryLimit: optional(option("--memory-limit", byteSize(), {
    description: message`Fail when the peak is larger, such as 12GiB.`,
  })),
  json: option("--json", { description: message`Print JSON.` }),
});

export async function run(args: readonly string[]): Promise<number> {
  const { keepAll, json, memoryLimit, memoryBudget, frontier, fit, ...rest } = parseArgs(
    {
      name: "plan",
      summary,
      examples: message`./run plan supervised --encoder resnet50 --batch 256 --image 224`,
    },
    options,
    args,
  );
  if (memoryBudget !== undefined && (keepAll || frontier || fit)) {
    throw failure({
      operation: "use",
      object: "--memory-budget",
      required: "a budget alone decides what is computed again",
      found: keepAll
        ? "--no-recompute beside it"
        : "--frontier or --fit beside it, which have budgets of their own",
      wayOut: "leave one of the two out",
    });
  }
  const request = { ...rest, recompute: !keepAll, ...(memoryBudget !== undefined && { memoryBudget }) };
  if (frontier) {
    const report = await frontierReport(request);
    console.log(json ? JSON.stringify(report, null, 2) : readableFrontier(report));
    return exitCodes.ok;
  }
  if (fit) {
    const { batch: _, ...step } = request;
    const report = await fitReport(step);
    console.log(json ? JSON.stringify(report, null, 2) : readableFit(report));
    return exitCodes.ok;
  }
  const report = await planReport(request);
  console.log(json ? JSON.stringify(report, null, 2) : readable(report));
  if (memoryLimit !== undefined && report.peakBytes > memoryLimit) {
    throw failure({
      operation: "fit",
      object:
        `${report.method} with ${report.encoder}, batch ${report.batch}, ${report.image}x${report.image}`,
      required: `the peak must be at most ${bytes(memoryLimit)} (${count(memoryLimit)} bytes)`,
      found: `${bytes(report.peakBytes)} (${count(report.peakBytes)} bytes)`,
      wayOut: "use --memory-budget, a smaller batch, image or encoder, or one view",
    });
  }
  return exitCodes.ok;
}

function readable(r: PlanReport): string {
  const roles = Object.entries(r.roles).filter(([, n]) => n > 0).map((
    [role, n],
  ) => [role, bytes(n), count(n)]);
  return [
    `${r.method}, ${r.encoder}, batch ${r.batch}, ${r.image}x${r.image}, ${r.optimizer}: ${
      count(r.parameters)
    } parameters`,
    "",
    table([["role", "size", "bytes"], ...roles, ["peak", bytes(r.peakBytes), count(r.peakBytes)]], "lrr"),
    "",
    `No placement needs less than ${count(r.lowerBoundBytes)} bytes: waste ${percent(r.waste)}.`,
    `${(r.flopsPerStep / 1e9).toFixed(1)} GFLOP and ${count(r.dispatches)} dispatches a step; program ${
      r.programHash.slice(0, 16)
    }.`,
    "",
    `The largest binding, ${r.largestBinding.label}, has ${
      count(r.largestBinding.bytes)
    } bytes: maxStorageBufferBindingSize must allow it.`,
    "",
    "Largest activations at the peak:",
    table([["value", "bytes"], ...r.largest.map((v) => [v.label, count(v.bytes)])], "lr"),
  ].join("\n");
}

/** Columns that the longest bar of the frontier takes. */
const BAR = 40;

function readableFrontier(r: FrontierReport): string {
  const most = Math.max(...r.points.map((p) => p.peakBytes));
  const rows = r.points.map((p) => [
    p.name,
    bytes(p.peakBytes),
    count(p.peakBytes),
    percent(p.moreFlops, 2),
    count(p.dispatches),
    "█".repeat(Math.max(1, Math.round(BAR * p.peakBytes / most))),
  ]);
  return [
    `${r.method}, ${r.encoder}, batch ${r.batch}, ${r.image}x${r.image}, ${r.optimizer}: peak against arithmetic`,
    "",
    table([["plan", "size", "bytes", "more operations", "dispatches", "peak"], ...rows], "lrrrrl"),
    "",
    `The same bits under every plan. The curve has ${r.curve.length} plans; --json lists them, --memory-budget picks one.`,
  ].join("\n");
}

function readableFit(r: FitReport): string {
  return [
    `${r.method}, ${r.encoder}, ${r.image}x${r.image}, ${r.optimizer}: largest batch by memory, all of it counted`,
    "",
    table([
      ["card", "batch", "peak", "bytes"],
      ...r.cards.map((c) => [`${c.gibibytes} GiB`, count(c.batch), bytes(c.peakBytes), count(c.peakBytes)]),
    ], "rrrr"),
  ].join("\n");
}
