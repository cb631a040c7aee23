// The text of a roster (protocol 9.1): who may read what is sealed, and for how long.
// A `Roster` follows the grammar and its own rules, but says nothing of who signed it: that is
// `openRoster`, the only way to one that may be used.

import { hex, sha256 } from "./bytes";
import { checkDeployment } from "./deployment";
import { demand, RosterError } from "./errors";
import { type Algorithm, VerifierKey } from "./note";
import { parseRecipient } from "./recipient";
import { checkDistinctKeys, parseNumber, RootSet } from "./roots";

const HEADER = "testimony-intake/roster/v1";
const REVIEWER_LIMIT = 32;
const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

export interface Reviewer {
  readonly name: string;
  readonly recipient: string;
  readonly signer: VerifierKey;
}

interface Revocation {
  readonly name: string;
  readonly recipient: string;
}

/** A numbered, expiring list of reviewers, in the order of their stanzas. Dates are YYYY-MM-DD. */
export interface Roster {
  readonly deployment: string;
  readonly version: number;
  readonly previous: string | undefined;
  readonly issued: string;
  readonly expires: string;
  readonly open: number;
  readonly reviewers: readonly Reviewer[];
  readonly roots: RootSet;
  /** The key of the log in which what is sealed to it will stand. */
  readonly log: VerifierKey | undefined;
  /** "sha256:<hex>" of the text: how containers, leaves and the next roster name it. */
  readonly digest: string;
}

/** Read a roster's text, without signatures; throws `MalformedError` or `RosterError`. */
export function parseRoster(text: string): Roster {
  const lines = new Lines(text);
  // The grammar has one spelling for every value and one order of lines, so that reading it line
  // by line and finding nothing left over is the same as writing it again and comparing.
  const deployment = checkDeployment(lines.one("deployment"));
  const version = parseNumber(lines.one("version"), "version");
  const previous = lines.all("previous", 1)[0];
  const issued = parseDate(lines.one("issued"));
  const expires = parseDate(lines.one("expires"));
  const open = parseNumber(lines.one("open"), "open");
  const reviewers = readReviewers(lines);
  const revoked = lines.take("revoked").map((line) => readRevocation(line));
  const threshold = parseNumber(lines.one("root-threshold"), "root-threshold");
  const roots = new RootSet(threshold, lines.all("root").map(VerifierKey.parse));
  const log = lines.all("log", 1).map(VerifierKey.parse);
  const quorum = lines.all("quorum", 1).map((value) => parseNumber(value, "quorum"))[0];
  const witnesses = lines.all("witness").map(VerifierKey.parse);
  const code = lines.all("code").map(VerifierKey.parse);
  lines.end();

  // The numbers as in intake/roster_text.py.
  // (1)
  demand((version === 1) === (previous === undefined), "previous is left out in version 1 only");
  if (previous !== undefined) matched(DIGEST, previous, "previous");
  demand(issued <= expires, "roster expires before it is issued");
  // (2)
  checkReviewers(reviewers, revoked);
  // (3)
  demand(open <= reviewers.length, "open does not fit the number of reviewers");
  if (open !== 1) throw new RosterError(`open ${open} is not supported by this version`);
  // (4)
  checkAlgorithm("log", ["Ed25519"], log);
  checkAlgorithm("witness", ["cosignature-Ed25519", "cosignature-ML-DSA-44"], witnesses);
  checkAlgorithm("code", ["Ed25519", "ML-DSA-44"], code);
  const signers = reviewers.map(({ signer }) => signer);
  checkDistinctKeys([...signers, ...roots.keys, ...log, ...witnesses, ...code]);
  // (5)
  const witnessed = witnesses.length > 0;
  const together = (quorum !== undefined) === witnessed && (!witnessed || log.length > 0);
  demand(together, "a log, a quorum and witnesses belong together");
  demand(quorum === undefined || quorum <= witnesses.length, "quorum does not fit the witnesses");

  const digest = `sha256:${hex(sha256(text))}`;
  const dates = { issued, expires };
  return { deployment, version, previous, ...dates, open, reviewers, roots, log: log[0], digest };
}

/** Takes a roster's lines one after the other, each with the keyword the grammar asks for. */
class Lines {
  readonly #lines: readonly string[];
  #next = 1;

