import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { float, integer, string } from "@optique/core/valueparser";
import { failure } from "../base/error.ts";
import { hooks } from "../evidence/bundle/hooks.ts";
import { readPublicKey } from "../evidence/bundle/keys.ts";
import { renderVerification } from "../evidence/bundle/render.ts";
import type { ReplayOptions } from "../evidence/bundle/replay.ts";
import { verifyBundle, type VerifyOptions } from "../evidence/bundle/verify.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "Check a bundle offline: digests, signature, events, report, and replays on request";

const options = object({
  bundle: argument(string({ metavar: "BUNDLE" }), { description: message`A folder or a .zip file.` }),
  key: optional(option("--key", string({ metavar: "FILE" }), {
    description:
      message`Demand a signature by this public key; without it the key inside the bundle is used.`,
  })),
  replay: optional(option("--replay", integer({ metavar: "N", min: 1 }), {
    description: message`Run N random checkpoint intervals again and compare their states.`,
  })),
  seed: optional(option("--seed", string({ metavar: "SEED" }), {
    description: message`Draw the intervals by this seed, one that the bundle's author could not know.`,
  })),
  checkpoints: optional(option("--checkpoints", string({ metavar: "FOLDER" }), {
    description: message`The original output, for checkpoints that the bundle only names.`,
  })),
  tolerance: optional(option("--tolerance", float({ metavar: "X", min: 0 }), {
    description: message`Largest relative difference of a loss on another class of adapter. Default 0.02.`,
  })),
  json: option("--json", { description: message`Print JSON.` }),
});

/** Verifies a bundle; reads only. Exit code 1 when something was tampered with. */
export async function run(args: readonly string[]): Promise<number> {
  const given = parseArgs(
    {
      name: "verify",
      summary,
      examples: message`./run verify table6.zip --key author.pub, ./run verify table6 --replay 5`,
    },
    options,
    args,
  );
  return await verifyAndPrint(given);
}

/** What `verify` and `audit <bundle>` share. */
export async function verifyAndPrint(given: {
  readonly bundle: string;
  readonly key?: string | undefined;
  readonly replay?: number | undefined;
  readonly seed?: string | undefined;
  readonly checkpoints?: string | undefined;
  readonly tolerance?: number | undefined;
  readonly json: boolean;
}): Promise<number> {
  const path = userPath(given.bundle);
  const verifyOptions: VerifyOptions = {
    ...(given.key !== undefined && { key: await readPublicKey(userPath(given.key)) }),
    ...(hooks.regenerate && { regenerate: hooks.regenerate }),
    ...(given.replay !== undefined && { replay: replayOptions(given.replay, given) }),
  };
  const verification = await verifyBundle(path, verifyOptions);
  console.log(
    given.json
      ? JSON.stringify({ bundle: path, ...verification }, null, 2)
      : renderVerification(given.bundle, verification),
  );
  return verification.tampered ? exitCodes.failure : exitCodes.ok;
}

function replayOptions(
  count: number,
  { seed, checkpoints, tolerance }: Parameters<typeof verifyAndPrint>[0],
): ReplayOptions {
  if (!hooks.replayInterval) {
    throw failure({
      operation: "replay",
      object: "intervals",
      required: "this build must have a training loop that replays",
      found: "none",
      wayOut: "verify without --replay",
    });
  }
  return {
    count,
    replayInterval: hooks.replayInterval,
    ...(seed !== undefined && { seed }),
    ...(checkpoints !== undefined && { checkpoints: userPath(checkpoints) }),
    ...(tolerance !== undefined && { tolerance }),
  };
}
