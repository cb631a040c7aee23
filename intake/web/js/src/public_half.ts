// The half of an opening that a publication shows (docs/format.md 6 and 25).

import { sha256 } from "./bytes";
import { b64, unb64Of } from "./canonical";
import { Epoch } from "./epoch";
import { demand } from "./errors";

/** What a publication shows of an opening: its public lines, and the hash of the private ones. */
export interface PublicHalf {
  readonly epoch: Epoch;
  readonly redact: Uint8Array;
  readonly salt: Uint8Array;
  readonly private: Uint8Array;
}

/** Read the public lines strictly, of a submission alone. */
export function parsePublicHalf(text: string, hidden: Uint8Array): PublicHalf {
  demand(/^[\0-\x7f]*$/.test(text), "an opening is ASCII text");
  const names = ["event", "epoch", "redact", "salt"];
  const lines = text.split("\n");
  demand(lines.length === names.length + 1 && lines.at(-1) === "", "an opening has 4 lines");
  const values = names.map((name, i) => {
    const line = lines[i] ?? "";
    demand(line.startsWith(`${name} `), `an opening's line ${name} is missing`);
    return line.slice(name.length + 1);
  });
  const [event, epoch = "", redact = "", salt = ""] = values;
  demand(event === "submitted", "an opening of another event");
  return {
    epoch: Epoch.parse(epoch),
    redact: unb64Of(redact, 32),
    salt: unb64Of(salt, 32),
    private: hidden,
  };
}

/** The 32 bytes that a log leaf holds, of an opening of which only the public half is known. */
export function publicCommit({ epoch, redact, salt, private: hidden }: PublicHalf): Uint8Array {
  const open = `event submitted\nepoch ${epoch}\nredact ${b64(redact)}\nsalt ${b64(salt)}\n`;
  return sha256("testimony-intake/leaf/v1\0", open, "\0", hidden);
}
