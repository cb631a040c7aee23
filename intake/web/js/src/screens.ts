// The two screens that follow the form, made in the page: what is checked before it is sent, and
// what is said when it was. Everything goes in as text.

import { CAPS } from "./caps";
import { clone, type Words } from "./words";

/** Everything of the check page but the answers, which checkView puts in. */
export function checkScreen(words: Words): DocumentFragment {
  const send = button("send", words.say("check.send"));
  const back = button("back", words.say("check.change"));
  back.className = "plain";
  return together(
    line("h1", words.say("check.h1")),
    line("p", words.say("check.p1")),
    line("p", words.say("check.p2")),
    list("dl", "check-answers"),
    line("h2", words.say("check.yes")),
    list("ul", "check-yes"),
    line("h2", words.say("check.no")),
    list("ul", "check-no"),
    ...CAPS.map((cap) => {
      const said = mode(words.say(`check.cap_${cap}`));
      said.dataset["cap"] = cap;
      said.hidden = true;
      return said;
    }),
    mode(words.say("check.mode_browser")),
    clone("keys"),
    ...sendingShown(),
    send,
    back,
  );
}

/**
 * What is said when it was sent; the page's own support list stands first (domain 2.7). Without a
 * code for who has one already.
 */
export function sentScreen(
  words: Words,
  proof: string | undefined,
  code?: readonly string[],
): DocumentFragment {
  const support = [...(document.getElementById("support")?.children ?? [])];
  const lines = support.filter(({ localName }) => localName !== "summary");
  return together(
    line("h1", words.say("sent.h1")),
    line("p", words.say("sent.p1")),
    ...lines.map((element) => element.cloneNode(true)),
    ...(code === undefined ? [] : codeShown(words, code)),
    line("p", words.say("sent.p5")),
    line("p", words.say("sent.p6")),
    proofShown(words, proof),
  );
}

/** The code, and all that there is to know of it. */
export function codeShown(words: Words, code: readonly string[]): HTMLElement[] {
  const shown = line("p", code.join(" "));
  Object.assign(shown, { className: "code", lang: "en", dir: "ltr" });
  return [
    line("h2", words.say("sent.code")),
    shown,
    line("p", words.say("sent.p2")),
    line("p", words.say("sent.p3")),
    line("p", words.say("sent.p4")),
  ];
}

/** What moves while something is sent, and the lines for what is said of it. */
export function sendingShown(): HTMLElement[] {
  const moving = document.createElement("div");
  Object.assign(moving, { id: "sending", className: "moving", hidden: true });
  const soon = line("p", "");
  Object.assign(soon, { id: "send-soon", hidden: true });
  soon.setAttribute("role", "status");
  const problem = line("p", "");
  Object.assign(problem, { id: "send-problem", className: "error", hidden: true });
  problem.setAttribute("role", "alert");
  return [moving, soon, problem];
}

/** Closed until it is asked for, with the warning before it (protocol 5.4). */
function proofShown(words: Words, proof: string | undefined): HTMLElement {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = words.say("sent.proof");
  details.append(summary);
  if (proof === undefined) {
    details.append(line("p", words.say("sent.proof_none")));
    return details;
  }
  const lines = document.createElement("pre");
  Object.assign(lines, { textContent: proof, dir: "ltr", tabIndex: 0 });
  details.append(
    line("p", words.say("sent.proof_p1")),
    line("p", words.say("sent.proof_p2")),
    lines,
  );
  return details;
}

export function together(...parts: Node[]): DocumentFragment {
  const all = document.createDocumentFragment();
  all.append(...parts);
  return all;
}

export function line(tag: "h1" | "h2" | "p" | "legend", text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

export function mode(text: string): HTMLElement {
  const element = line("p", text);
  element.className = "mode";
  return element;
}

function list(tag: "dl" | "ul", id: string): HTMLElement {
  const element = document.createElement(tag);
  element.id = id;
  return element;
}

export function button(id: string, text: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.id = id;
  element.textContent = text;
  return element;
}
