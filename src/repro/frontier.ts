/** `plan --frontier`: what fewer bytes cost in arithmetic, from everything kept to the least that any plan here reaches. */
import { type Trade, trades } from "../gpu/budget.ts";
import { plan } from "../gpu/planner.ts";
import { type PlanRequest, stepOfRequest } from "./plan_report.ts";

/** Shares of more operations at which the curve has named points. */
const SHARES = [0.01, 0.02, 0.04, 0.08, 0.16] as const;

/** A named point of the curve. */
export interface FrontierPoint {
  readonly name: string;
  readonly peakBytes: number;
  readonly flopsPerStep: number;
  /** Operations beside those of the step that keeps everything, as a share of them. */
  readonly moreFlops: number;
  readonly dispatches: number;
}

/** The JSON of `plan --frontier --json`; its field names are an interface. */
export interface FrontierReport extends PlanRequest {
  readonly points: readonly FrontierPoint[];
  /** The whole curve: what no packing can go below (pinned bytes and the largest sum of live ones) and the operations there. */
  readonly curve: readonly { readonly lowerBoundBytes: number; readonly moreFlops: number }[];
}

/** Walks the curve of a step. The plan without a budget is the point "default". */
export async function frontierReport(request: PlanRequest): Promise<FrontierReport> {
  const { program } = await stepOfRequest({ ...request, recompute: false });
  const usual = (await stepOfRequest({ ...request, recompute: true })).program;
  const ways = trades(program);
  const more = (flops: number): number => flops / program.flops - 1;
  const point = (name: string, { program }: Pick<Trade, "program">): FrontierPoint => ({
    name,
    peakBytes: plan(program).peakBytes,
    flopsPerStep: program.flops,
    moreFlops: more(program.flops),
    dispatches: program.dispatches.length,
  });
  const points = [
    point("everything kept", { program }),
    point("default", { program: usual }),
    ...SHARES.map((share) =>
      point(`at most ${100 * share} % more`, ways.findLast((w) => more(w.flops) <= share) ?? ways[0]!)
    ),
    point("least", ways.at(-1)!),
  ];
  const { peakBytes, heaps } = plan(program);
  const pinned = peakBytes - heaps.reduce((a, b) => a + b, 0);
  return {
    ...request,
    points,
    curve: ways.map((w) => ({ lowerBoundBytes: pinned + w.live, moreFlops: more(w.flops) })),
  };
}
