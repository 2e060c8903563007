import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { command, constant, option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import {
  createKeyFiles,
  defaultKeyPath,
  type PublicKey,
  readPublicKey,
  readSigningKey,
} from "../evidence/bundle/keys.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "Make and show the key that signs bundles";

const file = string({ metavar: "FILE" });
const json = option("--json", { description: message`Print JSON.` });

const parser = or(
  command(
    "new",
    object({
      action: constant("new"),
      file: optional(option("--out", file, {
        description: message`Private key file to make; FILE.pub gets the public key. Overwrites nothing.`,
      })),
      json,
    }),
    { description: message`Make an Ed25519 key, below the user's configuration folder by default.` },
  ),
  command(
    "show",
    object({
      action: constant("show"),
      file: optional(option("--key", file, { description: message`A private or public key file.` })),
      json,
    }),
    { description: message`Print fingerprint and public key.` },
  ),
);

/** Runs `keys ...`; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const usage = {
    name: "keys",
    summary,
    examples: message`./run keys new, ./run keys show --key author.pub`,
  };
  const given = parseArgs(usage, parser, args.length === 0 ? ["--help"] : args);
  const path = given.file === undefined ? defaultKeyPath() : userPath(given.file);
  const key = given.action === "new" ? await createKeyFiles(path) : await readEither(path);
  if (given.json) {
    console.log(JSON.stringify({ file: path, fingerprint: key.fingerprint, publicKey: key.pem }, null, 2));
  } else if (given.action === "new") {
    console.log(
      [
        `Private key  ${path} (mode 600; whoever has it can sign as you)`,
        `Public key   ${path}.pub (give this to those who verify)`,
        `Fingerprint  ${key.fingerprint}`,
      ].join("\n"),
    );
  } else console.log(`Fingerprint  ${key.fingerprint}\n${key.pem.trimEnd()}`);
  return exitCodes.ok;
}

/** A public key file, or the public half of a private one. */
async function readEither(path: string): Promise<PublicKey> {
  const text = await Deno.readTextFile(path).catch(() => ""); // the reader below says what is wrong
  return text.includes("BEGIN PUBLIC KEY") ? await readPublicKey(path) : (await readSigningKey(path)).public;
}
