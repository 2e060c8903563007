import assert from "node:assert/strict";
import { AssayError } from "../../src/base/error.ts";
import { type Command, Exit } from "../../src/cli/command.ts";
import { commands, type Entry, help, main } from "../../src/cli/main.ts";

/** What `main` gives and prints. */
async function call(args: readonly string[], table: Readonly<Record<string, Entry>>) {
  const printed = { out: "", err: "" };
  const { log, error } = console;
  console.log = (text: string) => printed.out += `${text}\n`;
  console.error = (text: string) => printed.err += `${text}\n`;
  try {
    return { code: await main(args, table), ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}

const entry = (run: Command["run"], summary = "does it"): Entry => ({
  summary,
  example: ["plan x", "the result"],
  load: () => Promise.resolve({ summary, run }),
});

const table = {
  plan: entry((args) => Promise.resolve(args.length)),
  stated: entry(() => Promise.reject(new AssayError("Cannot plan x."))),
  broken: entry(() => Promise.reject(new TypeError("undefined is not a function"))),
  usage: entry(() => Promise.reject(new Exit(2))),
};

Deno.test("main runs the named command with the remaining arguments and gives its code", async () => {
  assert.equal((await call(["plan", "a", "b", "c"], table)).code, 3);
});

Deno.test("main prints a stated failure as its sentence alone and gives 1", async () => {
  const { code, out, err } = await call(["stated"], table);
  assert.deepEqual([code, out, err], [1, "", "Cannot plan x.\n"]);
});

Deno.test("main prints an unexpected error with its stack, says it is a defect and gives 70", async () => {
  const { code, err } = await call(["broken"], table);
  assert.equal(code, 70);
  assert.match(err, /TypeError: undefined is not a function\n\s+at /);
  assert.match(err, /defect of the program/);
});

Deno.test("main gives the code of an early exit and prints nothing more", async () => {
  assert.deepEqual(await call(["usage"], table), { code: 2, out: "", err: "" });
});

Deno.test("main names the nearest command and all commands when it does not know one, and gives 2", async () => {
  const { code, out, err } = await call(["paln"], table);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.equal(
    err,
    'There is no command "paln". Did you mean "plan"? The commands are: plan, stated, broken, usage.\n',
  );
  const far = await call(["toString"], table);
  assert.equal(far.code, 2);
  assert.doesNotMatch(far.err, /Did you mean/);
});

Deno.test("main teaches without loading any command", async () => {
  const unloadable = { plan: { ...table.plan, load: () => Promise.reject(new Error("loaded")) } };
  for (const args of [[], ["--help"], ["-h"]]) {
    const { code, out } = await call(args, unloadable);
    assert.equal(code, 0);
    assert.match(out, /^ {2}plan +does it$/m);
    assert.match(out, /\.\/run plan x\n {6}the result/);
  }
});

Deno.test("main prints the version of deno.json", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assert.deepEqual(await call(["--version"], table), { code: 0, out: `${version}\n`, err: "" });
});

Deno.test("help shows the first three examples", () => {
  assert.equal(help(table).match(/the result/g)!.length, 3);
});

Deno.test("commands repeats the summary of each module, and each has a task", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  for (const [name, row] of Object.entries(commands)) {
    const module = await row.load();
    assert.equal(module.summary, row.summary, name);
    assert.equal(typeof module.run, "function", name);
    assert.match(tasks[name], new RegExp(`src/cli/main.ts ${name}$`), name);
    if (row.example) assert.equal(row.example[0].split(" ")[0], name);
  }
});
