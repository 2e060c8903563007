import assert from "node:assert/strict";
import { canonical, canonicalHash, sha256, without } from "../../src/base/canonical.ts";

Deno.test("canonical writes the example of RFC 8785, section 3.2.2", () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    literals: [null, true, false],
  };
  assert.equal(
    canonical(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

Deno.test("canonical sorts keys by UTF-16 code units at every depth", () => {
  assert.equal(
    canonical({ b: { z: 1, a: 2 }, a: [{ y: 1, x: 2 }] }),
    '{"a":[{"x":2,"y":1}],"b":{"a":2,"z":1}}',
  );
  assert.equal(canonical({ "\ufb33": 1, "\u{1f600}": 2 }), '{"\u{1f600}":2,"\ufb33":1}');
});

Deno.test("canonical leaves out what is undefined and refuses what JSON cannot say", () => {
  assert.equal(canonical({ a: undefined, b: 1 }), '{"b":1}');
  for (const bad of [NaN, Infinity, { a: -Infinity }, undefined]) {
    assert.throws(() => canonical(bad), /Cannot hash a value: it must be JSON/);
  }
});

Deno.test("canonicalHash is SHA-256 over the canonical text, whatever the order of keys", () => {
  assert.equal(canonicalHash({ b: 1, a: 2 }), sha256('{"a":2,"b":1}'));
  assert.equal(canonicalHash({ a: 2, b: 1 }), canonicalHash({ b: 1, a: 2 }));
});

Deno.test("without drops the named fields at any depth and changes nothing else", () => {
  const value = { time: 1, rows: [{ seconds: 2, n: 3, deep: { time: 4, m: null } }] };
  assert.deepEqual(without(value, new Set(["time", "seconds"])), { rows: [{ n: 3, deep: { m: null } }] });
  assert.equal(value.time, 1);
});
