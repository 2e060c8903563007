import assert from "node:assert/strict";
import {
  type Hypers,
  type HyperValue,
  hyperValues,
  mayBe,
  real,
  scheduled,
  truth,
  whole,
  word,
} from "../../src/nn/hyper.ts";
import { method as simclr } from "../../src/methods/simclr.ts";
import { buildStep } from "../../src/nn/step.ts";

const hyper: Hypers = {
  T: real("temperature", 0.1, { above: 0 }),
  m: scheduled("momentum of the copy", 0.99, { least: 0, most: 1 }),
  projector: whole("width of the projection", "features", ["features", "none"]),
  loss: word("loss", "mse", ["mse", "cosine"]),
  norm: truth("norm in the projector", true),
};
const method = { name: "toy", hyper };

Deno.test("hyperValues keeps what is given and adds the defaults of the rest", () => {
  const m = { kind: "cosine", base: 0.99, end: 1, steps: 10 } as const;
  assert.deepEqual(hyperValues(method, { T: 0.5, m, projector: 64 }), {
    ...{ T: 0.5, m, projector: 64 },
    ...{ loss: "mse", norm: true },
  });
});

Deno.test("hyperValues refuses a name that the method does not ask for, and names the nearest letter or full name", () => {
  const asks = (name: string, nearest: string) =>
    assert.throws(
      () => hyperValues(method, { [name]: 0.5 }),
      (error: Error) => error.message.includes(`did you mean ${nearest}?`),
      name,
    );
  asks("temperature", "T (temperature)");
  asks("Temprature", "T (temperature)");
  asks("t", "T (temperature)");
  asks("projectr", "projector (width of the projection)");
  asks("Norm", "norm (norm in the projector)");
  assert.throws(
    () => hyperValues(method, { constructor: 1 }),
    /Cannot set hyper-parameter "constructor" of "toy": it asks for T \(temperature\), m .*norm \(norm in the projector\)\.$/,
  );
  assert.throws(() => hyperValues({ name: "bare", hyper: {} }, { T: 1 }), /it asks for none\.$/);
});

Deno.test("a step refuses temperature for SimCLR and says which letter is meant", () => {
  const encoder = () => {
    throw new Error("the step goes no further");
  };
  const step = (hyper: Record<string, HyperValue>) => () =>
    buildStep({
      method: simclr,
      setup: { batch: 4, hyper, encoder },
      image: 8,
      optimizer: { kind: "sgd", lr: 1 },
    });
  assert.throws(step({ temperature: 0.5 }), /did you mean T \(temperature\)\?/);
  assert.throws(step({ T: 0.5 }), /goes no further/);
});

Deno.test("hyperValues refuses values that a hyper-parameter may not have and says what it may be", () => {
  const cases: [string, HyperValue, RegExp][] = [
    [
      "T",
      0,
      /T \(temperature\) of "toy": it must be a number above 0, found 0; leave it out for 0\.1, the default/,
    ],
    ["T", NaN, /a number above 0, found null/],
    ["T", "0.5", /found "0\.5"/],
    ["T", { kind: "cosine", base: 1, steps: 5 }, /a number above 0, found \{/],
    ["m", 1.5, /a number of at least 0 and at most 1 or a schedule of such numbers, found 1\.5/],
    ["m", { kind: "cosine", base: 0.9, end: 2, steps: 5 }, /a schedule of such numbers, found/],
    ["projector", 1.5, /a whole number of at least 1, "features" or "none", found 1\.5/],
    ["projector", 0, /found 0/],
    ["loss", "mean", /it must be "mse" or "cosine", found "mean"/],
    ["loss", 1, /found 1/],
    ["norm", 1, /it must be true or false, found 1/],
    ["norm", "true", /found "true"/],
  ];
  for (const [letter, value, message] of cases) {
    assert.throws(() => hyperValues(method, { [letter]: value }), message, letter);
  }
});

Deno.test("mayBe says in words what a hyper-parameter may be", () => {
  assert.equal(mayBe(real("share", 0.5, { above: 0, below: 1 })), "a number above 0 and below 1");
  assert.equal(mayBe(real("weight", 1)), "a number");
  assert.equal(mayBe(whole("width", 8)), "a whole number of at least 1");
});
