/** SimCLR trained by local losses over one forward pass: what plans and bits of several backward passes are tested with. */
import { mlp } from "../../src/nn/layers.ts";
import { ntXent } from "../../src/nn/losses.ts";
import type { Method } from "../../src/nn/method.ts";
import { globalAvgPool } from "../../src/nn/ops/pool.ts";
import type { Value } from "../../src/nn/trace.ts";

/**
 * Two views, one NT-Xent loss a unit behind pooling and a projector of its own with `hidden` units. A unit of `span` stages trains those
 * stages; the next unit starts one stage later: span 1 isolates units (GIM), span 2 makes neighbours overlap by one stage
 * (LoCo), a span of all stages is one end-to-end loss.
 */
export function localSimclr(span: number, hidden = 2048): Method {
  return {
    name: `local${span}`,
    paper: "Xiong, Ren, Urtasun, LoCo: Local Contrastive Representation Learning, arXiv 2008.01342",
    views: 2,
    hyper: {},
    trace(s, views) {
      const f = s.encoder();
      let maps: Value[] = [...views];
      const objectives = [];
      for (const [i, stage] of f.stages.entries()) {
        maps = maps.map(stage);
        const first = i + 1 - span;
        if (first < 0) continue;
        const name = `projector${i}`;
        const g = mlp(s, name, [f.channels[i]!, hidden, 256]);
        const [z1, z2] = maps.map((h) => g(globalAvgPool(s.t, h)));
        objectives.push({
          loss: ntXent(s.t, z1!, z2!, 0.2),
          wrt: [...f.parameters.slice(first, i + 1).flat(), ...s.parameters(name)],
        });
      }
      return objectives;
    },
  };
}
