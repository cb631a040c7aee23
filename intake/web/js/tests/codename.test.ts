// A code is read, refused and stretched as intake/codename.py does it, and as others do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { argon2id } from "hash-wasm";

import { stretched } from "../src/argon";
import { Holder, hintOf } from "../src/author";
import { hex } from "../src/bytes";
import { Codename, LIST_SIZE, NotACode, saltOf, WordList } from "../src/codename";
import { Epoch } from "../src/epoch";
import { MalformedError } from "../src/errors";
import { ADDITION, MINIMAL } from "../src/form";
import { fromAnswers, holdsCode } from "../src/testimony";

interface Code {
  indexes: number[];
  words: string[];
  secret: string;
  deployment: string;
  salt: string;
  prk: string;
  identity: string;
  reply_to: string;
  mailbox: string;
  hints: [string, string, string];
}

const root = new URL("../../../../", import.meta.url);
const { codes, ...said } = JSON.parse(
  readFileSync(new URL("tests/vectors/core/codename.json", root), "ascii"),
) as {
  codes: Code[];
  typed: { text: string; indexes: number[] }[];
  wrong: { text: string; count: number; unknown: [string, string | null][] }[];
  holding: { text: string; holds: boolean }[];
};
const words = readFileSync(new URL("intake/eff_large_wordlist.txt", root), "ascii").split("\n");
const list = WordList.parse(JSON.stringify(words.filter((word) => word !== "")));

test("a code has the same secret, and what derives from it is the same", async () => {
  for (const code of codes) {
    const codename = new Codename(code.indexes);
    assert.equal(hex(codename.secret), code.secret);
    assert.deepEqual(codename.in(list), code.words);
    assert.equal(hex(saltOf(code.deployment)), code.salt);
    const holder = new Holder(Uint8Array.from(Buffer.from(code.prk, "hex")));
    assert.equal(holder.identity, code.identity);
    assert.equal(hex(holder.mailbox), code.mailbox);
    assert.deepEqual(await holder.reply(), { mailbox: holder.mailbox, to: code.reply_to });
    assert.deepEqual([0, 1, 63].map((n) => hex(hintOf(holder.mailbox, n))), code.hints);
  }
  assert(codes.length > 3);
});

test("what no slip makes of a word is not looked for, however long it is", () => {
  assert.equal(list.nearest("abacs"), "abacus");
  assert.equal(list.nearest("unicornn"), "unicorn");
  const long = Math.max(...list.words.map(({ length }) => length));
  const longest = list.words.find(({ length }) => length === long) as string;
  assert.equal(list.nearest(`${longest}x`), longest);
  assert.equal(list.nearest("aёacus"), "abacus");
  assert.equal(list.nearest("aёёcus"), undefined);
  const before = performance.now();
  // One sign of it is six letters of the word that is read.
  for (const typed of ["\u3315".repeat(1000), "x".repeat(1000)]) {
    assert.throws(() => list.read(typed), NotACode);
  }
  assert(performance.now() - before < 250);
});

test("it stretches to the same bytes, in three programs", async () => {
  for (const { secret, salt, prk } of codes) {
    const asked = {
      secret: Uint8Array.from(Buffer.from(secret, "hex")),
      salt: Uint8Array.from(Buffer.from(salt, "hex")),
    };
    assert.equal(hex(stretched(asked)), prk);
    const cost = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 };
    const other = { password: asked.secret, salt: asked.salt, outputType: "hex" as const };
    assert.equal(await argon2id({ ...cost, ...other }), prk);
  }
});

test("a code is read however it is typed", () => {
  for (const { text, indexes } of said.typed) {
    assert.equal(hex(list.read(text).secret), hex(new Codename(indexes).secret), text);
  }
  assert(said.typed.length > 8);
});

test("what is no code says which words are wrong, and what was probably meant", () => {
  for (const { text, count, unknown } of said.wrong) {
    assert.throws(() => list.read(text), (error) => {
      assert(error instanceof NotACode);
      const found = error.unknown.map(([word, near]) => [word, near ?? null]);
      assert.deepEqual([error.count, found], [count, unknown], text);
      assert(!unknown.some(([word]) => error.message.includes(word)));
      return true;
    });
  }
  assert(said.wrong.some(({ unknown }) => unknown.some(([, near]) => near !== null)));
});

test("a code in a text is found, and the text refused where the list is there", () => {
  for (const { text, holds } of said.holding) {
    assert.equal(list.isCodeIn(text), holds, text);
    if (text === "") continue;
    for (const form of [MINIMAL, ADDITION]) {
      const answers = new Map([["narrative", text]]);
      const known = fromAnswers("ru", answers, new Set(), form, list);
      const problems = "problems" in known ? known.problems : [];
      assert.deepEqual(problems.map(({ field, kind }) => [field, kind]), holds ? [["narrative", "code_in_text"]] : []);
      const unknown = fromAnswers("ru", answers, new Set(), form);
      assert("testimony" in unknown && holdsCode(unknown.testimony, list) === holds);
    }
  }
  assert(said.holding.some(({ holds }) => holds) && said.holding.some(({ holds }) => !holds));
});

test("a fresh code takes each number of 16 bits that is fair, and no other", () => {
  const real = crypto.getRandomValues.bind(crypto);
  const given = [65_535, 62_208, 62_207, 0, 7_775, 7_776, 1, 2, 3, 4];
  const spoil = (value: unknown) =>
    Object.defineProperty(crypto, "getRandomValues", { value, configurable: true });
  try {
    spoil((numbers: Uint16Array) => numbers.fill(given.shift() ?? 5));
    const indexes = [7_775, 0, 7_775, 0, 1, 2, 3, 4]; // 62,207 is the last that is fair
    assert.equal(hex(Codename.fresh().secret), hex(new Codename(indexes).secret));
  } finally {
    spoil(real);
  }
  const fresh = new Set(Array.from({ length: 50 }, () => hex(Codename.fresh().secret)));
  assert.equal(fresh.size, 50);
});

test("eight numbers below 7,776 are a code, and so many words a list", () => {
  assert.throws(() => new Codename([0, 0, 0, 0, 0, 0, 0]), MalformedError);
  assert.throws(() => new Codename([0, 0, 0, 0, 0, 0, 0, LIST_SIZE]), MalformedError);
  assert.throws(() => new Codename([0, 0, 0, 0, 0, 0, 0, 0.5]), MalformedError);
  assert.throws(() => new WordList(list.words.slice(1)), MalformedError);
  assert.throws(() => new WordList([...list.words.slice(1), "zoom"]), MalformedError); // twice
  assert.throws(() => WordList.parse("{}"), MalformedError);
});

test("whoever withdraws tries every number of the last 104 weeks, newest week first", async () => {
  const holder = Holder.fresh();
  const now = Epoch.parse("2026-W48");
  const all = await holder.withdrawals(now);
  assert.equal(all.length, 26_624 * 32);
  for (const [place, weeks, last] of [[0, 0, 0], [255, 0, 255], [256, 1, 0], [26_623, 103, 255]] as const) {
    const { withdraw } = holder.author((now.number - weeks) * 256 + last);
    assert.deepEqual(all.slice(place * 32, place * 32 + 32), withdraw);
  }
});
