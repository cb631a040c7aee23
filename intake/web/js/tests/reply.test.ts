// The fixed rows of tests/vectors/board, which tests/test_reply_board.py reads too: what is a reply
// to the holder of a code, and what is passed over. And how a board is fetched.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Holder } from "../src/author";
import { fetchBoard, Index, ROW, rowsOf } from "../src/board";
import { b64 } from "../src/canonical";
import { join } from "../src/bytes";
import { MalformedError } from "../src/errors";
import { type Found, ReplyNote, repliesOn } from "../src/reply";
import { parseRoster } from "../src/roster_text";

type Text = string | { of: string; times: number };
interface Shown {
  text: string;
  question: string;
  epoch: string;
  digest: string;
}

const vectors = new URL("../../../../tests/vectors/", import.meta.url);

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, vectors), "ascii")) as T;
}

const board = read<{
  prk: string;
  roster: string;
  rows: { why: string; row: string; shown: Shown | null }[];
  order: number[];
}>("board/board.json");
const roster = parseRoster(board.roster);
const holder = new Holder(Uint8Array.from(Buffer.from(board.prk, "hex")));
const rows = board.rows.map(({ row }) => Uint8Array.from(Buffer.from(row, "base64")));

function shown({ note }: Found): Shown {
  const { text, question, epoch, digest } = note;
  return { text, question, epoch: epoch.toString(), digest };
}

test("each row alone is a reply or passed over", async () => {
  for (const [place, { why, shown: expected }] of board.rows.entries()) {
    const found = await repliesOn([rows[place] as Uint8Array], holder, roster);
    assert.deepEqual(found.map(shown), expected === null ? [] : [expected], why);
  }
  assert(board.rows.filter(({ shown }) => shown !== null).length === 4 && rows.length > 25);
});

test("of the whole board each reply is found once and in order, and by nobody else", async () => {
  const found = await repliesOn(rows, holder, roster);
  assert.deepEqual(found.map(shown), board.order.map((place) => board.rows[place]?.shown));
  assert.deepEqual(await repliesOn(rows, Holder.fresh(), roster), []);
});

test("a roster without its signer shows nothing", async () => {
  const others = { ...roster, reviewers: roster.reviewers.slice(2) };
  assert.deepEqual(await repliesOn(rows, holder, others), []);
});

test("a note of a reply is read alike", () => {
  interface Said {
    deployment: string;
    to: string;
    epoch: string;
    text: Text;
    question: string;
    digest: string;
    note: string | null;
  }
  const said = read<Said[]>("core/reply.json").filter(({ note }) => note !== null);
  for (const { deployment, to, epoch, text, question, digest, note } of said) {
    const read = ReplyNote.parse(note ?? "");
    assert.equal(read.to, b64(Uint8Array.from(Buffer.from(to, "hex"))));
    assert.equal(read.epoch.toString(), epoch);
    const { deployment: of, text: says, question: asks, digest: named } = read;
    assert.deepEqual([of, says, asks, named], [deployment, text, question, digest]);
  }
  assert(said.length > 3);
});

test("a reply of 4,000 letters is read, and one more is not", () => {
  const start = `testimony-intake/reply/v1\ndeployment ${roster.deployment}\nto ${b64(new Uint8Array(32))}\nepoch 2026-W48\n`;
  const note = (letters: number) => `${start}text "${"Ӏ".repeat(letters)}"\n`;
  assert.equal(ReplyNote.parse(note(4_000)).text.length, 4_000);
  for (const wrong of [
    note(4_001),
    `${start}text "${"ᚠ".repeat(2_800)}"\n`, // 8,402 bytes
    `${start}question "${"я".repeat(251)}"\ntext "x"\n`,
    `${start}question "${"ᚠ".repeat(171)}"\ntext "x"\n`, // 515 bytes
    `${start}question "x"\n`,
    `${start}text "x"`,
    `${start}text "x"\n`.replace("AAA=", "AAB="), // stray bits
    `${start}text "x"\n`.replace(roster.deployment, "nowhere"),
  ]) {
    assert.throws(() => ReplyNote.parse(wrong), MalformedError);
  }
});

