import assert from "node:assert/strict";
import { limitOf, median, table, violations } from "../../tools/size.ts";

Deno.test("median is the middle value, the mean of two middle ones, and 0 of none", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([1, 9, 5, 7]), 6);
  assert.equal(median([]), 0);
});

Deno.test("limitOf knows shaders, methods and other code", () => {
  assert.equal(limitOf("src/kernels.wgsl/conv.wgsl"), 170);
  assert.equal(limitOf("src/methods/simclr.ts"), 99);
  assert.equal(limitOf("tests/methods/conformance_test.ts"), 300);
});

Deno.test("violations allows a file at its limit and reports the line past it", () => {
  const file = (path: string, lines: number) => violations([{ path, lines }, { path: "src/a.ts", lines: 1 }]);
  for (
    const [path, limit] of [["tests/x.ts", 300], ["src/kernels.wgsl/x.wgsl", 170], [
      "src/methods/x.ts",
      99,
    ]] as const
  ) {
    assert.deepEqual(file(path, limit), [], path);
    assert.match(file(path, limit + 1)[0]!, new RegExp(`${path} has ${limit + 1} lines, at most ${limit}`));
  }
});

Deno.test("violations reports a median of src of 220 lines, whatever tests and shaders measure", () => {
  const rest = [{ path: "tests/x.ts", lines: 1 }, { path: "src/kernels.wgsl/x.wgsl", lines: 1 }];
  assert.match(violations([{ path: "src/gpu/x.ts", lines: 220 }, ...rest])[0]!, /median file of src has 220/);
  assert.deepEqual(violations([{ path: "src/gpu/x.ts", lines: 219 }, ...rest]), []);
});

Deno.test("table gives one row per layer or folder with its largest file", () => {
  const lines = table([
    { path: "src/gpu/a.ts", lines: 10 },
    { path: "src/gpu/b.ts", lines: 20 },
    { path: "tests/gpu/a_test.ts", lines: 7 },
  ]).split("\n").map((line) => line.split(/\s+/));
  assert.deepEqual(lines, [
    ["folder", "files", "median", "largest"],
    ["src/gpu", "2", "15", "20", "src/gpu/b.ts"],
    ["tests", "1", "7", "7", "tests/gpu/a_test.ts"],
  ]);
});
