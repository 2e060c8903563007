/** A head on disk against a dense head of the same linear task, by order of batches and treatment of waiting rows. */
import { type Multistep, MultistepPlan } from "../../../src/nn/multistep.ts";
import type { SideTable } from "../../exact/side_table.ts";
import type { Check } from "../../exact/check.ts";
import { relative } from "../../exact/differences.ts";
import { adamw } from "./closed_form.ts";
import * as reference from "./multistep_reference.ts";

const TASK = { images: 40, batch: 8, inputs: 12, features: 6, epochs: 30, smoothing: 0.1 };

/** Relative difference of the trained encoder from the one with a dense head. */
export function drift(order: "cyclic" | "reshuffled", change: Partial<Multistep>, eps = 0): number {
  const steps = reference.batchOrder(TASK, order);
  const numbers = adamw(1e-2, 0.05, eps);
  const plan = new MultistepPlan({
    mode: "eager",
    period: TASK.images / TASK.batch,
    firstVisitDecay: true,
    ...numbers,
    ...change,
  });
  const dense = reference.trainLinearHead(TASK, steps, numbers, { kind: "dense" });
  return relative(reference.trainLinearHead(TASK, steps, numbers, { kind: "rows", plan }), dense);
}

/** X5: equal in cyclic order and with true gaps, different when reshuffled with a fixed gap. */
export function denseHead(): Check[] {
  const eagerCyclic = drift("cyclic", {});
  const lazyShuffled = drift("reshuffled", { mode: "lazy" });
  const eagerShuffled = drift("reshuffled", {});
  return [
    {
      id: "X5",
      what: "cyclic order, fixed t: encoder against a dense head",
      error: eagerCyclic,
      tolerance: 1e-12,
      controls: [
        { what: "no decay before a row's first visit", error: drift("cyclic", { firstVisitDecay: false }) },
        { what: "rows that wait between visits", error: drift("cyclic", { mode: "none" }) },
      ],
    },
    {
      id: "X5",
      what: "reshuffled order, true gaps: encoder against a dense head",
      error: lazyShuffled,
      tolerance: 1e-12,
      controls: [{ what: "rows that wait between visits", error: drift("reshuffled", { mode: "none" }) }],
    },
    {
      id: "X5",
      what: "cyclic order, true gaps: encoder against a dense head",
      error: drift("cyclic", { mode: "lazy" }),
      tolerance: 1e-12,
      controls: [{ what: "a period one step too long", error: drift("cyclic", { period: 6 }) }],
    },
    {
      id: "X5",
      what: "reshuffled order, fixed t as published: encoder against a dense head",
      error: eagerShuffled,
      relation: "above",
      tolerance: 1e-2,
      controls: [
        { what: "the same in cyclic order", error: eagerCyclic },
        { what: "the same with true gaps", error: lazyShuffled },
      ],
    },
  ];
}

/** How far one visit moves a coordinate, and what the choice between updates costs. */
export function sideTable(): SideTable {
  const first = (bias: boolean): string => {
    const row = { h: new Float64Array(1), m: new Float64Array(1), v: new Float64Array(1) };
    reference.sequentialVisit(row, [1], 5004, adamw(1e-3, 0), bias ? 0 : undefined);
    return (-row.h[0]! / 1e-3).toFixed(2);
  };
  const shown = (x: number) => x.toExponential(1);
  const order = ["cyclic", "reshuffled"] as const;
  return {
    title: "Encoder against a dense head, and the first visit of a row",
    note:
      `Relative difference after ${TASK.epochs} epochs of a linear encoder (${TASK.images} images, batches of ` +
      `${TASK.batch}); first visit in units of the learning rate.`,
    headings: ["rows between visits", ...order.flatMap((o) => [`${o}, eps 0`, `${o}, eps 1e-8`])],
    rows: [
      ...(["none", "eager", "lazy"] as const).map((mode) => [
        mode,
        ...order.flatMap((o) => [shown(drift(o, { mode })), shown(drift(o, { mode, eps: 1e-8 }, 1e-8))]),
      ]),
      ["first visit, no bias correction", first(false), "", "", ""],
      ["first visit, bias correction", first(true), "", "", ""],
    ],
  };
}
