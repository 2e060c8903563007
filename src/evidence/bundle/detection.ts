/** How likely random replays are to find a forged interval, exactly: sampling without replacement. */

/**
 * Probability that at least one of `forged` among `total` intervals is among `drawn` of them: 1 - C(total - forged,
 * drawn) / C(total, drawn). For many intervals it tends to 1 - (1 - forged / total)^drawn.
 */
export function detectionProbability(total: number, forged: number, drawn: number): number {
  let missed = 1;
  for (let i = 0; i < Math.min(drawn, total); i++) missed *= Math.max(0, total - forged - i) / (total - i);
  return 1 - missed;
}

/** Fewest replays that find one of `forged` among `total` intervals with at least this probability. */
export function replaysNeeded(total: number, forged: number, probability: number): number {
  for (let drawn = 1; drawn < total; drawn++) {
    if (detectionProbability(total, forged, drawn) >= probability) return drawn;
  }
  return total;
}

/** Intervals that a fraction means: at least one. */
export function forgedCount(total: number, fraction: number): number {
  return Math.min(total, Math.max(1, Math.ceil(fraction * total - 1e-9))); // 0.1 * 30 is a little over 3
}

/** The sentence printed after `drawn` replays among `total` intervals. */
export function describeDetection(total: number, drawn: number, fractions = [0.05, 0.1, 0.25, 0.5]): string {
  const parts = fractions.map((fraction) => {
    const forged = forgedCount(total, fraction);
    const percent = (100 * detectionProbability(total, forged, drawn)).toFixed(1);
    return `${forged} of ${total} (${100 * fraction} %): ${percent} %, 95 % needs ${
      replaysNeeded(total, forged, 0.95)
    }`;
  });
  return `${drawn} of ${total} intervals replayed; a run forged in so many of its intervals would have been caught ` +
    `with probability: ${[...new Set(parts)].join("; ")} replays`;
}
