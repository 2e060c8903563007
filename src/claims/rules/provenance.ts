/** Claims whose ground has moved: sources gone, metadata that disagrees, weights that belong to another row. */
import type { Artifact, Claim } from "../claim.ts";
import type { Protocol } from "../schema.ts";
import { type Finding, fixed, type Rule, type Severity } from "./finding.ts";

function findingAt(
  rule: string,
  severity: Severity,
  a: Artifact,
  message: string,
  arithmetic: string[],
): Finding {
  return { rule, severity, sources: [a.source], message, arithmetic, claims: [], at: a.at };
}

export const sourceGone: Rule = {
  id: "provenance/source-gone",
  title: "The public source of a claim is gone",
  help:
    "The address no longer serves what the claim was read from. Only a pinned copy (commit, tree hash) still does.",
  check: (corpus) =>
    corpus.sources.flatMap((source) =>
      source.references.filter((r) => r.gone !== undefined).map((r): Finding => ({
        rule: sourceGone.id,
        severity: "warning",
        sources: [source.id],
        message: `${source.id}: ${r.where} at ${r.revision} is gone`,
        arithmetic: [r.gone!],
        claims: source.claims.filter((c: Claim) => c.reference.id === r.id),
        at: r.at,
      }))
    ),
};

/** What a name such as `simclr_resnet50_16xb256-coslr-800e_in1k` says: 16 GPUs x 256 images, 800 epochs. */
export function encodedRecipe(name: string): Pick<Protocol, "epochs" | "batch"> {
  const own = name.split("/")[0]!;
  const batch = /(\d+)xb(\d+)/.exec(own);
  const epochs = /-(\d+)e(?=[_./-]|$)/.exec(own);
  return {
    ...(batch ? { batch: Number(batch[1]) * Number(batch[2]) } : {}),
    ...(epochs ? { epochs: Number(epochs[1]) } : {}),
  };
}

export const metadataDisagrees: Rule = {
  id: "provenance/metadata",
  title: "The metadata of a published model disagrees with its row",
  help:
    "File names of mmselfsup-like zoos encode GPUs x batch and epochs. Name, configuration, weights and the listed fields " +
    "are compared with the row's protocol.",
  check: (corpus) =>
    corpus.sources.flatMap((s) => s.artifacts).flatMap((a) => {
      const says: [string, string, Pick<Protocol, "epochs" | "batch">][] = [
        ...(["name", "config", "weights", "probe_weights"] as const).flatMap((
          key,
        ): [string, string, Protocol][] =>
          a[key] === undefined ? [] : [[key, a[key], encodedRecipe(a[key])]]
        ),
        ...(a.listed === undefined ? [] : [["listed fields", "", a.listed] as [string, string, Protocol]]),
      ];
      const wrong = says.flatMap(([key, text, recipe]) =>
        (["epochs", "batch"] as const).filter((f) =>
          recipe[f] !== undefined && a.protocol[f] !== undefined && recipe[f] !== a.protocol[f]
        ).map((f) =>
          `${key}${text === "" ? "" : ` ${text}`} says ${f} ${recipe[f]}, the row is ${f} ${a.protocol[f]}`
        )
      );
      return wrong.length === 0 ? [] : [findingAt(
        metadataDisagrees.id,
        "error",
        a,
        `${a.source}: the metadata of ${a.table}/${a.row} contradicts the row in ${wrong.length} place` +
          (wrong.length === 1 ? "" : "s"),
        wrong,
      )];
    }),
};

export const sharedWeights: Rule = {
  id: "provenance/shared-weights",
  title: "Two rows with different results point at one file of weights",
  help: "Different models cannot have been scored with one file.",
  check: (corpus) =>
    corpus.sources.flatMap((source) =>
      (["weights", "probe_weights"] as const).flatMap((key) => {
        const withFile = source.artifacts.filter((a) => a[key] !== undefined);
        return [...Map.groupBy(withFile, (a) => a[key])].filter(([, rows]) => rows.length > 1).map(
          ([file, rows]): Finding => {
            const claims = source.claims.filter((c) =>
              rows.some((a) => a.table === c.table && a.row === c.row)
            );
            return {
              ...findingAt(
                sharedWeights.id,
                "error",
                rows[0]!,
                `${source.id}: ${rows.map((r) => `${r.table}/${r.row}`).join(" and ")} publish the same ${
                  key.replace("_", " ")
                }`,
                [`${file}`, `values: ${claims.map((c) => `${c.row} ${c.value}`).join(", ")}`],
              ),
              claims,
            };
          },
        );
      })
    ),
};

export const stepCount: Rule = {
  id: "provenance/steps",
  title: "The number of optimizer steps implies another batch size",
  help:
    "steps / epochs is the number of batches in an epoch, which is the training set divided by the batch, rounded either " +
    "way. A row whose checkpoint counts other steps was trained with another batch (or accumulated gradients).",
  check: (corpus) =>
    corpus.sources.flatMap((s) => s.artifacts).flatMap((a) => {
      const { epochs, batch } = a.protocol;
      const train = a.dataset?.train;
      if (
        a.steps === undefined || epochs === undefined || batch === undefined || train === undefined
      ) return [];
      const perEpoch = a.steps / epochs;
      const expected = train / batch;
      if (perEpoch >= Math.floor(expected) && perEpoch <= Math.ceil(expected)) return [];
      return [findingAt(
        stepCount.id,
        "warning",
        a,
        `${a.source}: ${a.table}/${a.row} lists batch ${batch}, its checkpoint counts the steps of another batch`,
        [
          `${a.steps} steps / ${epochs} epochs = ${fixed(perEpoch, 0)} per epoch`,
          `${train} images / ${batch} = ${fixed(expected, 1)} per epoch; ${train} / ${
            fixed(perEpoch, 0)
          } = ` +
          `${fixed(train / perEpoch, 1)} images per step`,
        ],
      )];
    }),
};
