import assert from "node:assert/strict";
import { fetchArchive, type FetchProgress, fileSink, type Sink } from "../../src/data/fetch.ts";
import { sha256 } from "../../src/base/sha256.ts";
import { type Manifest, parseManifest } from "../../src/data/manifest.ts";
import { inFolder, manifestJson } from "./synthetic.ts";

const FILE = Uint8Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 2654435761) >>> 24);

/** What the server does with one request; `range` is where the client wants to begin. */
type Answer = (range: number, request: Request) => Response;

/** The whole file or the rest of it, with an ETag. */
const whole: Answer = (range, request) => {
  const fits = request.headers.get("if-range") === '"v1"' || range === 0;
  const from = fits ? range : 0;
  if (from >= FILE.length) return new Response(null, { status: 416 });
  return new Response(FILE.slice(from), { status: from > 0 ? 206 : 200, headers: { etag: '"v1"' } });
};

/** Sends `bytes` of the answer and then breaks the connection. */
const dropping = (bytes: number): Answer => (range) => {
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(FILE.slice(range, range + bytes));
      await new Promise((resolve) => setTimeout(resolve, 50)); // let the first bytes leave
      controller.error(new Error("gone"));
    },
  });
  const headers = { etag: '"v1"', "content-length": String(FILE.length - range) };
  return new Response(body, { status: range > 0 ? 206 : 200, headers });
};

/** Serves `answers` in turn, the last for ever, and gives the manifest that points to the server. */
async function serving(
  answers: readonly Answer[],
  use: (manifest: Manifest, folder: string, ranges: number[]) => Promise<void>,
  hash: string = sha256(FILE),
): Promise<void> {
  const ranges: number[] = [];
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
    onError: () => new Response(),
  }, (request) => {
    const range = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? 0);
    ranges.push(range);
    return answers[Math.min(ranges.length, answers.length) - 1]!(range, request);
  });
  const url = `http://127.0.0.1:${server.addr.port}/pets.tar`;
  const archive = {
    file: "pets.tar",
    format: "tar" as const,
    url,
    bytes: FILE.length,
    sha256: hash,
    md5: null,
  };
  const manifest = parseManifest(
    JSON.stringify(manifestJson({ source: { kind: "archive", archive } })),
    "pets.json",
  );
  try {
    await inFolder((folder) => use(manifest, folder, ranges));
  } finally {
    await server.shutdown();
  }
}

const files = (folder: string): string[] =>
  [...Deno.readDirSync(`${folder}/datasets/cache`)].map((entry) => entry.name).sort();

Deno.test("fetchArchive downloads, checks, puts in place and reports progress", () =>
  serving([whole], async (manifest, root, ranges) => {
    const seen: FetchProgress[] = [];
    const done = await fetchArchive(manifest, { root, progress: (p) => seen.push(p) });
    assert.deepEqual(done, {
      ...{
        path: `${root}/datasets/cache/pets.tar`,
        state: "downloaded",
        bytes: FILE.length,
        sha256: sha256(FILE),
      },
    });
    assert.deepEqual(await Deno.readFile(done.path), FILE);
    assert.deepEqual(files(root), ["pets.tar"]);
    assert.deepEqual(seen[0], { bytes: 0, total: FILE.length, resumedAt: 0 });
    assert.deepEqual(seen.at(-1), { bytes: FILE.length, total: FILE.length, resumedAt: 0 });
    assert.equal((await fetchArchive(manifest, { root })).state, "already there");
    assert.deepEqual(ranges, [0]);
  }));

Deno.test("fetchArchive goes on where a dropped connection stopped", () =>
  serving([dropping(100_000), dropping(50_000), whole], async (manifest, root, ranges) => {
    const done = await fetchArchive(manifest, { root, pauseMs: 1 });
    assert.deepEqual(await Deno.readFile(done.path), FILE);
    const [first, second, third] = ranges as [number, number, number];
    assert.ok(first === 0 && second > 0 && third > second && third <= 150_000, `${ranges}`);
  }));

