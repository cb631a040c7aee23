// What a person agreed to and still is not done: stories of others, and of children.
// The same rules as intake/caps.py.

import type { Answers } from "./form";

/** The kinds of caps, in the order in which they are said. */
export const CAPS = ["other", "minor"] as const;

const SELF = ["r.self", "r.na"];
const UNASKED = ["no", "cannot"];
const ADULT = ["a.18", "a.25", "a.35", "a.na"];

/** The caps that hold back a use among `agreed`. */
export function heldBack(answers: Answers, agreed: ReadonlySet<string>): (typeof CAPS)[number][] {
  const found: (typeof CAPS)[number][] = [];
  const relation = answers.get("relation") ?? "r.na";
  const unasked = relation !== "r.self" && UNASKED.includes(answers.get("aware") ?? "");
  const another = unasked || !SELF.includes(relation);
  const shown = ["publish", "investigators", "courts"].some((level) => agreed.has(level));
  if (another && answers.get("aware") !== "yes" && shown) found.push("other");
  const adult = ADULT.includes(answers.get("age_band") ?? "a.na");
  if (!adult && agreed.has("publish")) found.push("minor");
  return found;
}
