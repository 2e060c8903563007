import assert from "node:assert/strict";
import { holds } from "../../../../experiments/exact/check.ts";
import { caseOf } from "../../../../experiments/sdiet/exact/theorem_cases.ts";
import {
  closedForms,
  formulas,
  withoutIsometry,
} from "../../../../experiments/sdiet/exact/theorem_checks.ts";

Deno.test("every check keeps its bound and every control breaks it, on a drawing the experiment does not use", () => {
  const cases = [caseOf(11, 3)];
  for (const check of [...formulas(cases), ...closedForms(cases), ...withoutIsometry(cases)]) {
    const { error, relation = "at-most", tolerance, controls } = check;
    assert.ok(holds(error, relation, tolerance), `${check.what}: ${error}`);
    for (const c of controls) assert.ok(!holds(c.error, relation, tolerance), `${c.what}: ${c.error}`);
  }
});

Deno.test("withoutIsometry leaves out full width, where every row space is the whole space", () => {
  const narrow = caseOf(0, 4);
  assert.deepEqual(withoutIsometry([caseOf(0, 8), narrow]), withoutIsometry([narrow]));
});
