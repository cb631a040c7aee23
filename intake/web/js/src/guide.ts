// Leads through the pages of a form: which one is shown, and which comes next.

import { fetchFormWords, type FormWords } from "./form_words";
import {
  type Answers,
  type Definition,
  firstPlace,
  gone,
  isAnswered,
  keyOf,
  mayAdd,
  MINIMAL,
  paths,
  pathsOf,
  type Place,
  places,
  times,
} from "./form";
import { readAnswers } from "./form_view";
import { demand } from "./errors";
import type { Problem } from "./testimony";
import { fillIn, Views } from "./views";

export type Way = "next" | "skip" | "back" | "end" | "again";

/** Where the person is in the form. */
export interface Guide {
  readonly definition: Definition;
  readonly place: Place;
  /** Whether the page shown is the last one, after which everything is checked. */
  readonly last: boolean;
  /** Show another page. */
  go(way: Way): void;
  /** Show the page with this key; where there is none, the first. */
  show(key?: string): void;
  /** Those of the problems that are on the page shown; first, the page of the first is shown. */
  pageOf(problems: readonly Problem[]): readonly Problem[];
  /** Of the problems, those of the page shown. */
  here(problems: readonly Problem[]): readonly Problem[];
  /** Make every page that has an answer, so that its words are at hand. */
  complete(): void;
  /** Fill the form in, and show the page with this key. */
  restore(answers: Answers, agreed: ReadonlySet<string>, key: string): void;
  /** What stands before a question that is asked each time. */
  before(path: string): string;
}

/** Makes the guide of a form that is on the page. */
type Make = (form: HTMLFormElement) => Guide;

/** What makes the guide of this form; throws where its words cannot be had. */
export async function openGuide({ dataset }: HTMLFormElement): Promise<Make> {
  if (dataset["words"] !== undefined) {
    const texts = await fetchFormWords(dataset);
    return (form) => new Pages(form, texts);
  }
  checkKnown(dataset);
  return (form) => new OnePage(form);
}

/** Throw unless this script can fill in the form: it holds it, or the page names a file with it. */
export function checkKnown({ form, version, words }: DOMStringMap): void {
  const held = form === MINIMAL.id && version === String(MINIMAL.version);
  demand(held || words !== undefined, "this script fills in another form");
}

class OnePage implements Guide {
  readonly definition = MINIMAL;
  readonly place = firstPlace(MINIMAL);
  readonly last = true;
  constructor(private readonly form: HTMLFormElement) {}
  go(): void {}
  show(): void {}
  pageOf = (problems: readonly Problem[]): readonly Problem[] => problems;
  here = this.pageOf;
  complete(): void {}
  restore(answers: Answers, agreed: ReadonlySet<string>): void {
    fillIn(this.form, answers, agreed);
  }
  before(): string {
    return "";
  }
}

class Pages implements Guide {
  readonly definition: Definition;
  readonly #views: Views;
  place: Place;

  constructor(
    private readonly form: HTMLFormElement,
    texts: FormWords,
  ) {
    this.definition = texts.form;
    this.#views = new Views(form, texts);
    this.place = firstPlace(this.definition);
  }

  get last(): boolean {
    return this.place.page.consent === true;
  }

  go(way: Way): void {
    this.#to(gone(this.definition, this.#answers(), this.place, way === "skip" ? "next" : way));
  }

  show(key = ""): void {
    const all = places(this.definition, this.definition.most);
    this.#to(all.find((place) => keyOf(place) === key) ?? firstPlace(this.definition));
  }

  pageOf(problems: readonly Problem[]): readonly Problem[] {
    const path = problems[0]?.field;
    const all = places(this.definition, this.definition.most);
    const place = all.find((one) => pathsOf(this.definition, one).some(([own]) => own === path));
    if (place !== undefined && keyOf(place) !== keyOf(this.place)) this.#to(place);
    return this.here(problems);
  }

  here(problems: readonly Problem[]): readonly Problem[] {
    const own = pathsOf(this.definition, this.place).map(([path]) => path);
    return problems.filter(({ field }) => own.includes(field));
  }

  complete(answers: Answers = this.#answers()): void {
    for (const place of places(this.definition, times(this.definition, answers))) {
      if (place.page.consent || isAnswered(this.definition, answers, place)) this.#views.make(place);
    }
  }

  restore(answers: Answers, agreed: ReadonlySet<string>, key: string): void {
    this.complete(answers);
    fillIn(this.form, answers, agreed);
    this.show(key);
  }

  before(path: string): string {
    const [group, time] = path.split(".");
    return group === this.definition.repeat && time ? `${this.#views.timeOf(Number(time))}. ` : "";
  }

  #answers(): Answers {
    return readAnswers(this.form, paths(this.definition));
  }

  #to(place: Place): void {
    this.place = place;
    this.#views.show(place);
    const first = keyOf(place) === keyOf(firstPlace(this.definition));
    const ways: Record<string, boolean> = {
      again: mayAdd(this.definition, this.#answers(), place),
      skip: !first && !this.last && place.page.fields.length > 0,
      back: !first,
      end: !this.last,
    };
    for (const button of document.querySelectorAll<HTMLElement>("#actions [data-go]")) {
      button.hidden = ways[button.dataset["go"] ?? ""] !== true;
    }
    const heading = document.querySelector("h1");
    if (heading !== null) {
      heading.tabIndex = -1; // so that it can take the focus, and a screen reader starts there
      heading.focus();
      scrollTo(0, 0);
    }
  }
}
