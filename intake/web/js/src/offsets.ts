// Between the two ways of counting a text: records count code points of the original, a browser counts
// UTF-16 code units of what is drawn. An escape, as ⟨U+202E⟩, is drawn for one code point.

export interface Piece {
  text: string;
  escape: boolean;
}

/** The code points of a text before this UTF-16 offset; half a pair counts as none of it. */
export function codePoints(text: string, units: number): number {
  let count = 0;
  for (let at = 0; at < units && at < text.length; count++) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    if (at > units) break;
  }
  return count;
}

/** The UTF-16 offset at which this code point of a text begins; the text's length after the last. */
export function codeUnits(text: string, points: number): number {
  let at = 0;
  for (let count = 0; count < points && at < text.length; count++) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

/** How many code points of the original a piece stands for. */
export function sizeOf(piece: Piece): number {
  return piece.escape ? 1 : codePoints(piece.text, piece.text.length);
}

/** Where in the original a place in a drawn piece is; inside an escape, its beginning or, `end`, its end. */
export function pointAt(
  pieces: readonly Piece[],
  index: number,
  units: number,
  end: boolean,
): number {
  const before = pieces.slice(0, index).reduce((sum, piece) => sum + sizeOf(piece), 0);
  const piece = pieces[index];
  if (piece === undefined) return before;
  if (!piece.escape) {
    const whole = codePoints(piece.text, units);
    // An end in the middle of a pair takes the whole of it: too much rather than too little.
    return before + whole + (end && codeUnits(piece.text, whole) < units ? 1 : 0);
  }
  if (units <= 0) return before;
  return units >= piece.text.length || end ? before + 1 : before;
}

/** Which piece a code point of the original is drawn in, and at which UTF-16 offset. */
export function drawnAt(pieces: readonly Piece[], point: number, end: boolean): [number, number] {
  let left = point;
  for (const [index, piece] of pieces.entries()) {
    const size = sizeOf(piece);
    if (left < size || (end && left === size && left > 0)) {
      if (piece.escape) return [index, left > 0 ? piece.text.length : 0];
      return [index, codeUnits(piece.text, left)];
    }
    left -= size;
  }
  const last = pieces.length - 1;
  return [last, pieces[last]?.text.length ?? 0];
}

/** A letter for each code point of the original: its own, or `x` for one that is escaped. */
export function plain(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => (piece.escape ? ["x"] : Array.from(piece.text)));
}

const JOINS = new Set(["-", "'", "\u2019", "\u2010", "\u2011"]);

/** The words of a text as [start, end) in code points; one with a hyphen in it is one word. */
export function wordsOf(letters: readonly string[]): [number, number][] {
  const found: [number, number][] = [];
  const isLetter = (at: number): boolean => /[\p{L}\p{N}\p{M}]/u.test(letters[at] ?? " ");
  for (let at = 0; at < letters.length; at++) {
    if (!isLetter(at)) continue;
    const start = at;
    while (isLetter(at) || (JOINS.has(letters[at] ?? "") && isLetter(at + 1))) at++;
    found.push([start, at]);
  }
  return found;
}