const DEPLOYMENT = "test-abcdefgh";

function indexOf(count: number, parts: readonly Uint8Array[]): string {
  const lines = parts.map((part) => `part sha256:${createHash("sha256").update(part).digest("hex")}\n`);
  return `testimony-intake/board/v1\ndeployment ${DEPLOYMENT}\nrows ${count}\n${lines.join("")}`;
}

const parts = [new Uint8Array(128 * ROW).fill(1), new Uint8Array(2 * ROW).fill(2)];

test("an index has one spelling and as many parts as its rows need", () => {
  const good = indexOf(130, parts);
  assert.equal(Index.parse(join(good), DEPLOYMENT).parts.length, 2);
  assert.equal(Index.parse(join(indexOf(0, [])), DEPLOYMENT).rows, 0);
  for (const wrong of [
    indexOf(128, parts),
    indexOf(257, parts),
    good.replace("130", "0130"),
    good.replace("130", "-130"),
    good.replace("/v1", "/v2"),
    good.replace("sha256", "SHA256"),
    good.replaceAll("\n", "\r\n"),
    good.slice(0, -1),
    `${good}\n`,
    "",
  ]) {
    assert.throws(() => Index.parse(join(wrong), DEPLOYMENT), MalformedError, wrong);
  }
  assert.throws(() => Index.parse(join(good), "other-abcdefgh"), MalformedError);
});

/** A site with this board; gives what was asked. The browser itself compares hashes, so this does. */
async function asked(answers: (path: string, asked: number) => Uint8Array | string) {
  const requests: string[] = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (path, { integrity = "" } = {}) => {
    requests.push(String(path));
    const body = join(answers(String(path), requests.length));
    const hash = `sha256-${createHash("sha256").update(body).digest("base64")}`;
    if (integrity !== "" && integrity !== hash) throw new TypeError("another hash");
    return new Response(body);
  };
  try {
    const got = await fetchBoard("/board/", DEPLOYMENT).catch(() => undefined);
    return { requests, got };
  } finally {
    globalThis.fetch = real;
  }
}

const WHOLE = ["/board/index", "/board/0", "/board/1"];

test("the whole board is fetched, in order", async () => {
  const { requests, got } = await asked((path) =>
    path === WHOLE[0] ? indexOf(130, parts) : (parts[Number(path.at(-1))] as Uint8Array),
  );
  assert.deepEqual(requests, WHOLE);
  assert.deepEqual(got, parts);
  assert.deepEqual([...rowsOf(got ?? [])].map((row) => [row.length, row[0]]), [
    ...Array.from({ length: 128 }, () => [ROW, 1]),
    ...Array.from({ length: 2 }, () => [ROW, 2]),
  ]);
});

test("where a part is another than its index says, all is fetched once more and not again", async () => {
  const changed = (until: number) => (path: string, count: number) => {
    if (path === WHOLE[0]) return indexOf(130, parts);
    return count < until ? new Uint8Array(ROW) : (parts[Number(path.at(-1))] as Uint8Array);
  };
  const once = await asked(changed(3));
  assert.deepEqual(once.requests, [...WHOLE.slice(0, 2), ...WHOLE]);
  assert.deepEqual(once.got, parts);
  const ever = await asked(changed(100));
  assert.deepEqual(ever.requests, [...WHOLE.slice(0, 2), ...WHOLE.slice(0, 2)]);
  assert.equal(ever.got, undefined);
});

test("a part of another length is refused, though its hash is right", async () => {
  const short = [parts[0] as Uint8Array, new Uint8Array(ROW)];
  const { got } = await asked((path) =>
    path === WHOLE[0] ? indexOf(130, short) : (short[Number(path.at(-1))] as Uint8Array),
  );
  assert.equal(got, undefined);
});
