/**
 * Everything that holds without running a test: formatting, lint with the layer table, types, circles, mirrored tests, file
 * sizes, links and kernels under both compilers. Each step runs in its own process with the permissions it needs; all
 * run even when one fails.
 */

/** A step: its name and the arguments of `deno`. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

const tool = (name: string, ...permissions: string[]): Step => ({
  name,
  args: [
    "run",
    "--frozen",

    "--no-prompt",
    "--quiet",
    ...permissions,
    `tools/${name}.ts`,
  ],
});

const STEPS: readonly Step[] = [
  { name: "fmt", args: ["fmt", "--check", "--quiet"] },
  { name: "lint", args: ["lint", "--quiet"] },
  { name: "types", args: ["check", "--frozen", "--quiet", "."] },
  tool("check_layers", "--allow-read=."),
  tool("check_mirror", "--allow-read=."),
  tool("check_reached", "--allow-read=."),
  tool("size", "--allow-read=."),
  tool("check_links", "--allow-read=."),
  tool(
    "check_kernels",
    "--allow-read=.,/usr/bin/chromium",
    "--allow-write", // the browser's profile, in the system's temporary folder
    "--allow-env=TMPDIR",
    "--allow-net=localhost",
    "--allow-run=/usr/bin/chromium",
  ),
];

async function main(): Promise<number> {
  const failed: string[] = [];
  for (const { name, args } of STEPS) {
    console.log(`== ${name}`);
    const { code } = await new Deno.Command("deno", { args: [...args], stdin: "null" }).spawn().status;
    if (code !== 0) failed.push(name);
  }
  console.log(failed.length ? `\nFailed: ${failed.join(", ")}.` : `\nAll ${STEPS.length} checks hold.`);
  return failed.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
