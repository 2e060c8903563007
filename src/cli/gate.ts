import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { BASELINES, runGate } from "../evidence/gate/gate.ts";
import { gateAnnotations, gateJunit, renderGate } from "../evidence/gate/render.ts";
import { exitCodes, parseArgs, userPath } from "./command.ts";

export const summary = "Red when accuracy falls or peak memory grows by one byte against the baselines";

const folder = string({ metavar: "FOLDER" });
const options = object({
  only: optional(option("--only", choice(["plans", "runs"]), {
    description: message`Plans need no adapter and take seconds.`,
  })),
  update: option("--update", {
    description: message`Store what is measured as the new baselines and print the difference.`,
  }),
  junit: optional(option("--junit", string({ metavar: "FILE" }), {
    description: message`Also write JUnit XML, one test case a row.`,
  })),
  annotations: option("--annotations", {
    description: message`Also print GitHub annotations; done anyway where GITHUB_ACTIONS is set.`,
  }),
  baselines: optional(option("--baselines", folder, {
    description: message`Where the baselines lie. Default: reports/baselines of the project.`,
  })),
  out: optional(option("--out", folder, {
    description: message`Keep the run folders here, for ./run diff and ./run runs.`,
  })),
  json: option("--json", { description: message`Print the report as JSON.` }),
});

/** Runs the gate. Exit code 1 when a row is red. */
export async function run(args: readonly string[]): Promise<number> {
  const { only, update, junit, annotations, baselines, out, json } = parseArgs(
    {
      name: "gate",
      summary,
      examples: message`./run gate --only plans, ./run gate --junit gate.xml, ./run gate --update`,
    },
    options,
    args,
  );
  const result = await runGate({
    ...(only !== undefined && { only }),
    ...(out !== undefined && { out: userPath(out) }),
    baselines: baselines === undefined ? BASELINES : userPath(baselines),
    update,
    say: (line) => console.error(line),
  });
  if (!("report" in result)) {
    console.log(json ? JSON.stringify(result, null, 2) : [result.difference, "", ...result.files].join("\n"));
    return exitCodes.ok;
  }
  const { report } = result;
  console.log(json ? JSON.stringify(report, null, 2) : renderGate(report));
  if (junit !== undefined) await Deno.writeTextFile(userPath(junit), gateJunit(report));
  if (annotations || Deno.env.get("GITHUB_ACTIONS")) {
    for (const line of gateAnnotations(report)) console.log(line);
  }
  return report.ok ? exitCodes.ok : exitCodes.failure;
}
