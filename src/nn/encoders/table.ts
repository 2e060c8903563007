/** Encoders by the names that experiments and the command line use. */
import { AssayError } from "../../base/error.ts";
import { nearest } from "../../base/nearest.ts";
import type { Scope } from "../scope.ts";
import { alexnet } from "./alexnet.ts";
import type { Encoder } from "../encoder.ts";
import type { EncoderOptions } from "./encoder.ts";
import { linearEncoder } from "./linear.ts";
import { mlpEncoder } from "./mlp.ts";
import { mobilenetV2 } from "./mobilenet_v2.ts";
import { resnet } from "./resnet.ts";
import { tiny } from "./tiny.ts";

const ENCODERS: Readonly<Record<string, (s: Scope, options: EncoderOptions) => Encoder>> = {
  tiny,
  resnet18: (s, options) => resnet(s, 18, options),
  resnet34: (s, options) => resnet(s, 34, options),
  resnet50: (s, options) => resnet(s, 50, options),
  alexnet,
  mobilenet_v2: mobilenetV2,
  mlp: mlpEncoder,
  linear: linearEncoder,
};

/** Names of all encoders. */
export const encoderNames: readonly string[] = Object.keys(ENCODERS);

/** An encoder as a specification says it, for square images of a side. Errors: an unknown name, width or option. */
export function encoderOf(
  spec: {
    readonly name: string;
    readonly width: number;
    readonly options?: Readonly<Record<string, unknown>>;
  },
  s: Scope,
  image: number,
): Encoder {
  const { options = {} } = spec;
  const other = Object.keys(options).find((name) => !OPTIONS[name]?.(options[name]));
  if (other !== undefined) {
    const guess = nearest(other, Object.keys(OPTIONS));
    throw new AssayError(
      `Cannot build encoder "${spec.name}": its option "${other}" cannot be ${
        JSON.stringify(options[other])
      }; ` +
        `options are stem ("cifar" or "imagenet"), stemPadding (a whole number), zeroInitResidual (true or false) and dims (widths)${
          guess === undefined || guess === other ? "" : `, did you mean "${guess}"`
        }.`,
    );
  }
  return encoderByName(spec.name, s, { ...options, image, width: spec.width });
}

/** Options that a specification may name, and what each may be. */
const OPTIONS: Readonly<Record<string, (value: unknown) => boolean>> = {
  stem: (value) => value === "cifar" || value === "imagenet",
  stemPadding: (value) => Number.isInteger(value) && (value as number) >= 0,
  zeroInitResidual: (value) => typeof value === "boolean",
  dims: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((n) => Number.isInteger(n) && n > 0),
};

/** Builds an encoder in a scope. Throws for an unknown name, and for a width that is not a positive number. */
export function encoderByName(name: string, s: Scope, options: EncoderOptions = {}): Encoder {
  const build = Object.hasOwn(ENCODERS, name) ? ENCODERS[name] : undefined;
  if (!build) {
    throw new AssayError(
      `Cannot build encoder "${name}": there is none of that name; use one of ${encoderNames.join(", ")}.`,
    );
  }
  const { width = 1 } = options;
  if (!(width > 0 && Number.isFinite(width))) {
    throw new AssayError(
      `Cannot build encoder "${name}": its width must be a positive factor, it is ${width}.`,
    );
  }
  return build(s, options);
}
