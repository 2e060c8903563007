import assert from "node:assert/strict";
import { join } from "node:path";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer } from "@optique/core/valueparser";
import { Exit, parseArgs, userPath } from "../../src/cli/command.ts";

const options = object({
  method: argument(choice(["supervised", "simclr"], { metavar: "METHOD" }), {
    description: message`Method to plan.`,
  }),
  batch: withDefault(
    option("--batch", integer({ metavar: "B", min: 1 }), { description: message`Images.` }),
    256,
  ),
  json: option("--json"),
});

/** The typed result, or the exit code with what was printed. */
function parse(...args: string[]) {
  const printed = { out: "", err: "" };
  const { log, error } = console;
  console.log = (text: string) => printed.out += `${text}\n`;
  console.error = (text: string) => printed.err += `${text}\n`;
  try {
    return {
      value: parseArgs({ name: "plan", summary: "Peak bytes." }, options, args),
      code: 0,
      ...printed,
    };
  } catch (thrown) {
    assert.ok(thrown instanceof Exit);
    return { value: undefined, code: thrown.code, ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("parseArgs gives typed values with defaults", () => {
  const { value } = parse("simclr", "--json");
  assert.deepEqual({ ...value }, { method: "simclr", batch: 256, json: true });
});

Deno.test("parseArgs names option, requirement and finding of a wrong value in one sentence and exits with 2", () => {
  const cases: [string[], RegExp][] = [
    [
      ["simclr", "--batch", "0"],
      /^`--batch`: .*greater than or equal to 1, but got "0"\. See \.\/run plan --help\.\n$/,
    ],
    [["simclr", "--batch", "x"], /^`--batch`: .*valid integer, but got "x"\./],
    [["simclr", "--batch"], /^`--batch` requires `B`\./],
    [["simclrr"], /^`METHOD`: .*"supervised" and "simclr", but got "simclrr"\./],
    [["simclr", "--bacth", "3"], /"--bacth"[^]*`--batch`/],
  ];
  for (const [args, sentence] of cases) {
    const { code, out, err } = parse(...args);
    assert.deepEqual([code, out], [2, ""], args.join(" "));
    assert.match(err, sentence);
  }
});

Deno.test("parseArgs shows the usage when something is missing", () => {
  for (const args of [[], ["--json"]]) {
    const { code, err } = parse(...args);
    assert.equal(code, 2);
    assert.match(
      err,
      /^(Missing|Expected a `METHOD`).* See \.\/run plan --help\.\nUsage: \.\/run plan \[--batch B\] \[--json\] METHOD\n$/,
    );
  }
});

Deno.test("parseArgs prints help with defaults and choices on standard output and exits with 0", () => {
  const { code, out, err } = parse("--help");
  assert.deepEqual([code, err], [0, ""]);
  for (const part of ["Peak bytes.", "Usage: ./run plan", "Method to plan.", "supervised, simclr", "256"]) {
    assert.ok(out.includes(part), `${part} in\n${out}`);
  }
});

Deno.test("userPath starts at the folder that the task was called from, and leaves absolute paths alone", () => {
  const before = Deno.env.get("INIT_CWD");
  try {
    Deno.env.set("INIT_CWD", "/caller/folder");
    assert.equal(userPath("../x.json"), "/caller/x.json");
    assert.equal(userPath("/x.json"), "/x.json");
    Deno.env.delete("INIT_CWD");
    assert.equal(userPath("x.json"), join(Deno.cwd(), "x.json"));
  } finally {
    if (before === undefined) Deno.env.delete("INIT_CWD");
    else Deno.env.set("INIT_CWD", before);
  }
});

/** Runs a script that waits, presses Ctrl-C for it and gives how it ended. */
async function interrupted(body: string): Promise<{ code: number; out: string }> {
  const url = new URL("../../src/cli/command.ts", import.meta.url);
  const script =
    `import { onInterrupt } from "${url}"; ${body}; console.log("ready"); setTimeout(() => {}, 60_000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const decoder = new TextDecoder();
  let out = "";
  for await (const chunk of child.stdout) {
    out += decoder.decode(chunk, { stream: true });
    if (out.endsWith("ready\n")) child.kill("SIGINT");
  }
  return { code: (await child.status).code, out };
}

Deno.test("onInterrupt runs the clean-up and ends with 130; withdrawn, Ctrl-C ends as usual", async () => {
  const kept = await interrupted(`onInterrupt(() => console.log("cleaned"))`);
  assert.deepEqual(kept, { code: 130, out: "ready\ncleaned\n" });
  const withdrawn = await interrupted(`onInterrupt(() => console.log("cleaned"))()`);
  assert.deepEqual(withdrawn, { code: 130, out: "ready\n" });
});
