// What may be sealed to, and what the self-test notices.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bech32 } from "@scure/base";
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";

import { join } from "../src/bytes";
import { SIZES, sizeFor } from "../src/container";
import { MalformedError } from "../src/errors";
import { parseRecipient } from "../src/recipient";
import { countStanzas, encrypt, sealedLength } from "../src/seal";
import { selfTest } from "../src/selftest";

async function recipient(): Promise<string> {
  return await identityToRecipient(await generateHybridIdentity());
}

/** A recipient with some of its key's bytes changed, and its checksum right. */
function changed(text: string, change: (key: Uint8Array) => void, prefix = "age1pq"): string {
  const key = bech32.fromWords(bech32.decode(text, false).words);
  change(key);
  return bech32.encode(prefix, bech32.toWords(key), false);
}

test("nothing is sealed to nobody, to one twice, or to a key of another kind", async () => {
  const own = await recipient();
  const classic = await identityToRecipient(await generateX25519Identity());
  await assert.rejects(encrypt(join("x"), []), MalformedError);
  await assert.rejects(encrypt(join("x"), [own, own]), MalformedError);
  await assert.rejects(encrypt(join("x"), [classic]), MalformedError);
  await assert.rejects(encrypt(join("x"), [own, classic]), MalformedError);
});

test("of a header in which a stanza is of another kind, none is counted", () => {
  const header = (...kinds: string[]) =>
    join("age-encryption.org/v1\n", ...kinds.map((kind) => `-> ${kind} x\nx\n`), "--- x\n-> y\n");
  assert.equal(countStanzas(header("mlkem768x25519")), 1);
  assert.equal(countStanzas(header("mlkem768x25519", "mlkem768x25519")), 2);
  for (const other of ["X25519", "scrypt", "mlkem768x25519x"]) {
    assert.equal(countStanzas(header(other)), -1);
    assert.equal(countStanzas(header("mlkem768x25519", other)), -1);
  }
});

test("a recipient has one spelling and a key that can be sealed to", async () => {
  const own = await recipient();
  assert.equal(parseRecipient(own), own);
  const last = own.at(-1) === "q" ? "p" : "q";
  for (const wrong of [
    own.toUpperCase(),
    own.slice(0, -1) + last,
    own.slice(0, -1),
    `${own}q`,
    ` ${own}`,
    `${own}\n`,
    changed(own, () => undefined, "age1tagpq"),
    changed(own, (key) => key.fill(0xff, 0, 3)), // 4095, twice
    changed(own, (key) => key.set([0x01, 0x0d, 0x00])), // 3329, 0
    changed(own, (key) => key.set([0x00, 0x10, 0xd0])), // 0, 3329
    changed(own, (key) => key.fill(0, 1184)), // a share of low order
    changed(own, (key) => key.set([1, ...new Uint8Array(31)], 1184)),
    await generateHybridIdentity(),
    "",
  ]) {
    assert.throws(() => parseRecipient(wrong), MalformedError);
  }
  // 3328, twice: the largest there may be.
  parseRecipient(changed(own, (key) => key.set([0x00, 0x0d, 0xd0])));
});

test("a sealed object has the length that its size and its readers give", async () => {
  const readers = [await recipient(), await recipient(), await recipient()];
  for (const size of [0, 1, 65535, 65536, 65537, 131072]) {
    const sealed = await encrypt(new Uint8Array(size), readers);
    assert.equal(sealed.length, sealedLength(3, size));
  }
  assert.equal(sealedLength(3, 65536), 70309);
  assert.equal(sealedLength(5, 67108864), 67133119);
});

test("what fits a size takes that size, and one byte more the next", () => {
  for (const [i, size] of SIZES.entries()) {
    assert.equal(sizeFor(size), size);
    const next = SIZES[i + 1];
    if (next === undefined) assert.throws(() => sizeFor(size + 1), MalformedError);
    else assert.equal(sizeFor(size + 1), next);
  }
  assert.equal(sizeFor(0), 65536);
});

test("the self-test passes here, and fails without randomness", async () => {
  await selfTest();
  const real = crypto.getRandomValues.bind(crypto);
  const spoil = (broken: unknown) =>
    Object.defineProperty(crypto, "getRandomValues", { value: broken, configurable: true });
  try {
    spoil(undefined);
    await assert.rejects(selfTest());
    spoil((bytes: Uint8Array) => bytes.fill(7));
    await assert.rejects(selfTest());
  } finally {
    spoil(real);
  }
  await selfTest();
});

test("the self-test fails where hashing or decryption goes wrong", async () => {
  const real = DataView.prototype.setUint32;
  try {
    DataView.prototype.setUint32 = function (place: number, value: number, little?: boolean) {
      real.call(this, place, value ^ 1, little);
    };
    await assert.rejects(selfTest());
  } finally {
    DataView.prototype.setUint32 = real;
  }
});
