/** Prints numbers so that the relation between the last two still holds between the printed ones. */

/**
 * `text(show)` is the whole inequality, printing its numbers through `show`; `left` and `right` are the two sides of its
 * relation. Starts with two significant digits of `unit` (a typical size, such as the margin) and adds decimals until
 * the printed sides compare as the exact ones do.
 */
export function printRelation(
  left: number,
  right: number,
  unit: number,
  text: (show: (value: number) => string) => string,
): string {
  const start = unit > 0 && Number.isFinite(unit) ? 1 - Math.floor(Math.log10(unit)) : 2;
  let decimals = Math.min(15, Math.max(0, start));
  const show = (value: number) => value.toFixed(decimals);
  while (decimals < 15 && Math.sign(Number(show(left)) - Number(show(right))) !== Math.sign(left - right)) {
    decimals++;
  }
  return text(show);
}

/** How the interval of an inequality was made: on one side, at this level. */
export function atLevel(alpha: number): string {
  return `(one-sided, level ${Number(alpha.toPrecision(3))})`;
}