Deno.test("fetchArchive keeps the part when the connection keeps dropping, and a later call resumes it", () =>
  serving([dropping(100_000), dropping(0), whole], async (manifest, root, ranges) => {
    await assert.rejects(
      fetchArchive(manifest, { root, retries: 1, pauseMs: 1 }),
      /Cannot fetch "pets.tar" .*one of 2 attempts.*goes on from the [1-9]\d* bytes on disk/,
    );
    const { size } = await Deno.stat(`${root}/datasets/cache/pets.tar.part`);
    assert.ok(size > 0 && size <= 100_000);
    assert.deepEqual(files(root), ["pets.tar.part", "pets.tar.part.version"]);
    const resumed: number[] = [];
    await fetchArchive(manifest, { root, progress: (p) => resumed.push(p.resumedAt) });
    assert.deepEqual([ranges.at(-1), resumed[0]], [size, size]);
    assert.deepEqual(files(root), ["pets.tar"]);
  }));

Deno.test("fetchArchive begins again when the server has another version or no ranges", () =>
  serving(
    [dropping(100_000), () => new Response(FILE, { headers: { etag: '"v2"' } })],
    async (manifest, root, ranges) => {
      const done = await fetchArchive(manifest, { root, pauseMs: 1 });
      assert.deepEqual(await Deno.readFile(done.path), FILE); // not the part with the new file appended
      assert.ok(ranges[0] === 0 && ranges[1]! > 0);
    },
  ));

Deno.test("fetchArchive deletes what has the wrong hash and says both", () =>
  serving([whole], async (manifest, root) => {
    await assert.rejects(
      fetchArchive(manifest, { root }),
      new RegExp(`SHA-256 must be 0{64}, found ${sha256(FILE)}`),
    );
    assert.deepEqual(files(root), []);
  }, "0".repeat(64)));

Deno.test("fetchArchive deletes a file of the wrong size", () =>
  serving([() => new Response(FILE.slice(0, 1000))], async (manifest, root) => {
    await assert.rejects(fetchArchive(manifest, { root }), /size in bytes must be 300000, found 1000/);
    assert.deepEqual(files(root), []);
  }));

Deno.test("fetchArchive gives up at once on 404 and after its tries on 503", async () => {
  await serving([() => new Response("no", { status: 404 })], async (manifest, root, ranges) => {
    await assert.rejects(
      fetchArchive(manifest, { root, pauseMs: 1 }),
      /must send the file, found status 404/,
    );
    assert.equal(ranges.length, 1);
  });
  await serving([() => new Response("busy", { status: 503 })], async (manifest, root, ranges) => {
    await assert.rejects(
      fetchArchive(manifest, { root, retries: 2, pauseMs: 1 }),
      /one of 3 attempts.*status 503/,
    );
    assert.equal(ranges.length, 3);
  });
});

Deno.test("fetchArchive drops a part that is longer than the file", () =>
  serving([whole], async (manifest, root, ranges) => {
    await Deno.mkdir(`${root}/datasets/cache`, { recursive: true });
    await Deno.writeFile(`${root}/datasets/cache/pets.tar.part`, new Uint8Array(FILE.length));
    await Deno.writeTextFile(`${root}/datasets/cache/pets.tar.part.version`, '"v1"');
    await fetchArchive(manifest, { root, pauseMs: 1 });
    assert.deepEqual(ranges, [FILE.length, 0]);
  }));

Deno.test("fetchArchive says that the disk is full, and goes on once it is not", () =>
  serving([whole], async (manifest, root, ranges) => {
    let room = 100_000;
    const full = (path: string, from: number): Sink => {
      const file = fileSink(path, from);
      return {
        close: () => file.close(),
        write(bytes) {
          file.write(bytes.subarray(0, room));
          if (bytes.length > room) throw new Error("No space left on device (os error 28)");
          room -= bytes.length;
        },
      };
    };
    await assert.rejects(
      fetchArchive(manifest, { root, sink: full }),
      /pets.tar.part" must be writable, found No space left on device.*free some space and run it again/,
    );
    await fetchArchive(manifest, { root });
    assert.deepEqual(ranges, [0, 100_000]);
  }));

Deno.test("fetchArchive says when no server answers, and when there is nothing to fetch", async () => {
  const archive = { file: "pets.tar", format: "tar" as const, bytes: null, sha256: null, md5: null };
  const at = (url: string | null): Manifest =>
    parseManifest(
      JSON.stringify(manifestJson({ source: { kind: "archive", archive: { ...archive, url } } })),
      "p.json",
    );
  await inFolder(async (root) => {
    // Port 1 on this machine: nothing listens there.
    await assert.rejects(fetchArchive(at("http://127.0.0.1:1/x"), { root, retries: 0 }), /one of 1 attempts/);
    await assert.rejects(fetchArchive(at(null), { root }), /must name a download address, found none/);
  });
});
