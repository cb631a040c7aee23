// What the offline page says of a letter, and how it writes one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { armor } from "age-encryption";

import { equal, join } from "../src/bytes";
import { Epoch } from "../src/epoch";
import { MalformedError } from "../src/errors";
import { asText, lastDay } from "../src/offline";
import type { Roster } from "../src/roster_text";

const path = new URL("../../../../tests/vectors/offline/last_day.json", import.meta.url);
const rows = JSON.parse(readFileSync(path, "ascii")) as Record<"sealed" | "expires" | "last", string>[];

test("the last day on which a letter is taken is the one that a server holds to", () => {
  assert(rows.length > 5);
  for (const { sealed, expires, last } of rows) {
    const epoch = Epoch.of(Date.parse(`${sealed}T12:00:00Z`));
    assert.equal(lastDay({ expires } as Roster, epoch), last, sealed);
  }
});

test("a letter is written as its head and its object in armor, byte for byte", () => {
  const head = "testimony-intake/letter/v1\nstatus x\n\n";
  const sealed = Uint8Array.from({ length: 70_309 }, (_, i) => (i * 7 + (i >> 8)) & 255);
  const text = asText(join(head, sealed));
  assert(text.startsWith(`${head}-----BEGIN AGE ENCRYPTED FILE-----\n`));
  assert(equal(armor.decode(text.slice(head.length)), sealed));
  assert.throws(() => asText(join("no empty line")), MalformedError);
});
