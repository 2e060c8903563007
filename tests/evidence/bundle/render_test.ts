import assert from "node:assert/strict";
import { notChecked, ok, tampered } from "../../../src/evidence/bundle/line.ts";
import { renderLine, renderVerification } from "../../../src/evidence/bundle/render.ts";

Deno.test("renderLine gives status, check, place and message in columns", () => {
  assert.equal(renderLine(ok("files", "all there")), "OK           files        all there");
  assert.equal(renderLine(tampered("events", "e:3", "seq")), "TAMPERED     events       e:3: seq");
});

Deno.test("renderVerification sums up, names the signer and counts what was left open", () => {
  const lines = [ok("files", "all"), notChecked("replay", "none")];
  const good = { lines, tampered: false, signer: "f".repeat(64), content: undefined };
  assert.match(
    renderVerification("b", good),
    /\nOK: nothing in b contradicts anything else \(signed by f{64}; 1 checks left open above\)\.$/,
  );
  const bad = {
    lines: [tampered("files", "x", "changed")],
    tampered: true,
    signer: undefined,
    content: undefined,
  };
  assert.match(
    renderVerification("b", bad),
    /\nTAMPERED: b .*\(unsigned, or without a valid signature; everything was checked\)\.$/,
  );
});
