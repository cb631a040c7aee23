// What a person answered on the form, and what they allowed; valid by construction.
// The same rules, limits and problems as intake/testimony.py.

import { join } from "./bytes";
import { encode } from "./canonical";

const TEXT_BYTES = 61_440; // of the fields' canonical JSON; the rest of 64 KiB holds all else

interface TextField {
  readonly name: string;
  /** Code points. */
  readonly most: number;
  readonly required?: true;
}

interface ChoiceField {
  readonly name: string;
  readonly choices: readonly string[];
}

/** The form's questions, in order, and the uses it asks about with the ids of their wording. */
export const MINIMAL = {
  id: "minimal",
  version: 1,
  fields: [
    { name: "relation", choices: ["r.self", "r.witness", "r.told", "r.other_role", "r.na"] },
    { name: "aware", choices: ["yes", "no", "cannot"] },
    { name: "narrative", most: 20_000, required: true },
    { name: "when_text", most: 200 },
    { name: "where_text", most: 300 },
    { name: "who_text", most: 1_000 },
  ] satisfies (TextField | ChoiceField)[] as readonly (TextField | ChoiceField)[],
  levels: [
    ["stats", "c_stats.1"],
    ["publish", "c_publish.1"],
    ["investigators", "c_investigators.1"],
    ["courts", "c_courts.1"],
  ],
} as const;

/** What is wrong with one field; `amount` counts the characters that are too many. */
export interface Problem {
  readonly field: string;
  readonly kind: "empty" | "long" | "odd" | "choice";
  readonly amount: number;
}

/** Answers and consent for one form. */
export interface Testimony {
  readonly form: { readonly id: string; readonly version: number; readonly lang: string };
  readonly fields: readonly (readonly [name: string, text: string])[];
  readonly consent: readonly (readonly [
    level: string,
    agreed: boolean,
    wording: string,
    lang: string,
  ])[];
}

/** Either a testimony, or what is wrong and every answer as it can be shown again. */
export type Answered =
  | { readonly testimony: Testimony }
  | { readonly problems: readonly Problem[]; readonly tidied: ReadonlyMap<string, string> };

/** Build from what the form holds; `agreed` are the levels with a tick. */
export function fromAnswers(
  lang: string,
  answers: ReadonlyMap<string, string>,
  agreed: ReadonlySet<string>,
): Answered {
  const given = MINIMAL.fields.map(({ name }) => [name, answers.get(name) ?? ""] as const);
  const tidied = new Map(given.map(([name, text]) => [name, tidy(text)]));
  const odd = given
    .filter(([name, text]) => lines(text) !== tidied.get(name))
    .map(([field]): Problem => ({ field, kind: "odd", amount: 0 }));
  const problems = [...odd, ...problemsOf(tidied)];
  if (problems.length > 0) return { problems, tidied };
  return {
    testimony: {
      form: { id: MINIMAL.id, version: MINIMAL.version, lang },
      fields: [...tidied].filter(([, text]) => text !== ""),
      consent: MINIMAL.levels.map(([level, wording]) => [level, agreed.has(level), wording, lang]),
    },
  };
}

/** `text` with LF at the end of each line, whichever way it came. */
export function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/**
 * `text` with LF line ends and without what is not writing: control characters but TAB and LF,
 * lone surrogates, and U+FFFD, which stands where something could not be decoded.
 */
export function tidy(text: string): string {
  return lines(text).replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd\p{Surrogate}]/gu, "");
}

/** What is wrong with tidied answers, in the form's order. */
function problemsOf(answers: ReadonlyMap<string, string>): Problem[] {
  const problems: Problem[] = [];
  for (const asked of MINIMAL.fields) {
    const text = answers.get(asked.name) ?? "";
    if ("choices" in asked) {
      if (text !== "" && !asked.choices.includes(text)) {
        problems.push({ field: asked.name, kind: "choice", amount: 0 });
      }
    } else if (asked.required === true && !/[^\t\n\r ]/.test(text)) {
      problems.push({ field: asked.name, kind: "empty", amount: 0 });
    } else if (characters(text) > asked.most) {
      problems.push({ field: asked.name, kind: "long", amount: characters(text) - asked.most });
    }
  }
  return problems.some(({ kind }) => kind === "long") ? problems : [...problems, ...bytesOver(answers)];
}

/** 20,000 letters of Latin, Cyrillic or Arabic always fit; of other scripts fewer may. */
function bytesOver(answers: ReadonlyMap<string, string>): Problem[] {
  const rows = MINIMAL.fields.map(({ name }) => [name, answers.get(name) ?? ""] as const);
  const size = join(encode(rows.filter(([, text]) => text !== ""))).length;
  if (size <= TEXT_BYTES) return [];
  const narrative = answers.get("narrative") ?? "";
  const bytes = join(encode(narrative)).length - 2;
  const mean = Math.max(1, bytes) / Math.max(1, characters(narrative));
  return [{ field: "narrative", kind: "long", amount: Math.ceil((size - TEXT_BYTES) / mean) }];
}

/** Code points, as the limits count them. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
