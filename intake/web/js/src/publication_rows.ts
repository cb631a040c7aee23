// How a publication writes the leaves of its tree, and in which order they can stand
// (intake/publication/rows.py and order.py).

import { decode, type Json } from "./canonical";
import { type Leaf, SIZE_LIMIT, SIZE_PHRASE } from "./disclosure";
import { demand } from "./errors";
import { type Token, words } from "./redaction";
import * as shape from "./shape";

const VOIDS = 2; // at most, after a token that is not the last
const VOID: Token = ["v", ""];
const FACTS = ["kind", "mode", "form", "consent", "file"];
const ONCE = ["kind", "mode", "form"];
const SAYS = ["testimony", "addition", "consent"];
const LEVELS = ["stats", "publish", "investigators", "courts", "message", "government"];
const PATH = /^[a-z][a-z0-9_]{0,31}(\.(0|[1-9][0-9]{0,3})\.[a-z][a-z0-9_]{0,31})?$/;
const WORD_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const LANG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/;
const BLANK = /^[\t\n\r ]*$/;

/** A row of consent: the use, yes or no, the id of the words that were shown, their language. */
export type Answer = readonly [level: string, agreed: boolean, wording: string, lang: string];

/** A number of hidden leaves; a fact or a path and its voids; words and theirs. */
export type Row = number | readonly [kind: string, text: string, voids: number | string];

/** The rows that stand for leaves. */
export function rowsOf(leaves: readonly Leaf[]): Row[] {
  let end = leaves.length;
  while (end > 0 && leaves[end - 1]?.[0] === "v") end--;
  const rows: Row[] = [];
  let [text, voids] = ["", ""];
  for (const { leaf, after } of runs(leaves.slice(0, end))) {
    if (leaf?.[0] === "w") {
      text += leaf[1];
      voids += String(after);
      continue;
    }
    if (voids !== "") rows.push(["w", text, voids]);
    [text, voids] = ["", ""];
    rows.push(leaf === null ? after : [...leaf, after]);
  }
  if (voids !== "") rows.push(["w", text, voids]);
  return rows;
}

interface Run {
  readonly leaf: Leaf;
  /** The number of voids after a token, or of leaves hidden in a row. */
  readonly after: number;
}

function* runs(leaves: readonly Leaf[]): Generator<Run> {
  let at = 0;
  while (at < leaves.length) {
    const leaf = leaves[at] ?? null;
    const start = at++;
    while (at < leaves.length && (leaf === null ? leaves[at] === null : leaves[at]?.[0] === "v")) at++;
    yield { leaf, after: at - start - (leaf === null ? 0 : 1) };
  }
}

/** The leaves that rows stand for, filled up with voids; the inverse of `rowsOf`. */
export function leavesOf(rows: readonly Json[], size: number): Leaf[] {
  demand(size >= 1 && size <= SIZE_LIMIT, SIZE_PHRASE);
  const leaves: Leaf[] = [];
  const many = "more is shown or hidden than the tree has leaves";
  for (const row of rows) {
    if (!Array.isArray(row)) {
      const count = shape.integer(row);
      demand(count >= 1 && count <= size - leaves.length, many);
      for (let i = 0; i < count; i++) leaves.push(null);
      continue;
    }
    const [kind, value, voids] = shape.rows(row as readonly Json[], 3);
    const name = shape.text(kind);
    demand(name === "w" || name === "m" || name === "f", "a row is of no known kind");
    const texts = name === "w" ? words(shape.text(value)) : [shape.text(value)];
    const counts = name === "w" ? [...shape.text(voids)] : [String(shape.integer(voids))];
    const fits = counts.every((digit) => digit === "0" || digit === "1" || digit === "2");
    demand(fits, "a token is followed by 0 to 2 voids");
    const each = "there is not one number of voids for each word";
    demand(texts.length === counts.length, each);
    texts.forEach((text, i) => {
      leaves.push([name, text]);
      for (let left = Number(counts[i]); left > 0; left--) leaves.push(VOID);
    });
    demand(leaves.length <= size, many);
  }
  while (leaves.length < size) leaves.push(VOID);
  return leaves;
}

/** Throw unless leaves stand as in a container's tree; the numbers are those of order.py. */
export function checkOrder(leaves: readonly Leaf[]): void {
  // (1)
  demand(leaves[0]?.[0] === "m", "a publication shows first what kind of thing was sent");
  const every = [...runs(leaves)];
  const paths = new Set<string>();
  let rank = -1;
  let before: Leaf = null;
  every.forEach(({ leaf, after }, place) => {
    if (leaf === null) {
      before = null;
      return;
    }
    const [kind, value] = leaf;
    if (kind === "m") {
      // (2)
      rank = checkFact(value, rank, place);
    } else if (kind === "f") {
      // (3)
      demand(PATH.test(value) && !paths.has(value), "a field's path is malformed, or stands twice");
      paths.add(value);
      rank = FACTS.length;
    } else {
      // (4)
      checkWord(value, before);
      rank = FACTS.length;
    }
    before = leaf;
    // (5): the rows say of no other token that it has more voids
    const last = place + 1 === every.length;
    const small = !last || leaves.length < 2 * (leaves.length - after + VOIDS);
    demand(small, "the tree is larger than it needs to be");
  });
}

function checkFact(value: string, rank: number, place: number): number {
  const [name, said] = factOf(value);
  const found = FACTS.indexOf(name);
  const again = found === rank && ONCE.includes(name);
  const ordered = found >= rank && !again && (place === 0) === (name === "kind");
  demand(ordered, "the facts are not in their order");
  const says = name !== "kind" || (typeof said === "string" && SAYS.includes(said));
  demand(says, "a publication is of something that says nothing");
  if (name === "consent") answerOf(said);
  return found;
}

function checkWord(text: string, before: Leaf): void {
  demand(before?.[0] !== "m", "a word stands in no field");
  const apart = before?.[0] !== "w" || (/^[\t\n\r ]/.test(text) && !BLANK.test(before[1]));
  const [first, ...more] = words(text);
  demand(apart && first === text && more.length === 0, "a word is not cut as words are");
}

/** The name of a fact, and what it says. */
export function factOf(value: string): readonly [string, Json] {
  const [name, said] = shape.rows(decode(value), 2);
  demand(typeof name === "string" && FACTS.includes(name), "a fact has no known name");
  return [name, said as Json];
}

/** A row of consent, as a fact says it. */
export function answerOf(value: Json): Answer {
  const [level, agreed, wording, lang] = shape.rows(value, 4);
  demand(typeof agreed === "boolean", "a consent is true or false");
  const use = shape.text(level);
  demand(LEVELS.includes(use), "a consent is to no known use");
  const [id, tag] = [shape.text(wording), shape.text(lang)];
  demand(WORD_ID.test(id), "a wording id is letters, digits, . _ -");
  demand(LANG.test(tag), "a language is a tag like ru");
  return [use, agreed, id, tag];
}
