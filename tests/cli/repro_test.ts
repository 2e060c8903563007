import assert from "node:assert/strict";
import { run } from "../../src/cli/repro.ts";
import { captured } from "./captured.ts";

Deno.test("repro without a table lists the tables with what they show", async () => {
  const { code, out } = await captured(() => run([]));
  assert.equal(code, 0);
  assert.match(out, /\| table6 +\| sdiet\/table6 +\| Peak GPU bytes/);
  assert.match(out, /\| table5 +\| sdiet\/table5 +\|/);
});

Deno.test("repro names the nearest table for one that does not exist, and lists them all", async () => {
  const { code, err, out } = await captured(() => run(["tabel6"]));
  assert.equal(code, 2);
  assert.match(err, /There is no table "tabel6"\. Did you mean "table[56]"\?/);
  assert.match(err, /sdiet\/table6/);
  assert.equal(out, "");
});

Deno.test("repro list --json has what each scale of each table costs, and nothing of exact checks", async () => {
  const { code, out } = await captured(() => run(["list", "--json"]));
  assert.equal(code, 0);
  const found = JSON.parse(out) as Record<string, unknown>[];
  const of = (table: string, scale: string) =>
    found.find((one) => one.table === table && one.scale === scale)!;
  assert.deepEqual(Object.keys(of("sdiet/theorem", "exact")), ["table", "scale"]);
  const { cells, runs, flops } = of("sdiet/table5", "mini");
  assert.deepEqual([cells, runs, Number(flops) > 0], [117, 33, true]);
});

Deno.test("repro --help says what the exit status means", async () => {
  const { code, out } = await captured(() => run(["--help"]));
  assert.equal(code, 0);
  assert.match(
    out.replace(/\s+/g, " "),
    /Exit status: 0 the table was made, whatever the verdicts; 1 a stated failure/,
  );
});

Deno.test("repro refuses methods, seeds and scales that do not exist before it starts anything", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = ["--out", `${folder}/out`];
    await assert.rejects(
      captured(() => run(["table6", "--methods", "nobody", ...out])),
      /each must be one of sdiet, diet, simclr.*found "nobody"; .*correct --methods/,
    );
    await assert.rejects(
      captured(() => run(["table5", "--seeds", "0,0", ...out])),
      /they must be different whole numbers/,
    );
    await assert.rejects(
      captured(() => run(["table5", "--rows", "simclar", ...out])),
      /each must be one of sdiet, diet, simclr.*found "simclar"; did you mean "simclr"; correct --rows/,
    );
    await assert.rejects(
      captured(() => run([`${folder}/mine.ts`, ...out])),
      /Cannot load the table file ".*mine.ts".*no such file/,
    );
    const scale = await captured(() => run(["table6", "--scale", "huge", ...out]));
    assert.equal(scale.code, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("repro refuses an option that would change nothing", async () => {
  for (
    const [args, message] of [
      [
        ["loco/memory", "--dataset", "shapes"],
        /^Cannot reproduce loco\/memory with --dataset: it computes exact/,
      ],
      [
        ["caowu/identity", "--memory-limit", "1GiB"],
        /caowu\/identity with --memory-limit: .*; leave --memory-limit out/,
      ],
      [
        ["table6", "--epochs", "3"],
        /sdiet\/table6 with --epochs: of the choices it takes --dataset, --rows, --methods, --seeds;/,
      ],
    ] as const
  ) {
    const { code, out, err } = await captured(() => run(args));
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(err, message);
  }
});

Deno.test("repro --epochs trains that long, and not at the scale whose length is published", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["table5", "--methods", "simclr", "--seeds", "4", "--epochs", "1", "--json"];
    const { code } = await captured(() => run([...args, "--out", folder]));
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(await Deno.readTextFile(`${folder}/run.json`)).settings.epochs, 1);
    await assert.rejects(
      captured(() => run([...args, "--scale", "paper", "--out", `${folder}/paper`])),
      /its length is part of the published configuration, found --epochs 1; leave --epochs out/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("repro --json prints the interface alone; the report lies in the folder", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { code, out } = await captured(() =>
      run(["table6", "--methods", "sdiet,simclr", "--out", folder, "--json"])
    );
    assert.equal(code, 0);
    const result = JSON.parse(out);
    assert.equal(result.format, "assay-result-2");
    const [main, roles] = result.grids;
    assert.deepEqual(main.rows.map((r: { name: string }) => r.name), ["sdiet", "simclr"]);
    for (const [i, { cells }] of main.rows.entries()) {
      assert.deepEqual(cells.measured, cells.plannedHere);
      assert.ok(cells.planned.value > 2 ** 33 && roles.rows[i].cells.activations.value > 2 ** 33);
    }
    const half = result.claims.find((c: { id: string }) => c.id.startsWith("sdiet:half-memory"));
    assert.equal(half.verdict, "REPRODUCED");
    assert.ok((await Deno.stat(`${folder}/report.html`)).isFile);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("repro --memory-limit refuses a run that needs more, in one sentence", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await assert.rejects(
      run(["table6", "--methods", "simclr", "--memory-limit", "1MiB", "--out", `${folder}/out`]),
      /must stay within the memory limit of 1048576 bytes, found \d+ bytes allocated already; raise --memory-limit/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
