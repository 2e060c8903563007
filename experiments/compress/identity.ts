/** CompRess: the gradient of similarity distillation, when its loss vanishes, and how its two queues stay aligned. */
import type { Experiment } from "../../src/repro/experiment.ts";
import { permutation, PhiloxStream } from "../../src/base/random.ts";
import * as losses from "../exact/softmax_losses.ts";
import * as s from "../exact/scalar.ts";
import { type Check, exactExperiment } from "../exact/check.ts";
import { differences, largest } from "../exact/differences.ts";
import { Queue } from "./exact/queue.ts";

const T = 0.04;
const stream = (purpose: number) => new PhiloxStream([purpose, 7]);

/** Cosine similarities of one query to `keys` anchors, divided by T. */
function logits(keys: number, seed: number): number[] {
  const draw = stream(seed);
  return Array.from({ length: keys }, () => 0.1 * draw.normal() / T);
}

function gradient(): Check[] {
  const teacher = logits(16, 1), student = logits(16, 2);
  const pt = losses.softmaxOf(teacher), ps = losses.softmaxOf(student);
  const stated = ps.map((p, k) => p - pt[k]!);
  const negated = stated.map((x) => -x);
  const o = s.variables(student);
  const exact = s.numbers(s.grad(losses.LOSSES.kl(o, s.variables(teacher)), o));
  const reversed = s.numbers(s.grad(losses.LOSSES.kl(s.variables(teacher), o), o));
  const numeric = differences((x) => losses.divergence(pt, losses.softmaxOf(x)), student);
  return [
    {
      id: "X13",
      what: "gradient of KL(p_t || p_s) by the student's logits: p_s - p_t, against autodiff",
      error: largest(stated, exact),
      tolerance: 1e-10,
      controls: [
        { what: "p_t - p_s", error: largest(negated, exact) },
        { what: "against KL(p_s || p_t)", error: largest(stated, reversed) },
      ],
    },
    {
      id: "X13",
      what: "the same, against differences",
      error: largest(stated, numeric),
      tolerance: 1e-10,
      controls: [{ what: "p_t - p_s", error: largest(negated, numeric) }],
    },
  ];
}

/** Loss and gradient where the student's similarities are the teacher's plus a shift. */
function vanishing(): Check[] {
  const queries = Array.from({ length: 6 }, (_, i) => logits(16, 10 + i));
  const shiftOf = stream(20);
  const perQuery = queries.map(() => shiftOf.normal() / T);
  const perKey = queries[0]!.map(() => 0.1 * shiftOf.normal() / T);
  const pairs = (shift: (query: number, key: number) => number) =>
    queries.map((teacher, q) => {
      const pt = losses.softmaxOf(teacher);
      const ps = losses.softmaxOf(teacher.map((t, k) => t + shift(q, k)));
      return { loss: losses.divergence(pt, ps), gradient: largest(ps, pt) };
    });
  const equal = pairs((q) => perQuery[q]!);
  const unequal = pairs((_, k) => perKey[k]!);
  const size = (x: { loss: number }[]) => x.map((y) => Math.abs(y.loss));
  return [
    {
      id: "X13",
      what: "student similarities equal to the teacher's up to a constant per query: loss",
      error: Math.max(...size(equal)),
      tolerance: 1e-10,
      controls: [{ what: "a constant per key instead", error: Math.min(...size(unequal)) }],
    },
    {
      id: "X13",
      what: "the same: gradient",
      error: Math.max(...equal.map((x) => x.gradient)),
      tolerance: 1e-10,
      controls: [{ what: "a constant per key instead", error: Math.min(...unequal.map((x) => x.gradient)) }],
    },
  ];
}

const SLOTS = 20, BATCH = 6, STEPS = 23; // 20 is no multiple of 6: batches wrap around

/** Images of every step, several epochs reshuffled. */
function batches(): number[][] {
  const images = BATCH * 8;
  return Array.from({ length: STEPS }, (_, step) => {
    const order = permutation(images, 3, Math.floor(step / 8));
    return [...order.slice((step % 8) * BATCH, (step % 8 + 1) * BATCH)];
  });
}

