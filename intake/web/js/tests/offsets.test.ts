// A place in a drawn text is found in the original as the desk's pages count it, and back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { codePoints, codeUnits, drawnAt, type Piece, plain, pointAt, wordsOf } from "../src/offsets";

interface Vector {
  text: string;
  pieces: [string, boolean][];
  points: [number, number, number][];
}

const vectors = JSON.parse(
  readFileSync("../../../tests/vectors/offsets.json", "utf8"),
) as Vector[];
const drawn = (vector: Vector): Piece[] =>
  vector.pieces.map(([text, escape]) => ({ text, escape }));

test("every drawn place is the code point that the page says", () => {
  assert.ok(vectors.length >= 12);
  for (const vector of vectors) {
    for (const [index, units, point] of vector.points) {
      assert.equal(pointAt(drawn(vector), index, units, false), point, JSON.stringify(vector));
      if (units > 0) assert.equal(pointAt(drawn(vector), index, units, true), point);
    }
    assert.equal(plain(drawn(vector)).length, Array.from(vector.text).length);
  }
});

test("a code point is drawn where it is found again, as a start and as an end", () => {
  for (const vector of vectors) {
    const pieces = drawn(vector);
    const size = Array.from(vector.text).length;
    for (let point = 0; point < size; point++) {
      assert.equal(pointAt(pieces, ...drawnAt(pieces, point, false), false), point);
      assert.equal(pointAt(pieces, ...drawnAt(pieces, point + 1, true), true), point + 1);
    }
  }
});

test("half of a pair or of an escape is taken whole at an end, and from its beginning at a start", () => {
  const pieces = [
    { text: "a😀", escape: false },
    { text: "⟨U+202E⟩", escape: true },
    { text: "б", escape: false },
  ];
  assert.equal(pointAt(pieces, 0, 2, false), 1);
  assert.equal(pointAt(pieces, 0, 2, true), 2);
  assert.equal(pointAt(pieces, 1, 3, false), 2);
  assert.equal(pointAt(pieces, 1, 3, true), 3);
  assert.equal(codePoints("😀", 1), 0);
  assert.equal(codeUnits("a😀б", 2), 3);
});

test("words are whole, with hyphens, marks and hidden characters in them", () => {
  const words = (pieces: Piece[]): string[] => {
    const letters = plain(pieces);
    return wordsOf(letters).map(([start, end]) => letters.slice(start, end).join(""));
  };
  const said = (text: string): string[] => words([{ text, escape: false }]);
  assert.deepEqual(said("«Уезжай-ка», - х1ара… 😀 don’t и\u0301"), ["Уезжай-ка", "х1ара", "don’t", "и\u0301"]);
  assert.deepEqual(said("a-"), ["a"]);
  const hidden = [
    { text: "За", escape: false },
    { text: "⟨U+200B⟩", escape: true },
    { text: "ур", escape: false },
  ];
  assert.deepEqual(words(hidden), ["Заxур"]);
});
