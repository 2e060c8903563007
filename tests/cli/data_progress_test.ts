import assert from "node:assert/strict";

/** Runs a few progress calls in a process whose standard error is a pipe, which is what a log is. */
async function log(calls: string): Promise<string> {
  const url = new URL("../../src/cli/data_progress.ts", import.meta.url).href;
  const code = `
    let now = 0;
    performance.now = () => now;
    const { ProgressLine } = await import(${JSON.stringify(url)});
    const line = new ProgressLine("fetch pets");
    ${calls}
    line.end();`;
  const command = new Deno.Command("deno", {
    args: ["eval", code],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  });
  return new TextDecoder().decode((await command.output()).stderr);
}

Deno.test("ProgressLine prints plain lines, at most one in ten seconds, where there is no terminal", async () => {
  const text = await log(`
    line.count(1, 9); now = 9000; line.count(2, 9); now = 11000; line.count(3, 9);
    now = 12000; line.count(4, 9); now = 30000; line.count(9, 9);`);
  assert.equal(text, "fetch pets: 3 of 9\nfetch pets: 9 of 9\n");
});

Deno.test("ProgressLine.bytes gives rate, time left and where it resumed", async () => {
  const text = await log(`now = 20000; line.bytes(30 * 2 ** 20, 40 * 2 ** 20, 10 * 2 ** 20);`);
  assert.equal(text, "fetch pets: 30.0 MiB of 40.0 MiB, 1.0 MiB/s, 10 s left, resumed at 10.0 MiB\n");
});

Deno.test("ProgressLine.bytes says what it can where the size is unknown", async () => {
  assert.equal(
    await log(`now = 10000; line.bytes(2 ** 20, undefined, 0);`),
    "fetch pets: 1.0 MiB, 0.1 MiB/s\n",
  );
});
