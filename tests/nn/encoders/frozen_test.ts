/**
 * The name of an encoder stands in the hash of a specification for its whole architecture at default options. What the
 * name means is frozen as two hashes: the program of one supervised step, and the initial values.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { PhiloxStream } from "../../../src/base/random.ts";
import { method } from "../../../src/methods/supervised.ts";
import type { EncoderOptions } from "../../../src/nn/encoders/encoder.ts";
import { encoderByName, encoderNames } from "../../../src/nn/encoders/table.ts";
import { buildStep } from "../../../src/nn/step.ts";
import { readFixture } from "./check_encoder.ts";

interface Frozen {
  /** Changes with kernels too. */
  readonly program: string;
  readonly initial: string;
}

function frozenOf(name: string, image: number, options: EncoderOptions = {}): Frozen {
  const { program, trace } = buildStep({
    method,
    setup: { batch: 4, classes: 10, encoder: (s) => encoderByName(name, s, { ...options, image }) },
    image,
    optimizer: { kind: "sgd", lr: 0.1 },
  });
  const digest = createHash("sha256");
  for (const { name, value, initialise } of [...trace.parameters.values(), ...trace.states.values()]) {
    // A few elements of each tensor tell its distribution and stream.
    const first = initialise(new PhiloxStream([1, 0], [0, 0, 0]), Math.min(value.size, 8));
    digest.update(`${name} ${value.shape} ${first}\n`);
  }
  return { program: program.hash(), initial: digest.digest("hex") };
}

const frozen = await readFixture<Readonly<Record<string, Frozen>>>("encoders/frozen.json");
const sides = (name: string) => name.startsWith("resnet") ? [32, 224] : [32];

for (const name of encoderNames) {
  for (const image of sides(name)) {
    Deno.test(`${name} at ${image} pixels and default options is what its name stood for`, () => {
      const known = frozen[`${name} ${image}`];
      assert.ok(known, "a new encoder: add its hashes to tests/fixtures/encoders/frozen.json");
      const now = frozenOf(name, image);
      assert.equal(now.initial, known.initial, "parameters or their initial values: use another name");
      assert.equal(
        now.program,
        known.program,
        `if only kernels changed, write ${now.program} into tests/fixtures/encoders/frozen.json; ` +
          "if the architecture or a default did, use another name or option",
      );
    });
  }
}

Deno.test("no encoder that a recorded specification may name is gone", () => {
  assert.deepEqual(
    Object.keys(frozen),
    encoderNames.flatMap((name) => sides(name).map((image) => `${name} ${image}`)),
  );
});

Deno.test("another default of the stem, its padding or the residual branches changes a frozen hash", () => {
  const hashes = [{}, { stem: "imagenet" as const }, { stemPadding: 2 }, { zeroInitResidual: true }].map(
    (options) => {
      const known = frozenOf("resnet18", 32, options);
      return `${known.program} ${known.initial}`;
    },
  );
  assert.equal(new Set(hashes).size, hashes.length);
});
