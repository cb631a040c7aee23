// C2SP tlog-policy: which logs and witnesses are known, and how many must have cosigned.

import { hex } from "./bytes";
import { type SignedCheckpoint, signsText } from "./checkpoint";
import { demand, MalformedError, ProofError } from "./errors";
import { VerifierKey } from "./note";

export const POLICY_LIMIT = 1_000_000; // bytes
const NONE = "none";
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f]/;

interface Witness {
  readonly name: string;
  readonly key: VerifierKey;
}

interface Group {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

/** Who vouches for a checkpoint: each witness with the POSIX seconds of its newest cosignature. */
export interface Endorsed {
  readonly witnesses: readonly (readonly [name: string, time: bigint])[];
}

/** A whole policy; `quorum` is a witness, a group or `none`. */
export class Policy {
  private readonly logs: VerifierKey[] = [];
  private readonly witnesses: Witness[] = [];
  private readonly groups: Group[] = [];
  private readonly quorums: string[] = [];
  /** Every name that stands, and those of them that are in no group yet. */
  private readonly known = new Set([NONE]);
  private readonly free = new Set<string>();

  private constructor() {}

  /** Read a policy; throws `MalformedError`. Comments and white space are the reader's freedom. */
  static parse(data: Uint8Array): Policy {
    const wrong = "policy is too long, not lines, or holds a control character";
    demand(data.length <= POLICY_LIMIT, wrong);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw new MalformedError("policy is not valid UTF-8");
    }
    demand(text.endsWith("\n") && !FORBIDDEN.test(text), wrong);
    const policy = new Policy();
    for (const line of text.slice(0, -1).split("\n")) {
      const items = line.split(/[ \t]+/).filter((item) => item !== "");
      if (items.length > 0 && items[0]?.startsWith("#") !== true) policy.add(items);
    }
    demand(policy.quorums.length === 1, "policy has not one quorum line");
    policy.checkKeys();
    return policy;
  }

  private add([word, name = "", value = "", ...rest]: readonly string[]): void {
    if (word === "log" && name !== "" && rest.length === 0) {
      this.logs.push(VerifierKey.parse(name));
    } else if (word === "witness" && value !== "" && rest.length <= 1) {
      const key = VerifierKey.parse(value);
      demand(!signsText(key), `key of witness ${name} is not one for cosignatures`);
      this.define(name);
      this.witnesses.push({ name, key });
    } else if (word === "group" && rest.length > 0) {
      this.addGroup(name, value, rest);
    } else if (word === "quorum" && name !== "" && value === "") {
      this.checkDefined([name]);
      this.quorums.push(name);
    } else {
      throw new MalformedError("policy has a line that is not log, witness, group or quorum");
    }
  }

  private addGroup(name: string, value: string, members: readonly string[]): void {
    this.checkDefined(members.filter((member) => member !== NONE));
    const threshold = value === "any" ? 1 : value === "all" ? members.length : Number(value);
    const count = value === "any" || value === "all" || /^[1-9][0-9]{0,5}$/.test(value);
    demand(count, "threshold of a group is not any, all or a number from 1");
    demand(threshold <= members.length, `threshold of group ${name} is not 1 to its members`);
    const apart = new Set(members).size === members.length;
    const taken = `group ${name} has a member that is unknown or in a group already`;
    demand(apart && members.every((member) => this.free.has(member)), taken);
    for (const member of members) this.free.delete(member);
    this.define(name);
    this.groups.push({ name, threshold, members });
  }

  private define(name: string): void {
    demand(!this.known.has(name), `policy defines ${name} twice, or it is a word of its own`);
    this.known.add(name);
    this.free.add(name);
  }

  private checkDefined(names: readonly string[]): void {
    for (const name of names) {
      demand(this.known.has(name), `policy uses ${name} before it is defined`);
    }
  }

  /** No key stands twice: not even as log and witness, for a log does not vouch for itself. */
  private checkKeys(): void {
    const keys = [...this.logs, ...this.witnesses.map(({ key }) => key)];
    const distinct = new Set(keys.map(({ key }) => hex(key)));
    demand(distinct.size === keys.length, "policy names a key twice");
  }

  /**
   * Say who vouches for a checkpoint; `ProofError` where that is not enough.
   *
   * 1. a log of this policy, which bears the checkpoint's origin as its name, signed it
   * 2. every line of a witness of this policy holds; lines of others are ignored
   * 3. the quorum is met
   */
  endorsed(signed: SignedCheckpoint): Endorsed {
    // (1)
    const keys = this.logs.filter(({ name }) => name === signed.origin);
    if (keys.length === 0) throw new ProofError(`policy knows no log ${signed.origin}`);
    // Every key is tried, so that no bad line hides behind a good one.
    const signing = keys.map((key) => signed.signedBy(key));
    if (!signing.some(Boolean)) {
      throw new ProofError(`checkpoint is not signed by the log ${signed.origin}`);
    }
    // (2)
    const witnesses: (readonly [string, bigint])[] = [];
    for (const { name, key } of this.witnesses) {
      const time = signed.cosignedAt(key);
      if (time !== undefined) witnesses.push([name, time]);
    }
    // (3)
    const met = new Set([NONE, ...witnesses.map(([name]) => name)]);
    // Members stand before their group, so one pass is enough.
    for (const { name, threshold, members } of this.groups) {
      if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
    }
    const quorum = this.quorums[0] ?? "";
    if (!met.has(quorum)) throw new ProofError(`quorum ${quorum} is not met`);
    return { witnesses };
  }
}
