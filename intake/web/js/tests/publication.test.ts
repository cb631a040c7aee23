// The vectors of tests/test_publication.py: what Python takes or refuses, this takes or refuses.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { join } from "../src/bytes";
import { LogProof } from "../src/log_proof";
import { Policy } from "../src/policy";
import { LIMIT, Publication } from "../src/publication";
import { safe } from "../src/visible";

interface Row {
  readonly name: string;
  readonly policy: number;
  readonly file?: string;
  readonly base64?: string;
  readonly spaces?: number;
  readonly reason: string;
  readonly says: Readonly<Record<string, unknown>>;
}

function read(name: string): { policies: Uint8Array[]; rows: Row[] } {
  const path = new URL(`../../../../tests/vectors/publication/${name}.json`, import.meta.url);
  const { policies, rows } = JSON.parse(readFileSync(path, "utf8")) as {
    policies: string[];
    rows: Row[];
  };
  return { policies: policies.map((policy) => join(policy)), rows };
}

function fileOf({ file, base64, spaces }: Row): Uint8Array {
  if (spaces !== undefined) return new Uint8Array(spaces).fill(0x20);
  return base64 === undefined ? join(file ?? "") : Buffer.from(base64, "base64");
}

function said(data: Uint8Array, policy: Uint8Array): unknown {
  const terms = Policy.parse(policy);
  const publication = Publication.parse(data);
  const { witnesses } = publication.verify(terms);
  const { signed, index } = publication.proof;
  return {
    kind: publication.kind,
    week: String(publication.opening.epoch),
    origin: signed.origin,
    index: Number(index),
    size: Number(signed.size),
    witnesses: witnesses.map(([name, time]) => [name, Number(time)]),
    answers: publication.answers,
    words: publication.words,
    gaps: publication.gaps,
    pieces: publication.pieces().map(({ path, text, before }) => [path, text, before]),
  };
}

test("what holds is told as Python tells it", () => {
  const { policies, rows } = read("good");
  assert(rows.length > 10);
  for (const row of rows) {
    const policy = policies[row.policy] as Uint8Array;
    assert.deepEqual(said(fileOf(row), policy), row.says, row.name);
  }
});

test("what does not hold is refused for the reason for which Python refuses it", () => {
  const { policies, rows } = read("refused");
  assert(rows.length > 150);
  for (const row of rows) {
    const policy = policies[row.policy] as Uint8Array;
    assert.throws(
      () => said(fileOf(row), policy),
      (error: Error) => {
        assert(["MalformedError", "ProofError"].includes(error.name), `${row.name}: ${error}`);
        assert(error.message.includes(row.reason), `${row.name}: ${error.message}`);
        return true;
      },
      row.name,
    );
  }
});

test("any byte of a publication that is changed is refused, or the words are not what is shown", () => {
  const { policies, rows } = read("good");
  const [row] = rows as [Row];
  const data = fileOf(row);
  for (let at = 0; at < data.length; at += 1 + (at % 7)) {
    const changed = Uint8Array.from(data);
    changed[at] = (changed[at] as number) ^ 1;
    assert.throws(() => said(changed, policies[row.policy] as Uint8Array), `byte ${at}`);
  }
  assert(data.length < LIMIT);
});

test("a policy or a proof that is too long, or no text, is refused", () => {
  assert.throws(() => Policy.parse(new Uint8Array(1_000_001).fill(0x0a)), /too long/);
  assert.throws(() => Policy.parse(Uint8Array.of(0x23, 0xff, 0x0a)), /not valid UTF-8/);
  assert.throws(() => LogProof.parse("x".repeat(2_000_001)), /too long/);
});

test("nothing that a stranger wrote turns a line, vanishes, or looks like a gap", () => {
  assert.equal(safe("a\u202eb\u27e8c\td\ne\u200b\u0301"), "a⟨U+202E⟩b⟨U+27E8⟩c d\ne⟨U+200B⟩\u0301");
  assert.equal(safe(`z${"\u0301".repeat(5)}`), `z${"\u0301".repeat(3)}${"⟨U+0301⟩".repeat(2)}`);
  assert.equal(safe("\u{e0041}\u3164\ud800"), "⟨U+E0041⟩⟨U+3164⟩⟨U+D800⟩");
});
