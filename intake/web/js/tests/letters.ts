// Seals many testimonies as the page would, for tests/test_vectors.py, which opens them.
//
// In: {note, deployment, threshold, roots, today, epoch, answers: [{name: text}]} as JSON.
// Out: one line for each of the answers: a base64 letter, or JSON of the problems.

import { readFileSync } from "node:fs";

import { Author } from "../src/author";
import { b64 } from "../src/canonical";
import { Epoch } from "../src/epoch";
import { VerifierKey } from "../src/note";
import { openRoster } from "../src/roster";
import { RootSet } from "../src/roots";
import { seal } from "../src/seal";
import { fromAnswers } from "../src/testimony";

const asked = JSON.parse(readFileSync(0, "utf8")) as {
  note: string;
  deployment: string;
  threshold: number;
  roots: string[];
  today: string;
  epoch: string;
  answers: Record<string, string>[];
};

const roots = new RootSet(asked.threshold, asked.roots.map(VerifierKey.parse));
const trusted = { deployment: asked.deployment, roots };
const roster = openRoster(new TextEncoder().encode(asked.note), trusted, asked.today);
const epoch = Epoch.parse(asked.epoch);
for (const answers of asked.answers) {
  const answered = fromAnswers("ru", new Map(Object.entries(answers)), new Set(["stats"]));
  if ("testimony" in answered) {
    console.log(b64(await seal(answered.testimony, roster, epoch, Author.fresh(epoch))));
  } else {
    console.log(JSON.stringify(answered.problems));
  }
}
