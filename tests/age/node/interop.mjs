// Does what one JSON request on standard input asks, with npm's age-encryption, and answers in JSON.
// It is the other implementation of tests/age/test_interop.py; nothing in the product runs it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { Decrypter, Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import * as vectors from "cctv-age";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function seal({ input, output, recipients }) {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    writeFileSync(output, await encrypter.encrypt(new Uint8Array(readFileSync(input))));
}

async function open({ input, identity }) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return sha256(await decrypter.decrypt(new Uint8Array(readFileSync(input))));
}

async function identities() {
    const made = [await generateHybridIdentity(), await generateX25519Identity()];
    return Promise.all(made.map(async (one) => [one, await identityToRecipient(one)]));
}

const request = JSON.parse(readFileSync(0, "utf8"));
const answer = {
    sealed: [],
    opened: [],
    identities: await identities(),
    vectors: Object.fromEntries(Object.entries(vectors).map(([name, file]) => [name, sha256(file)])),
};
for (const job of request.seal) answer.sealed.push(await seal(job));
for (const job of request.open) answer.opened.push(await open(job));
console.log(JSON.stringify(answer));
