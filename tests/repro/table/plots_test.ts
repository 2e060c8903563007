import assert from "node:assert/strict";
import { plotsOf } from "../../../src/repro/table/plots.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { small, tellingOf } from "./small_table.ts";

const of = async (change: Partial<words.Table>, log?: Parameters<typeof tellingOf>[1]) =>
  await plotsOf(await tellingOf({ ...small, checks: [], ...change }, log));
const answers = ({ row, seed }: { row: string; seed: number }) => ({
  answer: (_: unknown, epoch: number) => ({ top1: (row === "simclr" ? 50 : 30) + seed + 10 * epoch }),
});
/** Every number in the data of a plot. */
const textOf = (plots: Awaited<ReturnType<typeof of>>, name: string) =>
  JSON.stringify(plots.find((plot) => plot.name === name)?.spec ?? "none");

Deno.test("plotsOf draws accuracies, curves and losses of the runs that ended", async () => {
  const plots = await of({}, answers);
  assert.deepEqual(plots.map((plot) => plot.name), ["accuracy", "knn-curves", "loss-curves"]);
  assert.match(textOf(plots, "accuracy"), /SimCLR, cold/);
  assert.match(
    textOf(plots, "knn-curves"),
    /"x":0,"y":50\.5/,
    "mean of the untrained encoders of both seeds",
  );
  assert.match(textOf(plots, "loss-curves"), /"x":2,"y":0\.5/, "over the loss of the first epoch");
  const some = await of({}, (run) => run.row === "cold" ? undefined : answers(run));
  assert.doesNotMatch(textOf(some, "accuracy"), /cold/);
});

Deno.test("plotsOf draws nothing of runs that have not been made", async () => {
  assert.deepEqual(await of({}, () => undefined), []);
});

Deno.test("plotsOf draws planned bytes by role, over numbers of images, and differences, where the table has them", async () => {
  const beside: words.Beside[] = [
    { title: "Images", rows: ["sdiet"], measures: ["disk"], columns: words.knob("images", [100, 1000]) },
    { title: "Apart", differences: [["simclr", "sdiet"]], measures: ["knn"] },
  ];
  const { all } = small.scales.smoke!;
  const measures = {
    ...small.measures,
    planned: words.planned(),
    disk: words.heads(all!, "small")["head-on-disk"],
  };
  const plots = await of({ beside, measures, hidden: ["disk"] }, answers);
  assert.deepEqual(
    plots.map((plot) => plot.name).filter((name) => !/curves|accuracy/.test(name)),
    ["differences-knn", "memory-by-role", "bytes-over-images"],
  );
  assert.match(textOf(plots, "differences-knn"), /"name":"simclr - sdiet"/);
  assert.match(textOf(plots, "memory-by-role"), /activations/);
  assert.match(textOf(plots, "bytes-over-images"), /"x":1000/);
});
