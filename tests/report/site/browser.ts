/**
 * Debian's headless Chromium, driven over its own protocol on localhost: pages as a reader sees them, in either theme and
 * at any width, with a real keyboard. One browser serves many pages.
 */
import assert from "node:assert/strict";
import { decode } from "fast-png";

const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--hide-scrollbars",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--remote-debugging-port=0",
  "--remote-allow-origins=*",
];

export interface View {
  readonly width: number;
  readonly height: number;
  readonly theme: "light" | "dark";
}

type Message = {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
};

/** A browser with one tab. */
export class Browser {
  #next = 0;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #events = new Map<string, () => void>();
  #session: string | undefined;

  private constructor(
    readonly process: Deno.ChildProcess,
    readonly socket: WebSocket,
    readonly profile: string,
  ) {
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data) as Message;
      if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
      else if (message.method) this.#events.get(message.method)?.();
    };
  }

  /** Starts the browser and runs `body` with it; stops it in every case. */
  static async use(body: (browser: Browser) => Promise<void>): Promise<void> {
    const profile = await Deno.makeTempDir({ prefix: "assay-browser-" });
    const process = new Deno.Command(CHROMIUM, {
      args: [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const { address, drained } = await listening(process.stderr);
    const socket = new WebSocket(address);
    await new Promise((done, fail) => {
      socket.onopen = done;
      socket.onerror = fail;
    });
    const browser = new Browser(process, socket, profile);
    try {
      const { targetId } = await browser.send<{ targetId: string }>("Target.createTarget", {
        url: "about:blank",
      });
      const { sessionId } = await browser.send<{ sessionId: string }>("Target.attachToTarget", {
        targetId,
        flatten: true,
      });
      browser.#session = sessionId;
      await browser.send("Page.enable");
      await body(browser);
    } finally {
      const closed = new Promise((done) => socket.onclose = done);
      process.kill("SIGKILL");
      await Promise.all([closed, process.status, drained]);
      await removeProfile(profile);
    }
  }

  /** One command of the protocol. Throws what the browser answers if it refuses. */
  async send<T = unknown>(method: string, params: unknown = {}): Promise<T> {
    const id = ++this.#next;
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    this.socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }));
    const { result, error } = await promise;
    this.#waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  /** Opens a file as a reader with this window and theme; resolves when it is drawn. */
  async open(file: string, { width, height, theme }: View): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: width < 600,
    });
    await this.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value: theme }],
    });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#events.set("Page.loadEventFired", resolve);
    const { errorText } = await this.send<{ errorText?: string }>("Page.navigate", { url: `file://${file}` });
    assert.equal(errorText, undefined, file);
    await promise;
  }

  /** Value of an expression in the page; it must be JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send<
      { result: { value: T }; exceptionDetails?: { exception?: { description?: string } } }
    >("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
    assert.equal(exceptionDetails?.exception?.description, undefined);
    return result.value;
  }

  /** Presses and releases a key. */
  async press(key: string, code: number): Promise<void> {
    const event = { key, code: key, windowsVirtualKeyCode: code };
    await this.send("Input.dispatchKeyEvent", {
      type: key === "Enter" ? "keyDown" : "rawKeyDown",
      ...event,
      ...(key === "Enter" && { text: "\r" }),
    });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** What the window shows, as PNG. */
  async screenshot(): Promise<Uint8Array> {
    const { data } = await this.send<{ data: string }>("Page.captureScreenshot", { format: "png" });
    return Uint8Array.fromBase64(data);
  }
}

/** Pixels of a screenshot: (height, width, channels), 8 bit. */
export function pixels(
  png: Uint8Array,
): { width: number; height: number; channels: number; data: Uint8Array } {
  const { width, height, channels, data } = decode(png);
  assert.ok(data instanceof Uint8Array || data instanceof Uint8ClampedArray);
  return { width, height, channels, data: new Uint8Array(data) };
}

/** The address that the browser prints once it listens; the rest of what it says is read and dropped. */
async function listening(
  stderr: ReadableStream<Uint8Array>,
): Promise<{ address: string; drained: Promise<void> }> {
  const lines = stderr.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let said = "";
  for (;;) {
    const { value, done } = await lines.next();
    assert.ok(!done, `the browser ended early: ${said}`);
    said += value;
    const address = said.match(/DevTools listening on (ws:\/\/\S+)/)?.[1];
    if (address === undefined) continue;
    const drain = async () => {
      while (!(await lines.next()).done);
    };
    return { address, drained: drain() };
  }
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
