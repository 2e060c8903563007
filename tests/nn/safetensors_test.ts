import assert from "node:assert/strict";
import { SafetensorsFile, type TensorToWrite, writeSafetensors } from "../../src/nn/safetensors.ts";
import { replaceFile } from "../../src/base/write_whole.ts";

function inFolder(body: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function tensor(name: string, shape: readonly number[], first: number): TensorToWrite {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = new Uint8Array(Float32Array.from({ length: size }, (_, i) => first + i).buffer);
  return { name, dtype: "F32", shape, data };
}

/** A file with this header and `bytes` bytes of data. */
function raw(path: string, header: unknown, bytes: number, length?: number | bigint): void {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(length ?? json.length), true);
  file.set(json, 8);
  Deno.writeFileSync(path, file);
}

Deno.test("writeSafetensors and SafetensorsFile give the same bytes back", () =>
  inFolder((folder) => {
    const path = `${folder}/a.safetensors`;
    const tensors = [
      tensor("b", [2, 3], 1),
      tensor("a", [4], -7),
      tensor("scalar", [], 3),
      tensor("none", [0, 5], 0),
    ];
    writeSafetensors(path, tensors, { format: "pt", "ü": '"quoted"' });
    using file = SafetensorsFile.open(path);
    assert.deepEqual({ ...file.metadata }, { format: "pt", "ü": '"quoted"' });
    assert.deepEqual(file.entries.map((e) => e.name).sort(), ["a", "b", "none", "scalar"]);
    for (const t of tensors) {
      const entry = file.entry(t.name)!;
      assert.deepEqual([entry.dtype, entry.shape, entry.bytes], [t.dtype, t.shape, t.data.length]);
      assert.deepEqual(file.read(entry), t.data);
    }
    assert.equal(file.head.length % 8, 0, "tensor bytes are aligned to 8");
    assert.deepEqual(
      [...Deno.readDirSync(folder)].map((e) => e.name),
      ["a.safetensors"],
      "no partial file stays",
    );
  }));

Deno.test("SafetensorsFile reads what another writer padded and ordered its own way", () =>
  inFolder((folder) => {
    const path = `${folder}/a`;
    const entry = (from: number, to: number) => ({
      dtype: "I64",
      shape: [(to - from) / 8],
      data_offsets: [from, to],
    });
    raw(path, JSON.stringify({ z: entry(0, 16), a: entry(16, 24) }) + "     ", 24);
    using file = SafetensorsFile.open(path);
    assert.deepEqual(file.entries.map((e) => e.name), ["z", "a"]);
  }));

Deno.test("SafetensorsFile refuses every broken file with one sentence", () =>
  inFolder((folder) => {
    const path = `${folder}/broken`;
    const f32 = (from: number, to: number, more = {}) => ({
      dtype: "F32",
      shape: [(to - from) / 4],
      data_offsets: [from, to],
      ...more,
    });
    const refused = (what: RegExp, ...file: [header: unknown, bytes: number, length?: number | bigint]) => {
      raw(path, ...file);
      assert.throws(() => SafetensorsFile.open(path), { name: "AssayError", message: what }, String(what));
    };
    refused(/must be JSON/, "{oops", 0);
    refused(/must be JSON/, "", 0);
    refused(/must begin with an object/, [1], 0);
    refused(/must begin with an object/, ' {"a":1}', 0);
    refused(/header may have 100000000 bytes, found a header length of 100000001/, {}, 0, 100_000_001);
    refused(/header may have/, {}, 0, 2n ** 64n - 1n);
    refused(/must end at byte 58, found a file of 10 bytes/, {}, 0, 50);
    refused(/truncated/, { a: f32(0, 16) }, 15);
    refused(/1 bytes behind it/, { a: f32(0, 16) }, 17);
    refused(/"b", which overlaps/, { a: f32(0, 16), b: f32(12, 20) }, 20);
    refused(/"b", which leaves a gap/, { a: f32(0, 16), b: f32(20, 24) }, 24);
    refused(/"a", which leaves a gap/, { a: f32(4, 8) }, 8);
    refused(/dtype among .*, found "F8"/, { a: f32(0, 16, { dtype: "F8" }) }, 16);
    refused(/dtype among .*, found "toString"/, { a: f32(0, 16, { dtype: "toString" }) }, 16);
    refused(/must have a shape, found \[-1\]/, { a: f32(0, 16, { shape: [-1] }) }, 16);
    refused(/must have a shape, found none/, { a: { dtype: "F32", data_offsets: [0, 4] } }, 4);
    refused(/F32 \[3\], must have 12 bytes, found 16/, { a: f32(0, 16, { shape: [3] }) }, 16);
    refused(/two byte offsets, found \[8,4\]/, { a: f32(0, 4, { data_offsets: [8, 4] }) }, 8);
    refused(/two byte offsets, found none/, { a: { dtype: "F32", shape: [1] } }, 4);
    refused(/described by an object/, { a: 3 }, 0);
    refused(/metadata must map names to strings/, { __metadata__: { step: 3 } }, 0);
    Deno.writeFileSync(path, new Uint8Array(5));
    assert.throws(() => SafetensorsFile.open(path), {
      message: /8 bytes of header length, found 5 bytes in all/,
    });
    assert.throws(() => SafetensorsFile.open(`${folder}/none`), {
      name: "AssayError",
      message: /must exist/,
    });
  }));

Deno.test("writeSafetensors refuses two tensors of one name and a tensor whose bytes do not fit its shape", () =>
  inFolder((folder) => {
    const path = `${folder}/a`;
    const twice = [tensor("a", [1], 0), tensor("a", [1], 1)];
    assert.throws(() => writeSafetensors(path, twice), { name: "AssayError", message: /the name is taken/ });
    const short = { ...tensor("a", [3], 0), shape: [4] };
    assert.throws(() => writeSafetensors(path, [short]), {
      name: "AssayError",
      message: /has 16 bytes, found 12/,
    });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("replaceFile leaves the old file as it was when its parts fail half way", () =>
  inFolder((folder) => {
    const path = `${folder}/a`;
    Deno.writeTextFileSync(path, "old");
    const parts = function* () {
      yield new TextEncoder().encode("new");
      throw new Error("no more");
    };
    assert.throws(() => replaceFile(path, parts()), {
      name: "AssayError",
      message: /no more; the file is as it was/,
    });
    assert.equal(Deno.readTextFileSync(path), "old");
    assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name), ["a"]);
    assert.throws(() => replaceFile(`${folder}/missing/a`, []), {
      name: "AssayError",
      message: /its folder must exist/,
    });
  }));
