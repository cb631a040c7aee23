// What a person answered on the form, and what they allowed; valid by construction.
// The same rules, limits and problems as intake/testimony.py.

import { join } from "./bytes";
import { encode } from "./canonical";
import { type Answers, type Definition, type Field, MINIMAL, paths, times } from "./form";

const TEXT_BYTES = 61_440; // of the fields' canonical JSON; the rest of 64 KiB holds all else

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

/** Build from what the form holds, by path; `agreed` are the levels with a tick. */
export function fromAnswers(
  lang: string,
  answers: Answers,
  agreed: ReadonlySet<string>,
  definition: Definition = MINIMAL,
): Answered {
  const asked = paths(definition, times(definition, answers));
  const given = asked.map(([path, field]) => [path, field, answers.get(path) ?? ""] as const);
  const tidied = new Map(given.map(([path, field, text]) => [path, canonical(field, tidy(text))]));
  const odd = given
    .filter(([, , text]) => lines(text) !== tidy(text))
    .map(([field]): Problem => ({ field, kind: "odd", amount: 0 }));
  const problems = [...odd, ...problemsOf(definition, tidied)];
  if (problems.length > 0) return { problems, tidied };
  const { id, version, levels } = definition;
  return {
    testimony: {
      form: { id, version, lang },
      fields: [...tidied].filter(([, text]) => text !== ""),
      consent: levels.map(([level, wording]) => [level, agreed.has(level), wording, lang]),
    },
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
function problemsOf(definition: Definition, answers: Answers): Problem[] {
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
