/** Runs a command and keeps what it prints; `Exit` becomes its code, as in main. */
import { Exit } from "../../src/cli/command.ts";

export async function captured(
  body: () => Promise<number>,
): Promise<{ code: number; out: string; err: string }> {
  const { log, error } = console;
  const out: string[] = [], err: string[] = [];
  console.log = (...parts: unknown[]) => void out.push(parts.join(" "));
  console.error = (...parts: unknown[]) => void err.push(parts.join(" "));
  let code: number;
  try {
    code = await body();
  } catch (thrown) {
    if (!(thrown instanceof Exit)) throw thrown;
    code = thrown.code;
  } finally {
    console.log = log;
    console.error = error;
  }
  return { code, out: out.join("\n"), err: err.join("\n") };
}
