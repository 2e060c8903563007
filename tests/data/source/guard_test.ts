import assert from "node:assert/strict";
import { archiveError, Guard, memberError } from "../../../src/data/source/guard.ts";
import { AssayError } from "../../../src/base/error.ts";
import { LIMITS } from "../synthetic.ts";

const guard = (limits: Partial<typeof LIMITS> = {}): Guard => new Guard("a.tar", { ...LIMITS, ...limits });

Deno.test("Guard accepts plain relative paths", () => {
  assert.deepEqual(guard().accept("train/cat/1..2 é.jpg", 5), { path: "train/cat/1..2 é.jpg", bytes: 5 });
});

Deno.test("Guard refuses every path that could leave its folder", () => {
  const cases: [string, RegExp][] = [
    ["../x", /climbs out/],
    ["a/../../x", /climbs out/],
    ["/etc/passwd", /absolute/],
    ["C:/x", /absolute/],
    ["a//b", /empty parts/],
    ["./a", /empty parts/],
    ["", /empty name/],
    ["a\\b", /backslashes/],
    ["a\nb", /control characters/],
    ["a\u0000b", /control characters/],
  ];
  for (const [path, reason] of cases) {
    assert.throws(
      () => guard().accept(path, 1),
      (e: Error) => e instanceof AssayError && reason.test(e.message),
      path,
    );
  }
});

Deno.test("Guard refuses a name twice, too many, too large and too much", () => {
  const twice = guard();
  twice.accept("a", 1);
  assert.throws(() => twice.accept("a", 1), /member "a" of "a.tar": every name must appear once/);
  const many = guard({ members: 1 });
  many.accept("a", 1);
  assert.throws(() => many.accept("b", 1), /at most 1 members/);
  assert.throws(() => guard({ memberBytes: 9 }).accept("a", 10), /at most 9 bytes, found 10 declared/);
  const much = guard({ totalBytes: 10 });
  much.accept("a", 6);
  assert.throws(() => much.accept("b", 6), /decompression bomb/);
});

Deno.test("Guard.refuse, memberError and archiveError name the archive", () => {
  assert.throws(() => guard().refuse("link", "symlink"), /member "link" of "a.tar".*found a symlink/);
  assert.match(
    memberError("a.tar", "m", "r", "f").message,
    /Cannot read member "m" of "a.tar": r, found f; get a fresh/,
  );
  assert.match(
    archiveError("a.tar", "r", "f").message,
    /Cannot read archive "a.tar": r, found f; get a fresh/,
  );
});
