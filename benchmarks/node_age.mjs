// Times npm's age-encryption for benchmarks/age_speed.py: the request comes in as JSON, CPU seconds go out.
import { randomFillSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = new URL("../tests/age/node/", import.meta.url);
const { Decrypter, Encrypter, generateHybridIdentity, identityToRecipient } = await import(
    createRequire(folder).resolve("age-encryption")
);

async function cpuSeconds(work) {
    const before = process.cpuUsage();
    const result = await work();
    const { user, system } = process.cpuUsage(before);
    return [(user + system) / 1e6, result];
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

async function measure({ size, recipients, runs }) {
    const identities = await Promise.all(Array.from({ length: recipients }, generateHybridIdentity));
    const publicKeys = await Promise.all(identities.map((one) => identityToRecipient(one)));
    const plaintext = new Uint8Array(size);
    for (let i = 0; i < size; i += 65536) randomFillSync(plaintext, i, Math.min(65536, size - i));
    const sealing = [];
    const opening = [];
    for (let run = 0; run <= runs; run++) {
        const encrypter = new Encrypter();
        for (const key of publicKeys) encrypter.addRecipient(key);
        const [seal, sealed] = await cpuSeconds(() => encrypter.encrypt(plaintext));
        const decrypter = new Decrypter();
        decrypter.addIdentity(identities[run % recipients]);
        const [open] = await cpuSeconds(() => decrypter.decrypt(sealed));
        // The first run warms up and does not count.
        if (run > 0) {
            sealing.push(seal);
            opening.push(open);
        }
    }
    return { seal: median(sealing), open: median(opening) };
}

const jobs = JSON.parse(readFileSync(0, "utf8"));
const answers = [];
for (const job of jobs) answers.push(await measure(job));
console.log(JSON.stringify(answers));
