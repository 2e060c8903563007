import assert from "node:assert/strict";
import { judge } from "../../../src/repro/table/judge.ts";
import * as words from "../../../src/repro/table/vocabulary.ts";
import { type Log, small, tellingOf } from "./small_table.ts";

/** Rows of the sentence `sdiet:matches-ssl` under the name of its table. */
const rows = { sdiet: words.train("sdiet"), simclr: words.train("simclr"), moco: words.train("moco") };
const table5 = { ...small, id: "sdiet/table5", rows, measures: { knn: words.knn(5, 0.1) } };
const judged = async (change: Partial<words.Table>, log?: Parameters<typeof tellingOf>[1], choice = {}) =>
  await judge(await tellingOf({ ...table5, ...change }, log, choice));

const apart = ({ row, seed }: { row: string; seed: number }): Log => ({
  answer: () => ({ top1: (row === "simclr" ? 70 : row === "moco" ? 20 : 45) + 0.1 * seed }),
});

Deno.test("judge evaluates the assertion of a published sentence over measured cells, as claims and not as checks", async () => {
  const { claims, checks } = await judged({ checks: [words.sentence("sdiet:matches-ssl")] }, apart);
  assert.deepEqual(checks, []);
  assert.deepEqual(
    claims.map(({ id, verdict, direction }) => [id, verdict, direction]),
    [
      ["sdiet:matches-ssl/simclr", "NOT-COMPARABLE", "contradicts"],
      ["sdiet:matches-ssl/moco", "NOT-COMPARABLE", "supports"],
    ],
  );
});

Deno.test("judge lets a row stand for a name of the sentence, under an id of its own", async () => {
  const checks = [
    words.sentence("sdiet:matches-ssl"),
    words.sentence("sdiet:matches-ssl", { sdiet: "sdiet-twice" }, "equal-compute"),
  ];
  const twice = { ...rows, "sdiet-twice": words.train("sdiet", { longer: 2 }) };
  const log = (run: { row: string; seed: number }): Log =>
    run.row === "sdiet-twice" ? { answer: () => ({ top1: 90 + 0.1 * run.seed }) } : apart(run);
  const { claims } = await judged({ rows: twice, checks }, log);
  const of = (id: string) => claims.find((claim) => claim.id === id)?.direction;
  assert.equal(of("sdiet:matches-ssl/simclr"), "contradicts");
  assert.equal(of("sdiet:matches-ssl/simclr/equal-compute"), "supports");
  assert.equal(claims.length, 4);
});

Deno.test("judge of a sentence whose runs have not been made says so", async () => {
  const { claims } = await judged({ checks: [words.sentence("sdiet:matches-ssl")] }, () => undefined);
  assert.deepEqual(claims.map(({ verdict }) => verdict), ["NOT-RUN", "NOT-RUN"]);
});

Deno.test("judge refuses a sentence that claims/ has not", async () => {
  await assert.rejects(
    judged({ checks: [words.sentence("sdiet:twice-as-good")] }),
    /Cannot judge "sdiet:twice-as-good" in sdiet\/table5: claims\/ must hold a statement of that id/,
  );
});

Deno.test("judge meets published cells by the names of rows and measures", async () => {
  const checks = [words.cells("solo-learn:cifar", { knn: "c10" })];
  const { claims } = await judged({ checks }, apart);
  const rowsOf = claims.map(({ id }) => id).sort();
  assert.ok(rowsOf.some((id) => /simclr/.test(id)) && rowsOf.some((id) => /moco/.test(id)), String(rowsOf));
  assert.ok(rowsOf.every((id) => !/sdiet/.test(id)), "a row that the source has not has no cell");
  assert.ok(claims.every(({ differs }) => differs.includes("scale")));
  assert.deepEqual(
    (await judged({ checks: [words.cells("solo-learn:cifar", { other: "c10" })] }, apart)).claims,
    [],
  );
});

Deno.test("judge decides sentences on planned bytes without any run", async () => {
  const measures = { planned: words.planned() };
  const all = ["simclr", "moco", "spectral", "byol", "simsiam", "barlow", "vicreg", "sdiet"];
  const { claims } = await judged({
    id: "sdiet/table6",
    rows: Object.fromEntries(all.map((method) => [method, words.train(method)])),
    measures,
    checks: [words.sentence("sdiet:half-memory")],
  }, () => undefined);
  assert.equal(claims.length, all.length - 1);
  assert.ok(claims.every(({ inequality, verdict }) => inequality !== "" && verdict !== "NOT-RUN"));
});

Deno.test("judge answers own checks apart from claims", async () => {
  const { claims, checks } = await judged({
    checks: [words.own("q", "?", words.beats("simclr", "sdiet", "knn"))],
  }, apart);
  assert.deepEqual(claims, []);
  assert.deepEqual(checks.map(({ id, outcome }) => [id, outcome]), [["q", "holds"]]);
});
