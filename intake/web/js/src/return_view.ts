// What somebody sees who has come back with a code, made in the page. What reviewers wrote goes in as
// text, never as markup: no link in it leads anywhere, and nothing of it is fetched.

import { NotACode } from "./codename";
import { demand } from "./errors";
import { MINIMAL } from "./form";
import type { Found } from "./reply";
import { button, line, mode, sendingShown, together } from "./screens";
import { tick, writing } from "./views";
import { clone, type Words } from "./words";

const SHOWN = 8; // unknown words that are named; somebody may have pasted something else

/** What is wrong with what was typed, a line each. */
export function wrongWith({ count, unknown }: NotACode, words: Words): string[] {
  const lines = unknown.slice(0, SHOWN).flatMap(([word, near]) => [
    words.error("code").replace("{word}", () => word),
    ...(near === undefined ? [] : [words.error("code_near").replace("{word}", () => near)]),
  ]);
  if (unknown.length > 0) return lines;
  return [words.error("code_count").replace("{n}", String(count))];
}

/** The messages, or that there are none, and what can be done. */
export function messagesView(words: Words, replies: readonly Found[]): DocumentFragment {
  const consent = button("consent", words.say("return.consent"));
  const withdraw = button("withdraw", words.say("return.withdraw"));
  consent.className = withdraw.className = "plain";
  return together(
    line("h1", replies.length > 0 ? words.say("return.msg1") : words.say("return.msg0")),
    ...replies.map((reply, place) => messageShown(words, reply, place)),
    mode(words.say("return.mode_browser")),
    ...sendingShown(),
    button("more", words.say("return.more")),
    consent,
    withdraw,
  );
}

function messageShown(words: Words, { note }: Found, place: number): HTMLElement {
  const section = document.createElement("section");
  const week = words.say("return.from").replace("{week}", note.epoch.toString());
  section.append(line("h2", week), asWritten(note.text));
  if (note.question === "") return section;
  const question = asWritten(note.question);
  question.id = `question-${place}`;
  const choices = { yes: words.say("return.yes"), no: words.say("return.no") };
  const answers = Object.entries(choices).map(([answer, said]) => {
    const choice = button(`${answer}-${place}`, said);
    Object.assign(choice.dataset, { answer, question: note.digest });
    choice.setAttribute("aria-describedby", question.id);
    return choice;
  });
  section.append(
    line("p", words.say("return.question")),
    question,
    line("p", words.say("return.question_p")),
    ...answers,
  );
  return section;
}

/** What a reviewer wrote, with its line ends (`said` in the style). */
function asWritten(text: string): HTMLElement {
  const element = line("p", text);
  Object.assign(element, { className: "said", dir: "auto" });
  return element;
}

/** A box for what is to be added. */
export function moreView(words: Words): DocumentFragment {
  const summary = document.createElement("div");
  summary.id = "summary";
  const form = document.createElement("div"); // no form: nothing can submit it
  form.id = "form";
  form.append(
    writing("narrative", {
      label: words.say("form.text"),
      hint: words.say("form.text_hint"),
      rows: 12,
    }),
  );
  return together(
    summary,
    line("h1", words.say("return.more")),
    line("p", words.say("return.more_p")),
    form,
    ...sealing(words),
  );
}

/** Every use that the form asks about, none of them ticked. */
export function consentView(words: Words): DocumentFragment {
  const box = document.createElement("fieldset");
  box.className = "field";
  box.append(line("legend", words.say("form.consent")));
  const uses = usesIn(words);
  for (const [level] of MINIMAL.levels) {
    const [label, hint = ""] = uses[level] ?? [];
    demand(label !== undefined, "a use has no words");
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", name: "consent", value: level });
    box.append(tick(input, label, hint));
  }
  return together(
    line("h1", words.say("return.consent")),
    line("p", words.say("return.consent_p")),
    box,
    ...sealing(words),
  );
}

/** The words of each use and of its hint, as the form has them. */
function usesIn(words: Words): Record<string, readonly [label: string, hint?: string]> {
  return {
    stats: [words.say("form.c_stats")],
    publish: [words.say("form.c_publish"), words.say("form.c_publish_h")],
    investigators: [words.say("form.c_invest"), words.say("form.c_invest_h")],
    courts: [words.say("form.c_court"), words.say("form.c_court_h")],
    message: [words.say("form.c_msg"), words.say("form.c_msg_h")],
  };
}

/** What stands under everything that is sealed and sent. */
function sealing(words: Words): Node[] {
  const send = button("send", words.say("check.send"));
  return [mode(words.say("check.mode_browser")), clone("keys"), ...sendingShown(), send, back(words)];
}

/** What withdrawing does, and what it cannot; `days` is how long it can take. */
export function withdrawView(words: Words, days: string): DocumentFragment {
  const keep = button("back", words.say("withdraw.no"));
  keep.className = "plain";
  return together(
    line("h1", words.say("withdraw.h1")),
    line("p", words.say("withdraw.p1").replace("{n}", days)),
    line("p", words.say("withdraw.p2")),
    line("p", words.say("withdraw.p3")),
    line("p", words.say("withdraw.all")),
    ...sendingShown(),
    button("yes", words.say("withdraw.yes")),
    keep,
  );
}

/** That something is done. */
export function doneView(said: string): DocumentFragment {
  return together(line("h1", said));
}

/** That choices were sent, and the way back. */
export function changedView(words: Words): DocumentFragment {
  return together(line("h1", words.say("return.changed")), back(words));
}

function back(words: Words): HTMLButtonElement {
  const element = button("back", words.say("return.again"));
  element.className = "plain";
  return element;
}
