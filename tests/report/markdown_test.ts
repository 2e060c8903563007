import assert from "node:assert/strict";
import { documentOf } from "../../src/report/document.ts";
import { renderMarkdown } from "../../src/report/markdown.ts";
import { smallResult } from "./small_result.ts";

const page = renderMarkdown(documentOf(smallResult));

Deno.test("renderMarkdown: headline first, then grids, claims apart from checks, protocol, notes", () => {
  const places = [
    "# A title",
    "One is worse than published.",
    "## Results",
    "## Beside",
    "## Plots",
    "## Published claims",
    "## Checks of this project",
    "## Protocol",
    "## Notes",
    "## Times",
  ].map((text) => page.indexOf(text));
  assert.ok(places.every((at) => at >= 0), page);
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.match(page, /42\.0 ± 5\.0 \(3\)/);
  assert.match(page, /`paper:claim` \| EXCEEDS +\| 2 > 1 \(one-sided, level 0\.05\)/);
  assert.match(page, /`own` \| holds +\| 1 = 1 +\| Is it so\?/);
});

Deno.test("renderMarkdown shows times in their section alone", () => {
  const [before, times] = page.split("## Times");
  assert.match(times!, /12\.3/);
  assert.match(times!, /9\.5/);
  assert.ok(!before!.includes("12.3") && !before!.includes("9.5"), "a time stands outside its section");
});

Deno.test("renderMarkdown leaves out sections that are empty", () => {
  const bare = renderMarkdown(
    documentOf({ ...smallResult, claims: [], checks: [], protocol: [], notes: [], plots: [], grids: [] }),
  );
  assert.doesNotMatch(bare, /^## /m);
});