  constructor(text: string) {
    demand(/^[\0-\x7f]*$/.test(text), "roster is not ASCII");
    const lines = text.split("\n");
    demand(lines[0] === HEADER, "not a roster");
    demand(lines.pop() === "", "roster does not end with a newline");
    this.#lines = lines;
  }

  /** What follows the keyword on each of the next lines that have it. */
  take(keyword: string, limit = 1000): string[] {
    const taken: string[] = [];
    for (let line = this.#lines[this.#next]; taken.length < limit && line !== undefined; ) {
      if (!line.startsWith(`${keyword} `)) break;
      taken.push(line.slice(keyword.length + 1));
      line = this.#lines[++this.#next];
    }
    return taken;
  }

  all(keyword: string, limit = 1000): string[] {
    return this.take(keyword, limit).map((rest) => valuesOf(keyword, rest, 1)[0] as string);
  }

  one(keyword: string): string {
    const [value] = this.all(keyword, 1);
    demand(value !== undefined, `roster's line ${this.#next + 1} is not its ${keyword} line`);
    return value;
  }

  end(): void {
    const done = this.#next === this.#lines.length;
    demand(done, `roster's line ${this.#next + 1} is unknown or out of order`);
  }
}

function valuesOf(keyword: string, rest: string, count: number): string[] {
  const values = rest.split(" ");
  demand(values.length === count, `roster's ${keyword} line does not have ${count} values`);
  return values;
}

function readReviewers(lines: Lines): Reviewer[] {
  const reviewers = lines.take("reviewer").map((rest) => valuesOf("reviewer", rest, 2));
  const signers = lines.take("signer").map((rest) => valuesOf("signer", rest, 2));
  const paired = reviewers.length === signers.length;
  const inOrder = paired && reviewers.every(([name], i) => name === signers[i]?.[0]);
  demand(inOrder, "signer lines do not follow the reviewers one for one");
  // Before the cost of parsing them.
  const few = reviewers.length >= 1 && reviewers.length <= REVIEWER_LIMIT;
  demand(few, `roster does not have 1 to ${REVIEWER_LIMIT} reviewers`);
  return reviewers.map(([name = "", recipient = ""], i) => {
    matched(NAME, name, "reviewer's name");
    const signer = VerifierKey.parse(signers[i]?.[1] ?? "");
    checkAlgorithm("signer", ["Ed25519"], [signer]);
    demand(signer.name === name, `signer of ${name} bears another name`);
    return { name, recipient: parseRecipient(recipient), signer };
  });
}

function readRevocation(rest: string): Revocation {
  const [name = "", recipient = "", on = "", reason = ""] = valuesOf("revoked", rest, 4);
  matched(NAME, name, "reviewer's name");
  matched(DIGEST, recipient, "revoked recipient");
  parseDate(on);
  const known = reason === "retired" || reason === "compromised";
  demand(known, "a key is revoked as retired or as compromised");
  return { name, recipient };
}

function checkReviewers(reviewers: readonly Reviewer[], revoked: readonly Revocation[]): void {
  const names = new Set(reviewers.map(({ name }) => name));
  demand(names.size === reviewers.length, "two reviewers have one name");
  const hashes = new Set(reviewers.map(({ recipient }) => `sha256:${hex(sha256(recipient))}`));
  demand(hashes.size === reviewers.length, "two reviewers have one recipient");
  const current = revoked.some(({ recipient }) => hashes.has(recipient));
  demand(!current, "a reviewer's key is revoked in the same roster");
}

function checkAlgorithm(
  use: string,
  allowed: readonly Algorithm[],
  keys: readonly VerifierKey[],
): void {
  for (const { algorithm, name } of keys) {
    demand(allowed.includes(algorithm), `${use} key ${name} has a type that does not fit`);
  }
}

/** A date as it is written; two of them compare as text. */
function parseDate(text: string): string {
  matched(DATE, text, "date");
  const time = Date.parse(`${text}T00:00:00Z`);
  // Date.parse takes 30 February for 1 March in some browsers. There is no year 0 in Python.
  const real = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  demand(real && !text.startsWith("0000"), "date is not in the calendar");
  return text;
}

function matched(pattern: RegExp, text: string, what: string): string {
  demand(pattern.test(text), `${what} is not in its form`);
  return text;
}
