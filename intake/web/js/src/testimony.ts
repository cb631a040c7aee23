// What a person answered on the form, and what they allowed; valid by construction.
// The same rules, limits and problems as intake/testimony.py.

import { join } from "./bytes";
import { encode } from "./canonical";
import type { WordList } from "./codename";
import { type Answers, type Definition, type Field, MINIMAL, paths, times } from "./form";

const TEXT_BYTES = 61_440; // of the fields' canonical JSON; the rest of 64 KiB holds all else

/** What is wrong with one field; `amount` counts the characters that are too many. */
export interface Problem {
  readonly field: string;
  readonly kind: "empty" | "long" | "odd" | "choice" | "code_in_text";
  readonly amount: number;
}

/** What somebody seals: answers and consent for one form, or what is said later under a code. */
export interface Testimony {
  readonly kind: "testimony" | "addition" | "consent";
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

/**
 * Build from what the form holds, by path; `agreed` are the levels with a tick. Where the list of
 * words is not here yet, nobody can tell whether a code is in it (`holdsCode`).
 */
export function fromAnswers(
  lang: string,
  answers: Answers,
  agreed: ReadonlySet<string>,
  definition: Definition = MINIMAL,
  list?: WordList,
): Answered {
  const asked = paths(definition, times(definition, answers));
  const given = asked.map(([path, field]) => [path, field, answers.get(path) ?? ""] as const);
  const tidied = new Map(given.map(([path, field, text]) => [path, canonical(field, tidy(text))]));
  const odd = given
    .filter(([, , text]) => lines(text) !== tidy(text))
    .map(([field]): Problem => ({ field, kind: "odd", amount: 0 }));
  const problems = [...odd, ...problemsOf(definition, tidied, list)];
  if (problems.length > 0) return { problems, tidied };
  const { id, version, levels } = definition;
  return {
    testimony: {
      kind: id === "addition" ? "addition" : "testimony",
      form: { id, version, lang },
      fields: [...tidied].filter(([, text]) => text !== ""),
      consent: levels.map(([level, wording]) => [level, agreed.has(level), wording, lang]),
    },
  };
}

/** Whether a code stands in one of the texts. */
export function holdsCode({ fields }: Testimony, list: WordList): boolean {
  return fields.some(([, text]) => list.isCodeIn(text));
}

const CHANGE = { id: "consent", version: 1 };

/** What somebody allows from now on: yes to the levels in `agreed`, and no to all others. */
export function consentChange(lang: string, agreed: ReadonlySet<string>): Testimony {
  const rows = MINIMAL.levels.map(
    ([level, wording]) => [level, agreed.has(level), wording, lang] as const,
  );
  return { kind: "consent", form: { ...CHANGE, lang }, fields: [], consent: rows };
}

/** Yes or no to the question in a reply; `question` is the digest of its note. */
export function consentAnswer(lang: string, question: string, agreed: boolean): Testimony {
  return {
    kind: "consent",
    form: { ...CHANGE, lang },
    fields: [["asked", question]],
    consent: [["government", agreed, "c_government.1", lang]],
  };
}

/** The one spelling of an answer: several codes stand in the form's order, with a space between. */
function canonical(field: Field, text: string): string {
  if (field.kind !== "multi") return text;
  const chosen = text.split(" ").filter((code) => code !== "");
  if (!chosen.every((code) => field.codes.includes(code))) return text;
  return field.codes.filter((code) => chosen.includes(code)).join(" ");
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
function problemsOf(definition: Definition, answers: Answers, list?: WordList): Problem[] {
  const problems: Problem[] = [];
  for (const [path, asked] of paths(definition, times(definition, answers))) {
    const text = answers.get(path) ?? "";
    if (asked.kind !== "text") {
      const chosen = asked.kind === "multi" ? text.split(" ") : [text];
      if (text !== "" && !chosen.every((code) => asked.codes.includes(code))) {
        problems.push({ field: path, kind: "choice", amount: 0 });
      }
    } else if (asked.required === true && !/[^\t\n\r ]/.test(text)) {
      problems.push({ field: path, kind: "empty", amount: 0 });
    } else if (characters(text) > asked.most) {
      problems.push({ field: path, kind: "long", amount: characters(text) - asked.most });
    } else if (list?.isCodeIn(text) === true) {
      // Reviewers, and whoever reads it later, could do all that its author can.
      problems.push({ field: path, kind: "code_in_text", amount: 0 });
    }
  }
  if (problems.some(({ kind }) => kind === "long")) return problems;
  return [...problems, ...bytesOver(definition, answers)];
}

/**
 * 20,000 letters of Latin, Cyrillic or Arabic always fit beside a full minimal form. Of other
 * scripts fewer may, and of a guided form not every box can be full at once. It is said of the
 * longest text.
 */
function bytesOver(definition: Definition, answers: Answers): Problem[] {
  const rows = paths(definition, times(definition, answers))
    .map(([path]) => [path, answers.get(path) ?? ""] as const)
    .filter(([, text]) => text !== "");
  const size = join(encode(rows)).length;
  if (size <= TEXT_BYTES) return [];
  const lengths = rows.map(([, text]) => join(encode(text)).length - 2);
  const longest = lengths.indexOf(Math.max(...lengths));
  const [field, text] = rows[longest] ?? ["narrative", ""];
  const mean = Math.max(1, lengths[longest] ?? 0) / Math.max(1, characters(text));
  return [{ field, kind: "long", amount: Math.ceil((size - TEXT_BYTES) / mean) }];
}

/** Code points, as the limits count them. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