/** Share of slots that hold different images in the two queues at any step. */
function misaligned(studentStart: number, studentBatch: (images: number[]) => number[]): number {
  const empty = Array.from({ length: SLOTS }, () => -1);
  const teacher = new Queue(empty), student = new Queue(empty, studentStart);
  let wrong = 0;
  for (const images of batches()) {
    teacher.push(images);
    student.push(studentBatch(images));
    wrong += teacher.slots.filter((image, k) => image !== student.slots[k]).length;
  }
  return wrong / (SLOTS * STEPS);
}

/**
 * Largest difference between the loss over queues and the loss over anchors written down from the definition: at step n
 * slot k holds the last image that was put there before step n.
 */
function order(enqueueFirst: boolean): number {
  const draw = stream(30);
  const d = 5;
  const vectors = () =>
    Array.from(
      { length: BATCH * 8 + SLOTS },
      () => s.numbers(s.unit(s.variables(Array.from({ length: d }, () => draw.normal())))),
    );
  const [teacherOf, studentOf] = [vectors(), vectors()];
  const start = Array.from({ length: SLOTS }, (_, k) => BATCH * 8 + k);
  const teacher = new Queue(start.map((i) => teacherOf[i]!)),
    student = new Queue(start.map((i) => studentOf[i]!));
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const loss = (image: number, qt: readonly number[][], qs: readonly number[][]) =>
    losses.divergence(
      losses.softmaxOf(qt.map((k) => dot(teacherOf[image]!, k) / T)),
      losses.softmaxOf(qs.map((k) => dot(studentOf[image]!, k) / T)),
    );
  const all = batches();
  let worst = 0;
  all.forEach((images, step) => {
    const push = () => {
      teacher.push(images.map((i) => teacherOf[i]!));
      student.push(images.map((i) => studentOf[i]!));
    };
    if (enqueueFirst) push();
    const history = all.slice(0, step).flat();
    const held = start.map((image, k) => {
      const last = Math.floor((history.length - 1 - k) / SLOTS) * SLOTS + k; // latest position congruent to k
      return last >= 0 ? history[last]! : image;
    });
    for (const image of images) {
      const direct = loss(image, held.map((i) => teacherOf[i]!), held.map((i) => studentOf[i]!));
      worst = Math.max(worst, Math.abs(loss(image, teacher.slots, student.slots) - direct));
    }
    if (!enqueueFirst) push();
  });
  return worst;
}

function queues(): Check[] {
  return [
    {
      id: "X13",
      what: "share of slots whose two anchors are of different images, batches wrapping around",
      error: misaligned(0, (images) => images),
      tolerance: 0,
      controls: [
        { what: "student queue one slot behind", error: misaligned(1, (images) => images) },
        { what: "student batch in another order", error: misaligned(0, (images) => images.toReversed()) },
        { what: "student drops an image of each batch", error: misaligned(0, (images) => images.slice(1)) },
      ],
    },
    {
      id: "X13",
      what:
        "loss over the queues as they were before the batch, against anchors from the record of past batches",
      error: order(false),
      tolerance: 1e-10,
      controls: [{ what: "batch enqueued before its loss", error: order(true) }],
    },
  ];
}

export const experiment: Experiment = exactExperiment({
  id: "compress/identity",
  title: "CompRess: similarity distillation as identities",
  summary: "Gradient p_s - p_t, zero loss up to a constant per query, aligned queues, loss before enqueueing",
  statements: {
    X13:
      "The student's logit gradient is p_s - p_t; the loss is zero exactly when similarities agree up to a constant per " +
      "query; slot k of both queues holds one image, and a batch does not see itself.",
  },
  measure: () => ({
    checks: [...gradient(), ...vanishing(), ...queues()],
    notes: [`T ${T}; queues of ${SLOTS} slots, batches of ${BATCH}, ${STEPS} steps.`],
  }),
});
