import assert from "node:assert/strict";
import { junitXml } from "../../../src/evidence/gate/junit.ts";

Deno.test("junitXml counts cases and marks failed and skipped ones", () => {
  const xml = junitXml("gate", [
    { group: "plan", name: "a", outcome: "passed" },
    { group: "plan", name: "b", outcome: "failed", message: "1 > 0", details: "more" },
    { group: "sdiet", name: "c", outcome: "skipped", message: "no baseline" },
  ]);
  assert.equal(xml.match(/tests="3" failures="1" errors="0" skipped="1"/g)!.length, 2);
  assert.match(xml, /<testcase classname="plan" name="a"\/>/);
  assert.match(xml, /name="b">\n\s+<failure message="1 &gt; 0">1 &gt; 0<\/failure>\n\s+<system-out>more/);
  assert.match(xml, /<skipped message="no baseline"\/>/);
});

Deno.test("junitXml escapes markup and replaces what XML cannot hold", () => {
  const xml = junitXml('a"&<>', [{ group: "g", name: "n\n\x00\ud800", outcome: "passed" }]);
  assert.match(xml, /name="a&quot;&amp;&lt;&gt;"/);
  assert.match(xml, /name="n&#10;\ufffd\ufffd"/);
});
