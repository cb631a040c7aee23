// The same vectors as tests/test_form.py: a form's answers make the same testimony in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Json } from "../src/canonical";
import { heldBack } from "../src/caps";
import * as forms from "../src/form";
import { checkContainer, fill, full, read, testimonyOf } from "./vectors";
import type { Contained, Filled, Text } from "./vectors";

interface Wrong {
  answers: Record<string, Text>;
  problems: [string, string, number][];
  tidied: Record<string, Text>;
}

function checkWrong({ answers, problems, tidied }: Wrong, form = forms.MINIMAL): void {
  const answered = fill({ lang: "ru", answers, agreed: [] }, form);
  assert("problems" in answered);
  const found = answered.problems.map(({ field, kind, amount }) => [field, kind, amount]);
  assert.deepEqual(found, problems);
  const texts = Object.entries(tidied).map(([name, text]) => [name, full(text)] as const);
  assert.deepEqual(answered.tidied, new Map(texts));
}

test("answers make the same testimony, or are wrong in the same way", () => {
  const { good, wrong } = read<{
    good: (Filled & { fields: [string, Text][]; consent: Json[] })[];
    wrong: Wrong[];
  }>("testimony");
  for (const row of good) {
    const { form, fields, consent } = testimonyOf(row);
    assert.deepEqual(form, { id: "minimal", version: 2, lang: row.lang });
    assert.deepEqual(fields, row.fields.map(([name, text]) => [name, full(text)]));
    assert.deepEqual(consent, row.consent);
  }
  for (const row of wrong) checkWrong(row);
});

interface Forms {
  definitions: forms.Definition[];
  good: { container: Contained; fields: [string, Text][] }[];
  wrong: Wrong[];
  walks: {
    answers: Record<string, string>;
    here: string;
    route: string[];
    gone: Record<"next" | "back" | "end" | "again", string>;
    may_add: boolean;
  }[];
  caps: { answers: Record<string, string>; caps: string[] }[];
}

const { definitions, ...guided } = read<Forms>("form");

function theForm(id: string): forms.Definition {
  const found = definitions.find((form) => form.id === id);
  assert(found !== undefined);
  return found;
}

test("the form that is built in is the one of the file", () => {
  assert.deepEqual(forms.MINIMAL, theForm("minimal"));
});

test("a guided form is the same bytes, or wrong in the same way", async () => {
  const form = theForm("guided");
  for (const row of guided.good) {
    await checkContainer(row.container, testimonyOf(row.container, form));
    const fields = row.fields.map(([name, text]) => [name, full(text)]);
    assert.deepEqual(testimonyOf(row.container, form).fields, fields);
  }
  for (const row of guided.wrong) checkWrong(row, form);
  assert(guided.good.length > 3 && guided.wrong.length > 5);
});

test("every button leads to the same page", () => {
  const form = theForm("guided");
  const all = forms.places(form, form.most);
  for (const { answers, here, route, gone, may_add } of guided.walks) {
    const place = all.find((one) => forms.keyOf(one) === here);
    assert(place !== undefined);
    const texts = new Map(Object.entries(answers));
    assert.deepEqual(forms.route(form, texts, place).map(forms.keyOf), route);
    for (const way of ["next", "back", "end", "again"] as const) {
      assert.equal(forms.keyOf(forms.gone(form, texts, place, way)), gone[way], `${here} ${way}`);
    }
    assert.equal(forms.mayAdd(form, texts, place), may_add, here);
  }
});

test("the same uses are held back", () => {
  for (const { answers, caps } of guided.caps) {
    const texts = new Map(Object.entries(answers));
    assert.deepEqual(heldBack(texts, new Set(["publish", "courts", "stats"])), caps);
    assert.deepEqual(heldBack(texts, new Set(["stats"])), []);
    const courts = heldBack(texts, new Set(["courts"]));
    assert.deepEqual(courts, caps.filter((cap) => cap !== "minor"));
  }
});
