import assert from "node:assert/strict";
import type { Session } from "../../src/gpu/session.ts";
import {
  loadCheckpoint,
  loadedTensors,
  readCheckpointMetadata,
  saveCheckpoint,
  tensorsOf,
} from "../../src/nn/checkpoint.ts";
import { SafetensorsFile } from "../../src/nn/safetensors.ts";
import { completeStep, runToy, type Toy, toy, withSession } from "./toy.ts";

/** The toy with AdamW, and a queue position beside it: f32 and u32 tensors in four arenas. */
function trained(): Toy {
  const made = toy();
  made.s.state("queue.position", [1], () => Float32Array.of(3), "u32");
  completeStep(made.t, [made.objective], { optimizer: { kind: "adamw", lr: 0.01, weightDecay: 0.1 } });
  return made;
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bytesOf(session: Session, { t }: Toy): Promise<Map<string, Uint8Array>> {
  const all = new Map<string, Uint8Array>();
  for (const { name, value } of tensorsOf(t)) all.set(name, await session.readBytes(value));
  return all;
}

Deno.test("loadCheckpoint gives every bit back, and training goes on as if it had not stopped", () =>
  inFolder(async (folder) => {
    const path = `${folder}/step.safetensors`;
    const a = trained();
    const [saved, final] = await withSession(a.t, async (session) => {
      runToy(a, session, 0, 3);
      // A negative zero and subnormals are bits too.
      session.write(a.still, Uint32Array.of(0x7f7fffff, 0x80000000, 1, 2, 3, 4, 5, 6, 7));
      await saveCheckpoint(path, session, a.t, { step: 3, note: 'a "quoted" note', done: false });
      const saved = await bytesOf(session, a);
      runToy(a, session, 3, 6);
      return [saved, await bytesOf(session, a)];
    });
    assert.ok([...saved.keys()].some((name) => name.startsWith("online.")), "optimizer state is in it");
    const b = trained();
    await withSession(b.t, async (session) => {
      const metadata = loadCheckpoint(path, session, b.t);
      assert.deepEqual({ ...metadata }, { step: 3, note: 'a "quoted" note', done: false });
      assert.deepEqual(await bytesOf(session, b), saved);
      runToy(b, session, 3, 6);
      assert.deepEqual(await bytesOf(session, b), final);
    });
    assert.deepEqual({ ...readCheckpointMetadata(path) }, { step: 3, note: 'a "quoted" note', done: false });
  }));

Deno.test("loadCheckpoint refuses weights that are not finite, and lets optimizer state overflow", () =>
  inFolder(async (folder) => {
    const path = `${folder}/step.safetensors`;
    const made = trained();
    await withSession(made.t, async (session) => {
      const square = made.t.states.get("online.square/b")!.value;
      session.write(square, Float32Array.of(Infinity));
      await saveCheckpoint(path, session, made.t);
      loadCheckpoint(path, session, made.t);
      session.write(made.weights[1]!, Float32Array.of(NaN), 4 * 9000);
      await saveCheckpoint(path, session, made.t);
      const before = await bytesOf(session, made);
      assert.throws(
        () => loadCheckpoint(path, session, made.t),
        /Cannot load checkpoint ".*": every element of "b" must be finite, found NaN at element 9000;/,
      );
      assert.deepEqual(await bytesOf(session, made), before);
    });
  }));

Deno.test("tensorsOf and loadedTensors part what a step may change from what is loaded", () => {
  const { t, s } = trained();
  const here = s.inArena("teacher");
  here.parameter("w", [1], "vector", (_, n) => new Float32Array(n));
  const all = tensorsOf(t).length;
  assert.deepEqual(loadedTensors(t), []);
  t.loaded.add(here.arena);
  assert.deepEqual(loadedTensors(t).map(({ name }) => name), ["teacher/w"]);
  assert.equal(tensorsOf(t).length, all - 1);
});

Deno.test("loadCheckpoint finds an edit of any byte and leaves the session as it was", () =>
  inFolder(async (folder) => {
    const path = `${folder}/step.safetensors`;
    const a = trained();
    await withSession(a.t, async (session) => {
      await saveCheckpoint(path, session, a.t, { step: 1 });
      const original = await Deno.readFile(path);
      const before = await bytesOf(session, a);
      const refused = (edit: (file: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, message: RegExp) => {
        Deno.writeFileSync(path, edit(original.slice()));
        assert.throws(() => loadCheckpoint(path, session, a.t), { name: "AssayError", message });
      };
      const replaced = (from: string, to: string) => (file: Uint8Array<ArrayBuffer>) => {
        const at = new TextDecoder("latin1").decode(file).indexOf(from);
        assert.ok(at > 0 && from.length === to.length, from);
        file.set(new TextEncoder().encode(to), at);
        return file;
      };
      let offset = 0;
      {
        using file = SafetensorsFile.open(path);
        offset = file.entry("b")!.offset;
      }
      refused((f) => (f[offset + 1]! ^= 1, f), /tensor "b" must have the SHA-256 it was written with/);
      refused((f) => (f[f.length - 1]! ^= 128, f), /must have the SHA-256/);
      refused(replaced('\\"step\\":1', '\\"step\\":2'), /its header must have the SHA-256/);
      refused(replaced('"still":{', '"stall":{'), /must have the SHA-256/);
      refused((f) => f.slice(0, -1), /truncated/);
      refused((f) => f.slice(0, 100), /must end at byte/);
      refused(() => new Uint8Array(), /8 bytes of header length/);
      refused(replaced("assay-checkpoint-1", "assay-checkpoint-9"), /format must be "assay-checkpoint-1"/);
      assert.deepEqual(await bytesOf(session, a), before);
    });
  }));

Deno.test("loadCheckpoint refuses a checkpoint of another step, naming the tensor", () =>
  inFolder(async (folder) => {
    const path = `${folder}/step.safetensors`;
    const a = trained();
    await withSession(a.t, (session) => saveCheckpoint(path, session, a.t));
    const wider = toy();
    wider.s.parameter("extra", [2], "vector", () => new Float32Array(2));
    const select = (name: string) => !name.includes("/") && !name.startsWith("queue");
    await withSession(wider.t, (session) => {
      const load = () => loadCheckpoint(path, session, wider.t, { select });
      assert.throws(load, { name: "AssayError", message: /must hold "extra"/ });
      return Promise.resolve();
    });
    const plain = toy();
    await withSession(plain.t, async (session) => {
      assert.throws(() => loadCheckpoint(path, session, plain.t), {
        name: "AssayError",
        message: /the step must have a tensor "online\..*", found none of that name/,
      });
      loadCheckpoint(path, session, plain.t, { select });
      const [got] = [await session.read(plain.still)];
      using file = SafetensorsFile.open(path);
      assert.deepEqual(
        got,
        new Float32Array(file.read(file.entry("still")!).buffer),
        "the selected tensors are loaded",
      );
    });
    const reshaped = toy();
    const other = { ...reshaped, t: reshaped.t };
    other.s.state("queue.position", [2], () => new Float32Array(2), "u32");
    await withSession(other.t, (session) => {
      const only = { select: (name: string) => name === "queue.position" };
      assert.throws(() => loadCheckpoint(path, session, other.t, only), {
        message: /"queue.position" must be U32 \[2\], found U32 \[1\]/,
      });
      return Promise.resolve();
    });
  }));

Deno.test("tensorsOf refuses a name that a parameter and a state share", () => {
  const { t, s } = toy();
  s.state("a", [1], () => new Float32Array(1));
  assert.throws(() => tensorsOf(t), {
    name: "AssayError",
    message: /"a": a parameter and a state have this name/,
  });
});
