// The eight words of a survivor, and the secret that they stand for (docs/format.md 5). The same as
// intake/codename.py: made of the words' numbers and not of their letters, and any eight words of
// the list are a code. It never asks anybody whether one is right.

import { type Bytes, sha256 } from "./bytes";
import { D } from "./author";
import { demand, MalformedError } from "./errors";

export const WORDS = 8;
export const LIST_SIZE = 7776; // 6^5, as dice choose them
const SECRET_SIZE = 13; // bytes; 7776^8 is less than 2^104

const MOST_TYPED = 1000; // characters: more is no code, however it is written
// As many 16-bit numbers as give every word the same chance.
const FAIR = Math.floor(0x10000 / LIST_SIZE) * LIST_SIZE;
// Letters of any script, with hyphens between: everything else separates words. A letter is what it
// is in Python, where some numbers without decimal digits are letters too.
const WORD = /[\p{L}\p{Nl}\p{No}]+(?:-[\p{L}\p{Nl}\p{No}]+)*/gu;
const DASHES = /[\u2010-\u2015\u2212]/g;
const LETTERS = "abcdefghijklmnopqrstuvwxyz-";

/** A word that no list has, with the word that was probably meant. */
export type Unknown = readonly [word: string, near: string | undefined];

/** What was typed is no code. All of this is a secret: it is for whoever typed it alone. */
export class NotACode extends MalformedError {
  override name = "NotACode";

  constructor(
    /** How many words were found. */
    readonly count: number,
    readonly unknown: readonly Unknown[],
  ) {
    super("not a code of eight words");
  }
}

/** Eight numbers below 7,776, in order. */
export class Codename {
  readonly #indexes: readonly number[];

  constructor(indexes: readonly number[]) {
    const fits = indexes.every((n) => Number.isInteger(n) && 0 <= n && n < LIST_SIZE);
    demand(indexes.length === WORDS && fits, "a code is eight numbers below 7776");
    this.#indexes = indexes;
  }

  /** A new one, from the browser's randomness; nobody ever chooses its words. */
  static fresh(): Codename {
    const indexes: number[] = [];
    while (indexes.length < WORDS) {
      const [number = FAIR] = crypto.getRandomValues(new Uint16Array(1));
      if (number < FAIR) indexes.push(number % LIST_SIZE);
    }
    return new Codename(indexes);
  }

  /** The 13 bytes that the words stand for, big endian. */
  get secret(): Bytes {
    let number = this.#indexes.reduce((sum, n) => sum * BigInt(LIST_SIZE) + BigInt(n), 0n);
    const bytes = new Uint8Array(SECRET_SIZE);
    for (let i = SECRET_SIZE - 1; i >= 0; i--) {
      bytes[i] = Number(number & 0xffn);
      number >>= 8n;
    }
    return bytes;
  }

  /** The words in a list, as they are shown to the one person whose they are. */
  in(list: WordList): string[] {
    return this.#indexes.map((n) => list.words[n] as string);
  }
}

/** 7,776 words in order, by which codes are read and shown. */
export class WordList {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #longest: number;

  constructor(readonly words: readonly string[]) {
    this.#numbers = new Map(words.map((word, n) => [word, n]));
    this.#longest = Math.max(...words.map(({ length }) => length));
    demand(this.#numbers.size === LIST_SIZE && words.length === LIST_SIZE, "not a list of words");
  }

  /** Read the list's file, a JSON array. */
  static parse(text: string): WordList {
    const words: unknown = JSON.parse(text);
    demand(Array.isArray(words) && words.every((w) => typeof w === "string"), "not a list of words");
    return new WordList(words);
  }

  /** Read what a person typed or pasted; throws `NotACode`. */
  read(text: string): Codename {
    const found = isLongerThan(text, MOST_TYPED) ? [] : typed(text);
    const unknown = found
      .filter((word) => !this.#numbers.has(word))
      .map((word): Unknown => [word, this.nearest(word)]);
    if (unknown.length > 0 || found.length !== WORDS) throw new NotACode(found.length, unknown);
    return new Codename(found.map((word) => this.#numbers.get(word) as number));
  }

  /** Whether eight words of the list stand in a row in a text: somebody wrote a code into it. */
  isCodeIn(text: string): boolean {
    let row = 0;
    for (const word of typed(text)) {
      row = this.#numbers.has(word) ? row + 1 : 0;
      if (row === WORDS) return true;
    }
    return false;
  }

  /**
   * The word of the list that differs from a folded one by one slip of a finger: a letter too many,
   * too few, another one, or two changed about. Of several the first in order. None at once for what
   * is longer than that can be, or has two letters of no list: what is pasted may be one word of six
   * thousand letters, and the page would stand still.
   */
  nearest(word: string): string | undefined {
    const letters = [...word];
    const foreign = letters.filter((letter) => !LETTERS.includes(letter)).length;
    if (letters.length > this.#longest + 1 || foreign > 1) return undefined;
    let first: string | undefined;
    for (const near of slips(word)) {
      if (this.#numbers.has(near) && (first === undefined || near < first)) first = near;
    }
    return first;
  }
}

/** The 16 bytes of salt of a deployment, the same for ever. */
export function saltOf(deployment: string): Uint8Array {
  return sha256(D, "/salt\0", deployment).slice(0, 16);
}

/** The words in what a person typed: in lower case, and whatever stands between them left out. */
function typed(text: string): string[] {
  const folded = text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
  return folded.replace(DASHES, "-").match(WORD) ?? [];
}

function* slips(word: string): Generator<string> {
  const letters = [...word];
  for (let at = 0; at <= letters.length; at++) {
    const before = letters.slice(0, at).join("");
    const [one = "", two = ""] = letters.slice(at);
    const [after, rest] = [letters.slice(at + 1).join(""), letters.slice(at + 2).join("")];
    yield before + after;
    yield before + two + one + rest;
    for (const letter of LETTERS) {
      yield before + letter + one + after;
      yield before + letter + after;
    }
  }
}

function isLongerThan(text: string, most: number): boolean {
  return text.length > most && [...text].length > most;
}
