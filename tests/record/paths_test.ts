import assert from "node:assert/strict";
import { NAMES, pathProblem } from "../../src/record/paths.ts";

Deno.test("pathProblem takes ordinary paths and every fixed name", () => {
  const fixed = Object.values(NAMES).filter((name) => !name.endsWith("/"));
  for (const path of [...fixed, "runs/a-seed1/events.jsonl", "plots/Größe.vl.json", "a..b"]) {
    assert.equal(pathProblem(path), undefined, path);
  }
});

Deno.test("pathProblem says what is wrong with every other", () => {
  const wrong: [string, RegExp][] = [
    ["", /no usable name/],
    ["a".repeat(500), /no usable name/],
    ["/a", /outside/],
    ["\\a", /outside/],
    ["c:a", /outside/],
    ["a/../b", /climbs out/],
    ["..", /climbs out/],
    ["./a", /climbs out/],
    ["a//b", /empty part/],
    ["a/", /empty part/],
    ["a\nb", /characters/],
    ["a\0b", /characters/],
    ["a\\b", /characters/],
    ["__proto__", /reserved/],
  ];
  for (const [path, message] of wrong) {
    assert.match(pathProblem(path) ?? "nothing", message, JSON.stringify(path));
  }
});
