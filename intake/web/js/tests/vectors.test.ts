// The same vectors as tests/test_vectors.py: both languages must give every byte of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isAcknowledged, isOwnAnswer, openingOf } from "../src/acknowledgement";
import { Author } from "../src/author";
import { hex, join } from "../src/bytes";
import { encode, type Json } from "../src/canonical";
import { Epoch } from "../src/epoch";
import { MalformedError } from "../src/errors";
import { VerifierKey } from "../src/note";
import { commit, letterHead, privateLines, publicLines } from "../src/opening";
import type { Roster } from "../src/roster_text";
import * as redaction from "../src/redaction";
import * as forms from "../src/form";
import { consentAnswer, consentChange, type Testimony } from "../src/testimony";
import { bytes, checkContainer, read, testimonyOf } from "./vectors";
import type { Circumstances, Contained, Fields } from "./vectors";

test("canonical JSON is the same text, and what Python refuses is refused", () => {
  const { encoded, refused } = read<{ encoded: { value: Json; text: string }[]; refused: Json[] }>(
    "canonical",
  );
  for (const { value, text } of encoded) assert.equal(encode(value), text);
  for (const value of refused) assert.throws(() => encode(value), MalformedError);
  assert(encoded.length > 20 && refused.length > 5);
});

test("every day falls into the same week, also around the new year", () => {
  const { days, refused } = read<{
    days: { day: string; epoch: string; number: number }[];
    refused: string[];
  }>("epoch");
  for (const { day, epoch, number } of days) {
    for (const time of ["00:00:00.000", "23:59:59.999"]) {
      const found = Epoch.of(Date.parse(`${day}T${time}Z`));
      assert.deepEqual([found.toString(), found.number], [epoch, number]);
    }
    assert.equal(Epoch.parse(epoch).number, number);
    assert.equal(Epoch.parse(epoch).plus(1).number, number + 1);
  }
  for (const text of refused) assert.throws(() => Epoch.parse(text), MalformedError, text);
});

test("text is cut into the same words, which joined are the text again", () => {
  const { words } = read<{ words: { text: string; words: string[] }[] }>("redaction");
  for (const row of words) {
    assert.deepEqual(redaction.words(row.text), row.words);
    assert.equal(row.words.join(""), row.text);
  }
});

test("the redaction tree has the same root", async () => {
  const { roots } = read<{
    roots: { seed: string; facts: string[]; fields: Fields; root: string }[];
  }>("redaction");
  for (const { seed, facts, fields, root } of roots) {
    assert.equal(hex(await redaction.root(bytes(seed), facts, fields)), root);
  }
  assert(roots.length > 30);
});

test("a container is the same bytes", async () => {
  for (const row of read<Contained[]>("container")) await checkContainer(row, testimonyOf(row));
});

test("so is the container of what is added, and of a change of consent", async () => {
  interface Change extends Circumstances {
    lang: string;
    narrative?: string;
    agreed?: string[];
    question?: string;
    agrees?: boolean;
  }
  const rows = read<Change[]>("change");
  for (const row of rows) await checkContainer(row, changeOf(row));
  assert.equal(new Set(rows.map(({ kind }) => kind)).size, 2);

  function changeOf({ lang, narrative, agreed, question, agrees = false }: Change): Testimony {
    if (narrative !== undefined) {
      const answers = { narrative };
      return testimonyOf({ lang, answers, agreed: [] }, forms.ADDITION);
    }
    if (question !== undefined) return consentAnswer(lang, question, agrees);
    return consentChange(lang, new Set(agreed));
  }
});

test("an author's secrets are the same", () => {
  for (const row of read<Record<string, string>[]>("author")) {
    const author = new Author(bytes(row["prk"] ?? ""), Number(row["counter"]));
    assert.equal(hex(author.statusId), row["status_id"]);
    assert.equal(hex(author.status), row["status"]);
    assert.equal(hex(author.withdraw), row["withdraw"]);
    assert.equal(hex(author.withdrawCommit), row["withdraw_commit"]);
    assert.equal(hex(author.leafSalt), row["leaf_salt"]);
  }
});

test("a fresh author has the week in the counter, and no key twice", () => {
  const epoch = Epoch.parse("2026-W47");
  const [one, two] = [Author.fresh(epoch), Author.fresh(epoch)];
  assert.notDeepEqual(one.status, two.status);
  assert.throws(() => new Author(new Uint8Array(31), 0), MalformedError);
  assert.throws(() => new Author(new Uint8Array(32), 2 ** 32), MalformedError);
});

test("a promise is believed for a letter that was sent and from the log's own key alone", () => {
  interface Row {
    why: string;
    sealed: string;
    now: string;
    deployment: string;
    log: string;
    answer: string;
    holds: boolean;
  }
  const rows = read<Row[]>("acknowledgement");
  for (const { why, sealed, now, deployment, log, answer, holds } of rows) {
    const letter = join(`testimony-intake/letter/v1\nstatus AAAA\n${sealed}\nage-encryption.org/v1\n`);
    const made = new Map([openingOf(letter)]);
    const epoch = Epoch.parse(now);
    const roster = { deployment, log: VerifierKey.parse(log) } as Roster;
    assert.equal(isAcknowledged(answer, made, { roster, epoch }), holds, why);
    assert(!isAcknowledged(answer, new Map(), { roster, epoch }), why);
    // Where the roster names no log, nobody can say whose signature it is: all else is checked.
    const unknown = { deployment, log: undefined } as Roster;
    const signature = ["a stranger's", "the signature changed"].includes(why);
    assert.equal(isAcknowledged(answer, made, { roster: unknown, epoch }), holds || signature, why);
    assert.equal(isOwnAnswer(answer), !["nothing", "a promise alone", "an opening alone"].includes(why));
  }
  assert(rows.filter(({ holds }) => holds).length === 2 && rows.length > 18);
  assert(!isOwnAnswer("<!doctype html>") && !isOwnAnswer(" x ") && !isOwnAnswer("\n"));
});

test("an opening, its commitment and the letter's head are the same", () => {
  for (const row of read<Record<string, string>[]>("opening")) {
    const opening = {
      epoch: Epoch.parse(row["epoch"] ?? ""),
      redact: bytes(row["redact"] ?? ""),
      salt: bytes(row["salt"] ?? ""),
      envelope: bytes(row["envelope"] ?? ""),
      roster: row["roster"] ?? "",
      withdrawCommit: bytes(row["withdraw_commit"] ?? ""),
      salt2: bytes(row["salt2"] ?? ""),
    };
    assert.equal(publicLines(opening), row["public"]);
    assert.equal(privateLines(opening), row["private"]);
    assert.equal(hex(commit(opening)), row["commit"]);
    assert.deepEqual(letterHead(bytes(row["status"] ?? ""), opening), join(row["head"] ?? ""));
    assert.throws(() => publicLines({ ...opening, salt: new Uint8Array(31) }), MalformedError);
    assert.throws(() => letterHead(new Uint8Array(15), opening), MalformedError);
  }
});
