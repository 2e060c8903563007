/** Named settings that the rows of a table start from. */
import { failure } from "../../base/error.ts";
import type { Part } from "../table/part.ts";
import { publishedPart } from "./published.ts";
import { SMALL } from "./small.ts";

const SETTINGS: Readonly<Record<string, (method: string, dataset: string) => Part | undefined>> = {
  none: () => ({}),
  small: (method) => Object.hasOwn(SMALL, method) ? SMALL[method] : undefined,
  published: publishedPart,
};

/** What a method starts from. Errors: settings that do not exist, or have none for the method on the dataset. */
export function settingsOf(name: string, method: string, dataset: string): Part {
  const settings = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  const found = settings?.(method, dataset);
  if (found) return found;
  throw failure({
    operation: "train",
    object: `"${method}" on "${dataset}"`,
    required: settings ? `the settings "${name}" must have an entry for it` : "its settings must exist",
    found: settings ? "none" : `"${name}"`,
    wayOut: settings
      ? "give the row its own optimizer, views and hyper-parameters, or choose another dataset"
      : `name one of ${Object.keys(SETTINGS).join(", ")}`,
  });
}
