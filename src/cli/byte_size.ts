import { message } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import { bytes, parseBytes } from "../base/text.ts";

/** Value parser of sizes such as `12GiB`. */
export function byteSize(): ValueParser<"sync", number> {
  return {
    mode: "sync",
    metavar: "BYTES",
    placeholder: 0,
    parse(input) {
      const value = parseBytes(input);
      if (value !== undefined && value > 0) return { success: true, value };
      return { success: false, error: message`Expected a size such as 12GiB or 4096, but got ${input}.` };
    },
    format: (value) => bytes(value),
  };
}
