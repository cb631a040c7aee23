// The vectors of tests/vectors/core, and what is read out of them in more than one test.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { Author } from "../src/author";
import { hex, sha256 } from "../src/bytes";
import { container } from "../src/container";
import { Epoch } from "../src/epoch";
import * as forms from "../src/form";
import { fromAnswers, type Testimony } from "../src/testimony";

export type Text = string | { of: string; times: number };
export type Fields = [string, string][];

export function read<T>(name: string): T {
  const path = new URL(`../../../../tests/vectors/core/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "ascii")) as T;
}

export function full(text: Text): string {
  return typeof text === "string" ? text : text.of.repeat(text.times);
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export interface Filled {
  lang: string;
  answers: Record<string, Text>;
  agreed: string[];
}

export function fill({ lang, answers, agreed }: Filled, form = forms.MINIMAL) {
  const texts = Object.entries(answers).map(([name, text]) => [name, full(text)] as const);
  return fromAnswers(lang, new Map(texts), new Set(agreed), form);
}

export function testimonyOf(filled: Filled, form = forms.MINIMAL): Testimony {
  const answered = fill(filled, form);
  assert("testimony" in answered);
  return answered.testimony;
}

export interface Contained extends Filled, Circumstances {}

export interface Circumstances {
  prk: string;
  counter: number;
  kind: string;
  mode: "browser" | "server";
  deployment: string;
  roster: string;
  epoch: string;
  seed: string;
  root: string;
  manifest: string | null;
  manifest_sha256: string;
  length: number;
  sha256: string;
}

export async function checkContainer(row: Circumstances, said: Testimony): Promise<void> {
  assert.equal(said.kind, row.kind);
  const made = await container(said, {
    mode: row.mode,
    deployment: row.deployment,
    roster: row.roster,
    epoch: Epoch.parse(row.epoch),
    seed: bytes(row.seed),
    author: new Author(bytes(row.prk), row.counter),
  });
  if (row.manifest !== null) assert.equal(made.manifest, row.manifest);
  assert.equal(hex(sha256(made.manifest)), row.manifest_sha256);
  assert.equal(hex(made.redactRoot), row.root);
  assert.equal(made.bytes.length, row.length);
  assert.equal(hex(sha256(made.bytes)), row.sha256);
}
