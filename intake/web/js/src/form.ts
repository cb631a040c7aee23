// A form as data: its pages and fields in order, what is asked again for every time it happened.
// The same rules as intake/form.py.

import { demand } from "./errors";

export interface TextField {
  readonly name: string;
  readonly kind: "text";
  /** Code points. */
  readonly most: number;
  readonly required?: true;
}

export interface CodesField {
  readonly name: string;
  /** One of `codes`, or any of them: then the answer is all of them with one space between. */
  readonly kind: "choice" | "multi";
  readonly codes: readonly string[];
}

export type Field = TextField | CodesField;

export interface FormPage {
  readonly id: string;
  readonly fields: readonly Field[];
  /** Asked anew each time. */
  readonly each?: true;
  /** Asks for the uses. */
  readonly consent?: true;
  /** A choice, and the codes for which the page is asked. */
  readonly when?: readonly [field: string, codes: readonly string[]];
}

/** A form's pages, in order, and the uses it asks about with the ids of their wording. */
export interface Definition {
  readonly id: string;
  readonly version: number;
  /** The group that is asked for each time; empty where nothing repeats. */
  readonly repeat: string;
  /** How many times there can be. */
  readonly most: number;
  readonly pages: readonly FormPage[];
  readonly levels: readonly (readonly [level: string, wording: string])[];
}

/** A page for one person: which page, and for which time (0 where asked once). */
export interface Place {
  readonly page: FormPage;
  readonly time: number;
}

export type Answers = ReadonlyMap<string, string>;

export const MINIMAL: Definition = {
  id: "minimal",
  version: 2,
  repeat: "",
  most: 0,
  pages: [
    {
      id: "form",
      fields: [
        {
          name: "relation",
          kind: "choice",
          codes: ["r.self", "r.witness", "r.told", "r.other_role", "r.na"],
        },
        { name: "aware", kind: "choice", codes: ["yes", "no", "cannot"] },
        { name: "narrative", kind: "text", most: 20_000, required: true },
        { name: "when_text", kind: "text", most: 200 },
        { name: "where_text", kind: "text", most: 300 },
        { name: "who_text", kind: "text", most: 1_000 },
      ],
      consent: true,
    },
  ],
  levels: [
    ["stats", "c_stats.1"],
    ["publish", "c_publish.1"],
    ["investigators", "c_investigators.1"],
    ["courts", "c_courts.1"],
    ["message", "c_message.1"],
  ],
};

/** What is written later under a code: the box alone, under the consent of what it adds to. */
export const ADDITION: Definition = {
  id: "addition",
  version: 1,
  repeat: "",
  most: 0,
  pages: [
    {
      id: "form",
      fields: [{ name: "narrative", kind: "text", most: 20_000, required: true }],
      consent: true,
    },
  ],
  levels: [],
};

/** As forms carry it: `place.2`, or `age`. */
export function keyOf({ page, time }: Place): string {
  return time > 0 ? `${page.id}.${time}` : page.id;
}

export function firstPlace({ pages }: Definition): Place {
  const page = pages[0];
  demand(page !== undefined, "a form without a page");
  return { page, time: 0 };
}

/** How many times it happened: the last with any answer, at least 1; 0 in other forms. */
export function times({ pages, repeat, most }: Definition, answers: Answers): number {
  const names = pages.filter(({ each }) => each).flatMap(({ fields }) => fields.map((f) => f.name));
  for (let time = most; time > 1; time--) {
    if (names.some((name) => answers.get(`${repeat}.${time}.${name}`))) return time;
  }
  return Math.min(1, most);
}

/** Every page in order, those that repeat `count` times. */
export function places({ pages }: Definition, count: number): Place[] {
  const repeated = pages.filter(({ each }) => each);
  return pages.flatMap((page) => {
    if (!page.each) return [{ page, time: 0 }];
    if (page !== repeated[0]) return [];
    return Array.from({ length: count }, (_, n) =>
      repeated.map((again) => ({ page: again, time: n + 1 })),
    ).flat();
  });
}

/** The path in a container of each field of a page (docs/format.md 3). */
export function pathsOf({ repeat }: Definition, { page, time }: Place): [string, Field][] {
  const start = time > 0 ? `${repeat}.${time}.` : "";
  return page.fields.map((field) => [start + field.name, field]);
}

/** The path of every field there can be for so many times, in the form's order. */
export function paths(definition: Definition, count = definition.most): [string, Field][] {
  return places(definition, count).flatMap((place) => pathsOf(definition, place));
}

/**
 * The pages for whoever gave these answers and is at `here`. A page whose condition does not hold
 * is passed over, unless somebody is on it or something is written on it: whatever will be sent can
 * be seen and changed.
 */
export function route(definition: Definition, answers: Answers, here: Place): Place[] {
  const count = Math.max(times(definition, answers), here.time);
  return places(definition, count).filter((place) => {
    const { when } = place.page;
    if (when === undefined || when[1].includes(answers.get(when[0]) ?? "")) return true;
    return keyOf(place) === keyOf(here) || isAnswered(definition, answers, place);
  });
}

/** Whether something is written on a page. */
export function isAnswered(definition: Definition, answers: Answers, place: Place): boolean {
  return pathsOf(definition, place).some(([path]) => answers.get(path));
}

/** The page to go to by a button; the same where there is none. */
export function gone(
  definition: Definition,
  answers: Answers,
  here: Place,
  way: "next" | "back" | "end" | "again",
): Place {
  const on = route(definition, answers, here);
  const at = on.findIndex((place) => keyOf(place) === keyOf(here));
  if (way === "next") return on[at + 1] ?? here;
  if (way === "back") return on[at - 1] ?? here;
  if (way === "end") return on[on.length - 1] ?? here;
  const first = definition.pages.find(({ each }) => each);
  if (first === undefined || !mayAdd(definition, answers, here)) return here;
  return { page: first, time: here.time + 1 };
}

/** Whether another time can be added after this page: the last of the last time. */
export function mayAdd(definition: Definition, answers: Answers, { page, time }: Place): boolean {
  const last = definition.pages.filter(({ each }) => each).pop();
  return page === last && times(definition, answers) <= time && time < definition.most;
}
