import assert from "node:assert/strict";
import { attribute, escape, inline, markup } from "../../../src/report/site/html.ts";

Deno.test("markup escapes every text and leaves finished markup as it is", () => {
  const inner = markup`<b>${"a < b & \"c\" 'd'"}</b>`;
  assert.equal(inner.text, "<b>a &lt; b &amp; &quot;c&quot; &#39;d&#39;</b>");
  assert.equal(markup`<p>${inner}</p>`.text, `<p>${inner.text}</p>`);
});

Deno.test("markup drops what does not apply and joins lists", () => {
  assert.equal(markup`[${undefined}${false}${0}${["<", markup`<i>${1}</i>`]}]`.text, "[0&lt;<i>1</i>]");
});

Deno.test("attribute writes a quoted value or nothing", () => {
  assert.equal(markup`<p${attribute("class", `a" onclick="b`)}>`.text, `<p class="a&quot; onclick=&quot;b">`);
  for (const none of [undefined, false, ""] as const) {
    assert.equal(markup`<p${attribute("id", none)}>`.text, "<p>");
  }
});

Deno.test("escape replaces control characters, which HTML forbids, and keeps line ends", () => {
  assert.equal(escape("a\0b\x1b[1m\n\tc"), "a\ufffdb\ufffd[1m\n\tc");
});

Deno.test("inline marks code between backquotes, escaped inside and outside", () => {
  assert.equal(inline("run `a<b>` & go").text, "run <code>a&lt;b&gt;</code> &amp; go");
  assert.equal(inline("one ` alone").text, "one ` alone");
});
