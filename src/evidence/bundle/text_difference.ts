/** The first difference of two texts, as a sentence with line and column. */

/** First line in which two texts differ; in a Markdown table with the column's heading. */
export function textDifference(
  stated: string,
  made: string,
): { line: number; cell: string; message: string } | undefined {
  const a = stated.split("\n"), b = made.split("\n");
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [ours = "", theirs = ""] = [b[i], a[i]];
    if (a[i] === b[i]) continue;
    const column = columnOf(theirs, ours);
    const heading = column === undefined ? undefined : headingAbove(a, i)?.[column];
    const cells = [theirs, ours].map((line) => column === undefined ? line : cellsOf(line)[column]!);
    return {
      line: i + 1,
      cell: column === undefined ? "" : `, column ${heading || column + 1}`,
      message: `says ${shown(cells[0])}, it should be ${shown(cells[1])}`,
    };
  }
  return undefined;
}

function cellsOf(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function columnOf(a: string, b: string): number | undefined {
  if (!a.trim().startsWith("|") || !b.trim().startsWith("|")) return undefined;
  const [left, right] = [cellsOf(a), cellsOf(b)];
  if (left.length !== right.length) return undefined;
  const column = left.findIndex((cell, i) => cell !== right[i]);
  return column < 0 ? undefined : column;
}

function headingAbove(lines: readonly string[], at: number): string[] | undefined {
  while (at > 0 && lines[at - 1]!.trim().startsWith("|")) at--;
  return lines[at] === undefined ? undefined : cellsOf(lines[at]);
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
