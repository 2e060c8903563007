/**
 * Every op and optimizer on a second, independent driver: SwiftShader, which Debian's chromium carries. Its subgroups have
 * 4 lanes where lavapipe's have 8, so other kernel variants run as well.
 */
import assert from "node:assert/strict";

const ICD = "/usr/lib/chromium/vk_swiftshader_icd.json";

async function denoTest(paths: readonly string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["test", "--frozen", "--quiet", "--no-check", "--unstable-webgpu", "--no-prompt"],
      ...["--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
      ...paths,
    ],
    env: { ...Deno.env.toObject(), VK_ICD_FILENAMES: ICD, VK_DRIVER_FILES: ICD, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, output: decode(stdout) + decode(stderr) };
}

async function passes(paths: readonly string[]): Promise<void> {
  assert.ok(
    await Deno.stat(ICD).then(() => true, () => false),
    `SwiftShader needs Debian's chromium: ${ICD} is missing`,
  );
  const { code, output } = await denoTest(paths);
  assert.equal(code, 0, output.slice(-4000));
  assert.match(output, /^ok \| [1-9]\d* passed/m, "some test ran");
}

Deno.test("the second driver is SwiftShader with 4 lanes, not the first one again", async () => {
  const script = `
    import { Device } from "${new URL("../../src/gpu/device.ts", import.meta.url).href}";
    const d = await Device.open();
    console.log(JSON.stringify({ ...d.fingerprint, lanes: d.target.lanes }));
    d.close();`;
  const { stdout } = await new Deno.Command("deno", {
    args: ["eval", "--unstable-webgpu", script],
    env: { VK_ICD_FILENAMES: ICD, VK_DRIVER_FILES: ICD },
    stderr: "null",
  }).output();
  const found = JSON.parse(new TextDecoder().decode(stdout)) as {
    description: string;
    device: string;
    lanes: number;
  };
  assert.match(JSON.stringify(found), /SwiftShader/);
  assert.equal(found.lanes, 4);
});

Deno.test("ops give their reference's values on SwiftShader, with and without subgroups", async () => {
  await passes(["tests/nn/ops"]);
});

Deno.test("optimizers, guard, momentum copies and queues give their reference's values on SwiftShader", async () => {
  await passes(
    ["optimizers", "guard", "momentum", "bank", "metrics"].map((name) => `tests/nn/${name}_test.ts`),
  );
});
