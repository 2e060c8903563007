import assert from "node:assert/strict";
import { UNLABELLED } from "../../../src/data/hashes.ts";
import { interleave, planRecords } from "../../../src/data/layout/records.ts";
import { intoMemory } from "../../../src/data/pixels.ts";
import { parseManifest } from "../../../src/data/manifest.ts";
import { inFolder, LIMITS, manifestJson, put, tar } from "../synthetic.ts";

type Layout = Extract<ReturnType<typeof parseManifest>["layout"], { kind: "records" }>;

/** Records of one label byte and a 2 x 3 planar RGB image whose first red sample is `id`. */
const cifar = {
  ...{ kind: "records", height: 2, width: 3, recordBytes: 19, labelAt: 0, imageAt: 1, firstLabel: 0 },
  planes: "rows",
  splits: { train: { members: ["d/batch_1.bin", "d/batch_2.bin"] } },
};

function record(label: number, id: number): number[] {
  return [label, ...Array.from({ length: 18 }, (_, i) => id + i)];
}

async function plan(
  folder: string,
  files: Record<string, Uint8Array>,
  layout: unknown,
): ReturnType<typeof planRecords> {
  const path = await put(folder, "x.tar", await tar(files));
  const manifest = parseManifest(JSON.stringify({ ...manifestJson(), layout, limits: LIMITS }), "x.json");
  return await planRecords(manifest, manifest.layout as Layout, "train", {
    kind: "file",
    format: "tar",
    path,
  });
}

Deno.test("interleave turns planes stored by rows or by columns into RGB pixels", () => {
  const planes = Uint8Array.from({ length: 18 }, (_, i) => i);
  const out = new Uint8Array(19);
  const layout = { ...cifar, imageAt: 0 } as unknown as Layout;
  interleave(planes, layout, out, 1);
  assert.deepEqual([...out.subarray(1, 10)], [0, 6, 12, 1, 7, 13, 2, 8, 14]);
  interleave(planes, { ...layout, planes: "columns" }, out, 1);
  assert.deepEqual([...out.subarray(1, 10)], [0, 6, 12, 2, 8, 14, 4, 10, 16]); // (0,1) is the third of a column of 2
});

Deno.test("planRecords keeps the manifest's order of files, not the archive's", () =>
  inFolder(async (folder) => {
    const files = {
      "d/batch_2.bin": Uint8Array.from(record(1, 100)),
      "d/readme.html": new Uint8Array(3),
      "d/batch_1.bin": Uint8Array.from([...record(0, 10), ...record(1, 40)]),
    };
    const { names, labels, classes, decode } = await plan(folder, files, cifar);
    assert.deepEqual(names, ["d/batch_1.bin#000000", "d/batch_1.bin#000001", "d/batch_2.bin#000000"]);
    assert.deepEqual([...labels], [0, 1, 1]);
    assert.deepEqual(classes, ["cat", "dog"]);
    const out = new Uint8Array(2 * 12);
    await decode(Uint32Array.of(2, 0), 2, intoMemory(out, 2)); // shorter side 2: a crop of the middle columns
    assert.equal(out.length, 24);
    assert.ok(out[0]! >= 100 && out[0]! <= 102 && out[12]! >= 10 && out[12]! <= 12);
  }));

Deno.test("planRecords reads labels from files beside the images, counted from 1", () =>
  inFolder(async (folder) => {
    const layout = {
      ...{ ...cifar, recordBytes: 18, labelAt: null, imageAt: 0, firstLabel: 1, planes: "columns" },
      splits: { train: { members: ["X.bin"], labels: ["y.bin"] } },
    };
    const images = Uint8Array.from([...record(0, 10).slice(1), ...record(0, 40).slice(1)]);
    for (const order of [["y.bin", "X.bin"], ["X.bin", "y.bin"]]) {
      const all: Record<string, Uint8Array> = { "X.bin": images, "y.bin": Uint8Array.of(2, 1) };
      const files = Object.fromEntries(order.map((name) => [name, all[name]!]));
      assert.deepEqual([...(await plan(folder, files, layout)).labels], [1, 0]);
    }
    const wrong = { "X.bin": images, "y.bin": Uint8Array.of(0, 1) };
    await assert.rejects(plan(folder, wrong, layout), /labels must be 1 to 2, found 0 in record 0/);
    const unlabelled = { ...layout, splits: { train: { members: ["X.bin"], labels: null } } };
    assert.deepEqual([...(await plan(folder, { "X.bin": images }, unlabelled)).labels], [
      UNLABELLED,
      UNLABELLED,
    ]);
  }));

Deno.test("planRecords refuses a missing file, a broken record and a label out of range", () =>
  inFolder(async (folder) => {
    const one = Uint8Array.from(record(0, 1));
    await assert.rejects(
      plan(folder, { "d/batch_1.bin": one }, cifar),
      /member "d\/batch_2.bin" must be there/,
    );
    const cut = { "d/batch_1.bin": one.slice(0, 18), "d/batch_2.bin": one };
    await assert.rejects(plan(folder, cut, cifar), /multiple of the record's 19 bytes, found 18 bytes/);
    const label = { "d/batch_1.bin": Uint8Array.from(record(2, 1)), "d/batch_2.bin": one };
    await assert.rejects(plan(folder, label, cifar), /labels must be 0 to 1, found 2 in record 0/);
  }));
