// The roster vectors of tests/vectors/roster: the script takes and refuses what Python does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { join } from "../src/bytes";
import { Epoch } from "../src/epoch";
import { MalformedError, ProofError, RosterError } from "../src/errors";
import { Note, VerifierKey } from "../src/note";
import { checkEpoch, openRoster } from "../src/roster";
import { parseRoster, type Roster } from "../src/roster_text";
import { RootSet } from "../src/roots";

interface Vectors {
  roots: Record<string, { threshold: number; keys: string[]; fingerprint: string }>;
  digest: string;
  recipients: string[];
  cases: {
    name: string;
    note: number[];
    today: string;
    trusted: string;
    deployment: string | null;
    previous: string | null;
    ok: boolean;
  }[];
  lines: string[];
}

const FOLDER = new URL("../../../../tests/vectors/roster/", import.meta.url);
const vectors = JSON.parse(readFileSync(new URL("roster.json", FOLDER), "utf8")) as Vectors;

function rootSet(name: string): RootSet {
  const { threshold, keys } = vectors.roots[name] ?? { threshold: 0, keys: [] };
  return new RootSet(threshold, keys.map(VerifierKey.parse));
}

test("root keys have the digits that people compare", () => {
  for (const [name, { fingerprint }] of Object.entries(vectors.roots)) {
    assert.equal(rootSet(name).fingerprint, fingerprint);
  }
});

function noteOf(named: string): Uint8Array {
  const { note } = vectors.cases.find(({ name }) => name === named) ?? { note: [] };
  return join(note.map((line) => vectors.lines[line]).join("\n"));
}

/** The roster of a case, parsed as the last one seen. */
function seen(name: string | null): Roster | undefined {
  return name === null ? undefined : parseRoster(Note.parse(noteOf(name)).text);
}

const OWN = "test-abcdefgh"; // where a case takes any deployment: a page always knows its own
const { cases } = vectors;
assert(cases.length === 98 && cases.filter(({ ok }) => ok).length === 11);

for (const { name, today, trusted, deployment, previous, ok } of cases) {
  test(`a roster is ${ok ? "taken" : "refused"}: ${name}`, () => {
    const known = { deployment: deployment ?? OWN, roots: rootSet(trusted) };
    const open = () => openRoster(noteOf(name), known, today, seen(previous));
    if (ok) {
      assert.equal(open().deployment, known.deployment);
    } else {
      assert.throws(open, (error: unknown) =>
        [MalformedError, ProofError, RosterError].some((kind) => error instanceof kind),
      );
    }
  });
}

test("a page that missed a roster in between takes the next one, and never an earlier one", () => {
  const [first, later] = ["small", "numbers left out"] as const;
  const known = { deployment: OWN, roots: rootSet("one") };
  const small = seen(first) as Roster;
  const missed = { ...small, digest: `sha256:${"0".repeat(64)}` };
  assert.equal(openRoster(noteOf(later), known, "2026-11-20", missed).version, 5);
  // The very next one names it, or one of the two was signed behind the other's back.
  assert.throws(
    () => openRoster(noteOf(later), known, "2026-11-20", { ...missed, version: 4 }),
    RosterError,
  );
  for (const version of [5, 6]) {
    assert.throws(
      () => openRoster(noteOf(later), known, "2026-11-20", { ...small, version }),
      RosterError,
    );
  }
});

test("a roster names its reviewers in order, and itself by the hash of its text", () => {
  const data = readFileSync(new URL("roster.note", FOLDER));
  const trusted = { deployment: "test-abcdefgh", roots: rootSet("three") };
  const roster = openRoster(data, trusted, "2026-11-20");
  assert.deepEqual(roster.reviewers.map(({ recipient }) => recipient), vectors.recipients);
  assert.equal(roster.digest, vectors.digest);
});

test("a roster can be sealed to in the weeks of its first and last day, and between", () => {
  const data = readFileSync(new URL("roster.note", FOLDER));
  const trusted = { deployment: "test-abcdefgh", roots: rootSet("three") };
  const roster = openRoster(data, trusted, "2026-11-20");
  // A Sunday and a Monday, so that each end is missed by one day.
  const dated = { ...roster, issued: "2026-11-22", expires: "2026-12-28" };
  for (const week of ["2026-W47", "2026-W50", "2026-W53"]) checkEpoch(dated, Epoch.parse(week));
  for (const week of ["2026-W46", "2027-W01", "2025-W47"]) {
    assert.throws(() => checkEpoch(dated, Epoch.parse(week)), RosterError, week);
  }
});

test("every byte of a signed roster counts", () => {
  const data = readFileSync(new URL("roster.note", FOLDER));
  const trusted = { deployment: "test-abcdefgh", roots: rootSet("three") };
  for (let place = 0; place < data.length; place += 97) {
    const changed = Uint8Array.from(data);
    changed[place] = (changed[place] as number) ^ 1;
    assert.throws(() => openRoster(changed, trusted, "2026-11-20"), `byte ${place}`);
  }
});

test("a note has one spelling, and limits", () => {
  const data = readFileSync(new URL("roster.note", FOLDER), "utf8");
  const line = data.slice(data.lastIndexOf("\n\n") + 2).split("\n")[0] ?? "";
  for (const wrong of [
    data.slice(0, -1), // no newline at its end
    `${data}\n`,
    data.replaceAll("\n", "\r\n"),
    `\ufeff${data}`.replace("\ufeff", "\x01"),
    data.replace("\u2014 ", "- "),
    data.replace(line, line.replace(/ ([^ ]*)$/, "  $1")),
    data.replace(line, `${line}=`),
    data + `${line}\n`.repeat(100),
    `${"x".repeat(1_000_000)}\n\n${line}\n`,
    "text\n\n",
    "",
  ]) {
    assert.throws(() => Note.parse(join(wrong)), MalformedError);
  }
  assert.throws(() => Note.parse(Uint8Array.of(0xff, 0x0a, 0x0a)), MalformedError);
});

test("a key has one spelling, and is not taken under another hash, type or length", () => {
  const vkey = vectors.roots["three"]?.keys[0] ?? "";
  assert.equal(VerifierKey.parse(vkey).vkey, vkey);
  const [name, hash = "", key = ""] = vkey.split("+");
  for (const wrong of [
    `${name}x+${hash}+${key}`,
    `${name}+${hash.toUpperCase()}x+${key}`,
    `${name}+00000000+${key}`,
    `${name}+${hash}+${key.slice(0, -4)}`,
    `+${hash}+${key}`,
    `a b+${hash}+${key}`,
    `${vkey}\n`,
    "",
  ]) {
    assert.throws(() => VerifierKey.parse(wrong), MalformedError, wrong);
  }
});
