// The words of a form that has more than one page, with its definition: one file a language, which
// the page names with its hash. Nothing that a person writes goes the other way.

import { demand } from "./errors";
import { get } from "./fetching";
import { type Definition, paths } from "./form";

/** How a field is asked; `hint` may be empty, `rows` above 1 is a box. */
export interface Question {
  readonly label: string;
  readonly hint: string;
  readonly rows: number;
}

export interface FormWords {
  readonly lang: string;
  readonly form: Definition;
  readonly questions: Readonly<Record<string, Question>>;
  /** What each code says, and what is said beside some. */
  readonly codes: Readonly<Record<string, string>>;
  readonly notes: Readonly<Record<string, string>>;
  /** What is said above the questions of a page. */
  readonly introductions: Readonly<Record<string, string>>;
  readonly consent: { readonly legend: string; readonly base: string };
  /** By level; a hint may be empty. */
  readonly uses: Readonly<Record<string, { readonly label: string; readonly hint: string }>>;
  readonly heading: string;
  /** With {n} for the number. */
  readonly time: string;
}

/** Fetch those that a form element names; throws where they cannot be had, or are not those that the page names. */
export async function fetchFormWords(dataset: DOMStringMap): Promise<FormWords> {
  const { words: address = "", integrity = "" } = dataset;
  demand(integrity !== "", "the page does not say which words");
  const words = JSON.parse(new TextDecoder().decode(await get(address, integrity))) as FormWords;
  const { form, lang, questions } = words;
  demand(form.id === dataset["form"], "the words are of another form");
  demand(String(form.version) === dataset["version"], "the words are of another form");
  demand(lang === dataset["lang"], "the words are of another language");
  const asked = paths(form, 1).map(([, field]) => field.name);
  demand(asked.every((name) => name in questions), "the words lack a question");
  demand(form.levels.every(([level]) => level in words.uses), "the words lack a use");
  return words;
}
