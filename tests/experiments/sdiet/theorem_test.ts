import assert from "node:assert/strict";
import { experiment } from "../../../experiments/sdiet/theorem.ts";
import { assertExact, textsOf } from "../exact.ts";

Deno.test("sdiet/theorem: T1 to T4 hold and their controls fail", async () => {
  const result = await assertExact(experiment, ["X6", "X7 T1", "X7 T2", "X8 T1", "T3", "T4"]);
  const narrow = textsOf(result, 1).filter((row) => row[1] !== "8");
  assert.ok(narrow.every((row) => row[2]!.split(", ").every((angle) => angle === "0.0")), "squared error");
  assert.ok(narrow.every((row) => Number(row[3]!.split(", ")[0]) > 1), "cross-entropy ends elsewhere");
});
