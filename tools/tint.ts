/**
 * Compiles WGSL with Tint, the compiler of Chromium, so that every kernel is accepted by two independent compilers.
 *
 * A headless Chromium opens a page that this file serves on localhost (WebGPU needs a secure context); the page
 * compiles each source and posts the messages back. No driver protocol is needed, so the permissions stay few: net on
 * localhost, run of the browser, write of the temporary folder.
 */
import { failure } from "../src/base/error.ts";

/** One WGSL text under a name for messages. */
export interface WgslSource {
  readonly name: string;
  readonly code: string;
}

/** One message of the compiler; line and column start at 1. */
export interface CompilerMessage {
  readonly type: "error" | "warning" | "info";
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** What the compiler said about one source; no message of type `error` means it compiled. */
export interface CompilerReport {
  readonly name: string;
  readonly messages: readonly CompilerMessage[];
}

export interface TintOptions {
  /** The browser's executable; default: Debian's. */
  readonly chromium?: string;
  /** How long the browser may take for everything, in milliseconds; default two minutes. */
  readonly timeoutMs?: number;
}

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const PAGE = `<!doctype html><meta charset="utf-8"><title>Tint</title><script type="module">
const reply = (value) => fetch("/result", { method: "POST", body: JSON.stringify(value) });
try {
  const sources = await (await fetch("/sources")).json();
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) throw new Error(navigator.gpu ? "the browser has no WebGPU adapter" : "navigator.gpu is missing");
  const wanted = ["subgroups", "shader-f16"].filter((name) => adapter.features.has(name));
  const device = await adapter.requestDevice({ requiredFeatures: wanted });
  const reports = [];
  for (const { name, code } of sources) {
    device.pushErrorScope("validation");
    const info = await device.createShaderModule({ code }).getCompilationInfo();
    await device.popErrorScope();
    const messages = info.messages.map((m) => ({ type: m.type, line: m.lineNum, column: m.linePos, text: m.message }));
    reports.push({ name, messages });
  }
  await reply({ reports });
} catch (error) {
  await reply({ error: String(error) });
}
</script>`;

type Reply = { readonly reports: CompilerReport[] } | { readonly error: string };

/**
 * Compiles every source under Tint, on Chromium's software adapter with `subgroups` enabled. Errors of the shaders are
 * in the reports; an AssayError means that the browser is missing, has no WebGPU or did not answer in time.
 */
export async function compileUnderTint(
  sources: readonly WgslSource[],
  options: TintOptions = {},
): Promise<CompilerReport[]> {
  const chromium = options.chromium ?? "/usr/bin/chromium";
  const timeoutMs = options.timeoutMs ?? 120_000;
  try {
    await Deno.stat(chromium);
  } catch (error) {
    throw failure({
      operation: "compile under Tint with",
      object: `"${chromium}"`,
      required: "Chromium must be installed there",
      found: "no such file",
      wayOut: "install Debian's package chromium",
    }, error);
  }
  const answer = Promise.withResolvers<Reply>();
  const server = Deno.serve({ hostname: "localhost", port: 0, onListen: () => {} }, async (request) => {
    switch (new URL(request.url).pathname) {
      case "/":
        return new Response(PAGE, { headers: { "content-type": "text/html" } });
      case "/sources":
        return Response.json(sources);
      case "/result":
        answer.resolve(await request.json());
        return new Response();
      default:
        return new Response(null, { status: 404 });
    }
  });
  const profile = await Deno.makeTempDir({ prefix: "assay-tint-" });
  const browser = new Deno.Command(chromium, {
    args: [...FLAGS, `--user-data-dir=${profile}`, `http://localhost:${server.addr.port}/`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const complaints = new Response(browser.stderr).text();
  const timer = setTimeout(() => answer.resolve({ error: `no answer within ${timeoutMs} ms` }), timeoutMs);
  const ended = browser.status.then((status) =>
    answer.resolve({ error: `it ended early with ${status.code}` })
  );
  const reply = await answer.promise;
  clearTimeout(timer);
  try {
    browser.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // TypeError: it has ended already
  }
  await ended;
  await server.shutdown();
  const said = (await complaints).trim().split("\n").slice(-5).join("\n");
  await removeProfile(profile);
  if ("error" in reply) {
    throw failure({
      operation: "compile under Tint with",
      object: `"${chromium}"`,
      required: "the browser must open a page with WebGPU",
      found: reply.error,
      wayOut: `see the browser's last lines:\n${said}`,
    });
  }
  return reply.reports;
}

/** The browser's helper processes may still write for a moment after it was killed. */
async function removeProfile(folder: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
