// The same vectors as tests/test_vectors.py: both languages must give every byte of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { isAcknowledged, isOwnAnswer, openingOf } from "../src/acknowledgement";
import { Author } from "../src/author";
import { hex, join, sha256 } from "../src/bytes";
import { encode, type Json } from "../src/canonical";
import { container } from "../src/container";
import { Epoch } from "../src/epoch";
import { MalformedError } from "../src/errors";
import { VerifierKey } from "../src/note";
import { commit, letterHead, privateLines, publicLines } from "../src/opening";
import type { Roster } from "../src/roster_text";
import * as redaction from "../src/redaction";
import { heldBack } from "../src/caps";
import * as forms from "../src/form";
import { consentAnswer, consentChange, fromAnswers, type Testimony } from "../src/testimony";

type Text = string | { of: string; times: number };
type Fields = [string, string][];

function read<T>(name: string): T {
  const path = new URL(`../../../../tests/vectors/core/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "ascii")) as T;
}

function full(text: Text): string {
  return typeof text === "string" ? text : text.of.repeat(text.times);
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

interface Filled {
  lang: string;
  answers: Record<string, Text>;
  agreed: string[];
}

function fill({ lang, answers, agreed }: Filled, form = forms.MINIMAL) {
  const texts = Object.entries(answers).map(([name, text]) => [name, full(text)] as const);
  return fromAnswers(lang, new Map(texts), new Set(agreed), form);
}

function testimonyOf(filled: Filled, form = forms.MINIMAL): Testimony {
  const answered = fill(filled, form);
  assert("testimony" in answered);
  return answered.testimony;
}

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

interface Contained extends Filled, Circumstances {}

interface Circumstances {
  prk: string;
  counter: number;
  kind: string;
  mode: "browser" | "server";
  deployment: string;
  roster: string;
  epoch: string;
  seed: string;
  root: string;
  manifest: string | null;
  manifest_sha256: string;
  length: number;
  sha256: string;
}

async function checkContainer(row: Circumstances, said: Testimony): Promise<void> {
  assert.equal(said.kind, row.kind);
  const made = await container(said, {
    mode: row.mode,
    deployment: row.deployment,
    roster: row.roster,
    epoch: Epoch.parse(row.epoch),
    seed: bytes(row.seed),
    author: new Author(bytes(row.prk), row.counter),
  });
  if (row.manifest !== null) assert.equal(made.manifest, row.manifest);
  assert.equal(hex(sha256(made.manifest)), row.manifest_sha256);
  assert.equal(hex(made.redactRoot), row.root);
  assert.equal(made.bytes.length, row.length);
  assert.equal(hex(sha256(made.bytes)), row.sha256);
}

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

test("answers make the same testimony, or are wrong in the same way", () => {
  const { good, wrong } = read<{
    good: (Filled & { fields: [string, Text][]; consent: Json[] })[];
    wrong: {
      answers: Record<string, Text>;
      problems: [string, string, number][];
      tidied: Record<string, Text>;
    }[];
  }>("testimony");
  for (const row of good) {
    const { form, fields, consent } = testimonyOf(row);
    assert.deepEqual(form, { id: "minimal", version: 2, lang: row.lang });
    assert.deepEqual(fields, row.fields.map(([name, text]) => [name, full(text)]));
    assert.deepEqual(consent, row.consent);
  }
  for (const { answers, problems, tidied } of wrong) {
    const answered = fill({ lang: "ru", answers, agreed: [] });
    assert("problems" in answered);
    const found = answered.problems.map(({ field, kind, amount }) => [field, kind, amount]);
    assert.deepEqual(found, problems);
    const texts = Object.entries(tidied).map(([name, text]) => [name, full(text)] as const);
    assert.deepEqual(answered.tidied, new Map(texts));
  }
});

interface Wrong {
  answers: Record<string, Text>;
  problems: [string, string, number][];
  tidied: Record<string, Text>;
}

interface Forms {
  definitions: forms.Definition[];
  good: { container: Contained; fields: [string, Text][] }[];
  wrong: Wrong[];
  walks: {
    answers: Record<string, string>;
    here: string;
    route: string[];
    gone: Record<"next" | "back" | "end" | "again", string>;
    may_add: boolean;
  }[];
  caps: { answers: Record<string, string>; caps: string[] }[];
}

const { definitions, ...guided } = read<Forms>("form");

function theForm(id: string): forms.Definition {
  const found = definitions.find((form) => form.id === id);
  assert(found !== undefined);
  return found;
}

test("the form that is built in is the one of the file", () => {
  assert.deepEqual(forms.MINIMAL, theForm("minimal"));
});

test("a guided form is the same bytes, or wrong in the same way", async () => {
  const form = theForm("guided");
  for (const row of guided.good) {
    await checkContainer(row.container, testimonyOf(row.container, form));
    const fields = row.fields.map(([name, text]) => [name, full(text)]);
    assert.deepEqual(testimonyOf(row.container, form).fields, fields);
  }
  for (const { answers, problems, tidied } of guided.wrong) {
    const answered = fill({ lang: "ru", answers, agreed: [] }, form);
    assert("problems" in answered);
    const found = answered.problems.map(({ field, kind, amount }) => [field, kind, amount]);
    assert.deepEqual(found, problems);
    const texts = Object.entries(tidied).map(([name, text]) => [name, full(text)] as const);
    assert.deepEqual(answered.tidied, new Map(texts));
  }
  assert(guided.good.length > 3 && guided.wrong.length > 5);
});

test("every button leads to the same page", () => {
  const form = theForm("guided");
  const all = forms.places(form, form.most);
  for (const { answers, here, route, gone, may_add } of guided.walks) {
    const place = all.find((one) => forms.keyOf(one) === here);
    assert(place !== undefined);
    const texts = new Map(Object.entries(answers));
    assert.deepEqual(forms.route(form, texts, place).map(forms.keyOf), route);
    for (const way of ["next", "back", "end", "again"] as const) {
      assert.equal(forms.keyOf(forms.gone(form, texts, place, way)), gone[way], `${here} ${way}`);
    }
    assert.equal(forms.mayAdd(form, texts, place), may_add, here);
  }
});

test("the same uses are held back", () => {
  for (const { answers, caps } of guided.caps) {
    const texts = new Map(Object.entries(answers));
    assert.deepEqual(heldBack(texts, new Set(["publish", "courts", "stats"])), caps);
    assert.deepEqual(heldBack(texts, new Set(["stats"])), []);
    const courts = heldBack(texts, new Set(["courts"]));
    assert.deepEqual(courts, caps.filter((cap) => cap !== "minor"));
  }
});
