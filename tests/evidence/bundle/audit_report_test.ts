import assert from "node:assert/strict";
import { join } from "node:path";
import { AUDIT_FILES, auditFiles } from "../../../src/evidence/bundle/audit_report.ts";
import { folderFiles } from "../../../src/record/files.ts";
import { verifyBundle } from "../../../src/evidence/bundle/verify.ts";
import { run } from "../../../src/cli/audit.ts";
import { loadCorpus } from "../../../src/claims/corpus.ts";
import { checkAudit } from "../../../src/evidence/bundle/audit_report.ts";
import { captured } from "../../cli/captured.ts";

const corpus = await loadCorpus(new URL("../../../claims/", import.meta.url));

Deno.test("an audit's files name an unknown source", () => {
  assert.deepEqual([...auditFiles(corpus, "moco").keys()], [AUDIT_FILES.data, AUDIT_FILES.text]);
  assert.throws(() => auditFiles(corpus, "nobody"), /Cannot audit "nobody"/);
});

Deno.test("a bundle of an audit is made again from its claims; an edited finding or claim is found", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bundle = join(folder, "audit");
    assert.equal((await captured(() => run(["moco", "--bundle", bundle]))).code, 0);
    const sound = await verifyBundle(bundle, {});
    assert.ok(sound.lines.every((line) => line.status !== "TAMPERED"), JSON.stringify(sound.lines));
    assert.ok(sound.lines.some((line) => line.check === "report" && line.status === "OK"));
    const statuses = async () => (await checkAudit(await folderFiles(bundle))).map((line) => line.status);
    const page = join(bundle, AUDIT_FILES.text);
    const text = await Deno.readTextFile(page);
    await Deno.writeTextFile(page, text.replace("67.52", "67.53"));
    assert.deepEqual(await statuses(), ["TAMPERED"]);
    await Deno.writeTextFile(page, text);
    const claims = join(bundle, "claims/moco.yaml");
    await Deno.writeTextFile(claims, (await Deno.readTextFile(claims)).replace("67.7, 67.6", "67.7, 67.5"));
    assert.deepEqual(await statuses(), ["TAMPERED"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
