// One page's letters: which are made again, under which status, and what becomes of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Holder } from "../src/author";
import { openingOf } from "../src/acknowledgement";
import type { Bytes } from "../src/bytes";
import { Delivery } from "../src/delivery";
import { Epoch } from "../src/epoch";
import { parseRoster } from "../src/roster_text";
import { Sealer } from "../src/sealer";
import type { Answer, Site } from "../src/site";
import { consentChange } from "../src/testimony";

const board = new URL("../../../../tests/vectors/board/board.json", import.meta.url);
const { roster: text } = JSON.parse(readFileSync(board, "ascii")) as { roster: string };
const roster = { ...parseRoster(text), issued: "2000-01-01", expires: "9000-01-01", log: undefined };
const epoch = Epoch.parse("2026-W48");
const token = { value: "" } as HTMLInputElement;
const [none, all] = [consentChange("ru", new Set()), consentChange("ru", new Set(["stats"]))];

/** A site that answers so; and every letter that came to it. */
function siteOf(answers: (letter: Bytes, count: number) => Answer): Site & { letters: Bytes[] } {
  const letters: Bytes[] = [];
  return {
    lang: "ru",
    mode: "browser",
    letters,
    present: async () => ({ roster, epoch, fetched: Date.now() }),
    send: async (letter) => answers(letter, letters.push(letter)),
  };
}

function statusOf(letter: Bytes): string {
  return /\nstatus (.*)\n/.exec(head(letter))?.[1] ?? "";
}

function head(letter: Bytes): string {
  return new TextDecoder().decode(letter.subarray(0, 1024));
}

/** What a server would answer to whose letter this is; no log is known, so nothing is signed. */
function kept(letter: Bytes): Answer {
  const text = head(letter);
  return { outcome: "sent", said: `promise\n${text.slice(text.indexOf("\nevent "), text.indexOf("\n\n") + 1)}` };
}

async function delivering(site: Site, used: boolean, holder = Holder.fresh()) {
  const sealer = new Sealer(site, await site.present(), async () => holder, used);
  return new Delivery(site, sealer, token);
}

test("sent twice it has one status, and another text has another, under one code", async () => {
  const site = siteOf(() => ({ outcome: "unknown", said: "" }));
  const delivery = await delivering(site, true);
  for (const said of [none, none, all]) assert.equal((await delivery.send(said)).said, "unknown");
  const [one, again, other] = site.letters as [Bytes, Bytes, Bytes];
  assert.deepEqual(one, again);
  assert.notEqual(statusOf(one), statusOf(other));
});

test("no two texts from one page have one number", async () => {
  const site = siteOf(kept);
  const delivery = await delivering(site, false);
  const real = crypto.getRandomValues.bind(crypto);
  const given = [7, 7, 7, 8];
  const spoil = (value: unknown) =>
    Object.defineProperty(crypto, "getRandomValues", { value, configurable: true });
  try {
    spoil((bytes: Bytes) => (bytes.length === 1 ? bytes.fill(given.shift() ?? 9) : real(bytes)));
    for (const said of [none, all]) assert.equal((await delivery.send(said)).said, "sent");
  } finally {
    spoil(real);
  }
  assert.equal(new Set(site.letters.map(statusOf)).size, 2);
  assert.deepEqual(given, []);
});

test("where another is kept under the number of one, it is sent under another number", async () => {
  const holder = Holder.fresh();
  // Another visit under the same code: whatever comes first, the server has something else there.
  let first: Bytes | undefined;
  const site = siteOf((letter, count) => {
    if (count > 1) return kept(letter);
    first = letter;
    const said = kept(letter).said.replace(/envelope .*/, `envelope ${"A".repeat(43)}=`);
    return { outcome: "sent", said };
  });
  await (await delivering(site, true, holder)).send(none);
  assert.equal(site.letters.length, 2);
  assert.notEqual(statusOf(site.letters[0] as Bytes), statusOf(site.letters[1] as Bytes));
  assert(first !== undefined && openingOf(first)[1].number === epoch.number);
});

test("of a new code that cannot be, and no server makes a page send it again", async () => {
  const site = siteOf((letter) => {
    const said = kept(letter).said.replace(/envelope .*/, `envelope ${"A".repeat(43)}=`);
    return { outcome: "sent", said };
  });
  assert.equal((await (await delivering(site, false)).send(none)).said, "sent");
  assert.equal(site.letters.length, 1);
  const liar = await delivering(site, true);
  await liar.send(none);
  assert(site.letters.length <= 10); // and of one that was used, not for ever
});

test("an answer of somebody else, or none, moves no number", async () => {
  const site = siteOf(kept);
  await (await delivering(site, true)).send(none); // of another code
  for (const said of ["", "nothing", kept(site.letters[0] as Bytes).said]) {
    const site = siteOf(() => ({ outcome: "sent", said }));
    await (await delivering(site, true)).send(none);
    assert.equal(site.letters.length, 1);
  }
});

test("where the code cannot be stretched now, nothing is sent, and later it is", async () => {
  const site = siteOf(kept);
  let here = false;
  const holder = Holder.fresh();
  const have = async () => {
    if (!here) throw new Error("not here");
    return holder;
  };
  const sealer = new Sealer(site, await site.present(), have, false);
  const delivery = new Delivery(site, sealer, token);
  assert.equal((await delivery.send(none)).said, "not_sent");
  assert.equal(site.letters.length, 0);
  here = true;
  assert.equal((await delivery.send(none)).said, "sent");
});

test("what was sealed in a week that is over is sealed anew, under the same status", async () => {
  const site = siteOf(() => ({ outcome: "retry", said: "" }));
  let week = epoch;
  site.present = async () => ({ roster, epoch: week, fetched: 0 }); // asked for again each time
  const delivery = await delivering(site, false);
  await delivery.send(none);
  await delivery.send(none);
  week = epoch.plus(1);
  await delivery.send(none);
  const [one, again, later] = site.letters as [Bytes, Bytes, Bytes];
  assert.deepEqual(one, again);
  assert.deepEqual(site.letters.map((l) => openingOf(l)[1].number - epoch.number), [0, 0, 1]);
  assert.equal(statusOf(one), statusOf(later));
});
