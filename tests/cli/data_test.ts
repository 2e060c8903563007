import assert from "node:assert/strict";
import { decode } from "fast-png";
import { Exit, exitCodes } from "../../src/cli/command.ts";
import { run, summary } from "../../src/cli/data.ts";
import { inFolder, makeRoot, manifestJson, petImages, put, tar } from "../data/synthetic.ts";

/** What a call printed on standard output, and its exit code. */
async function call(args: readonly string[], root?: string): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const before = console.log;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    return { code: await (root === undefined ? run(args) : run(args, root)), text: lines.join("\n") };
  } catch (error) {
    if (error instanceof Exit) return { code: error.code, text: lines.join("\n") };
    throw error;
  } finally {
    console.log = before;
  }
}

const petsRoot = async (folder: string): Promise<string> =>
  await makeRoot(folder, manifestJson({ nativeSize: 6 }), { "pets.tar": await tar(petImages()) });

Deno.test("data --help names every action", async () => {
  const { code, text } = await call(["--help"]);
  assert.equal(code, exitCodes.ok);
  for (const action of ["list", "fetch", "verify", "show", "croissant"]) {
    assert.match(text, new RegExp(`\\b${action}\\b`));
  }
  assert.ok(summary.length > 0);
});

Deno.test("data list shows what is here and what is not", () =>
  inFolder(async (folder) => {
    const root = await petsRoot(folder);
    const { text } = await call(["list"], root);
    assert.match(text, new RegExp(`\\| pets +\\| 4 +\\| 2 +\\| 6 +\\| ${folder}/datasets/cache/pets.tar`));
    await Deno.remove(`${root}/datasets/cache/pets.tar`);
    const [row] = JSON.parse((await call(["list", "--json"], root)).text);
    assert.deepEqual(row, { name: "pets", images: 4, classes: 2, size: 6, state: "not here" });
  }));

Deno.test("data list of this project knows shapes", async () => {
  const rows = JSON.parse((await call(["list", "--json"])).text) as { name: string; state: string }[];
  assert.equal(rows.find((r) => r.name === "shapes")!.state, "generated, nothing to download");
});

Deno.test("data verify measures, records, matches and then fails on changed pixels", () =>
  inFolder(async (folder) => {
    const root = await petsRoot(folder);
    assert.match(
      (await call(["verify", "pets"], root)).text,
      /\| measured \| pixels +\| train, 6 px, all images/,
    );
    assert.equal((await call(["verify", "pets", "--record"], root)).code, exitCodes.ok);
    const checks = JSON.parse((await call(["verify", "pets", "--json"], root)).text) as { verdict: string }[];
    assert.deepEqual(checks.map((c) => c.verdict), ["measured", "match", "match"]);
    const { "train/cat/1.png": _, ...rest } = petImages();
    await put(
      root,
      "datasets/cache/pets.tar",
      await tar({ ...rest, "train/cat/1.png": petImages()["train/dog/1.png"]! }),
    );
    await assert.rejects(
      call(["verify", "pets"], root),
      /Cannot verify dataset "pets": all 3 checks must match, found 1/,
    );
    const part = await call(["verify", "pets", "--split", "train", "--size", "3", "--per-class", "1"], root);
    assert.match(part.text, /train, 3 px, first 1 of each class/);
  }));

Deno.test("data show writes a contact sheet with views", () =>
  inFolder(async (folder) => {
    const root = await petsRoot(folder), out = `${folder}/sheet.png`;
    const { text } = await call([
      "show",
      "pets",
      "--count",
      "2",
      "--recipe",
      "simclr",
      "--views",
      "3",
      "--out",
      out,
    ], root);
    assert.equal(text, `${out}: 2 images, 3 views each`);
    const { width, height } = decode(await Deno.readFile(out));
    assert.deepEqual([width, height], [4 * (6 * 16 + 2) + 2, 2 * (6 * 16 + 2) + 2]);
    const nowhere = `${folder}/none/sheet.png`;
    await assert.rejects(
      call(["show", "pets", "--out", nowhere], root),
      /Cannot write ".*none\/sheet.png": its folder must exist/,
    );
  }));

Deno.test("data fetch downloads from the manifest's address", () =>
  inFolder(async (folder) => {
    const bytes = await tar(petImages());
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response(Uint8Array.from(bytes)),
    );
    try {
      const url = `http://127.0.0.1:${server.addr.port}/pets.tar`;
      const archive = {
        file: "pets.tar",
        format: "tar" as const,
        url,
        bytes: bytes.length,
        sha256: null,
        md5: null,
      };
      const root = await makeRoot(folder, manifestJson({ source: { kind: "archive", archive } }), {});
      assert.match(
        (await call(["fetch", "pets"], root)).text,
        /^downloaded: .*pets.tar, \d+ bytes, SHA-256 [0-9a-f]{64}$/,
      );
      assert.match((await call(["fetch", "pets"], root)).text, /^already there/);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("data croissant prints or writes metadata", () =>
  inFolder(async (folder) => {
    const root = await petsRoot(folder);
    assert.equal(JSON.parse((await call(["croissant", "pets"], root)).text).name, "pets");
    await call(["croissant", "--write"], root);
    const written = JSON.parse(await Deno.readTextFile(`${root}/datasets/croissant/pets.json`));
    assert.equal(written.conformsTo, "http://mlcommons.org/croissant/1.1");
  }));

Deno.test("data refuses wrong usage with exit code 2 and unknown datasets with a sentence", async () => {
  const before = console.error;
  console.error = () => {};
  try {
    for (
      const args of [["verify"], ["nonsense"], ["show", "shapes", "--recipe", "none"], [
        "show",
        "shapes",
        "--count",
        "0",
      ]]
    ) {
      assert.equal((await call(args)).code, exitCodes.usage, args.join(" "));
    }
  } finally {
    console.error = before;
  }
  await assert.rejects(call(["verify", "nope"]), /Cannot find dataset "nope".*use one of cifar10/);
  await assert.rejects(call(["fetch", "shapes"]), /a generator, which needs none/);
});
