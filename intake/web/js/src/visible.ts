// Text of strangers made visible: no character of it turns the line around or vanishes
// (intake/visible.py).

const OPEN = "\u27e8";
const SEEN = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u;
const MARKS = 3; // combining marks on one letter; more of them climb over other lines
const INVISIBLE: readonly (readonly [first: number, last: number])[] = [
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2065, 0x2065],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfff8],
  [0xe0000, 0xe0fff],
];

/** `text` with its LFs kept, and TAB as a space; everything that is not drawn in its place is named. */
export function safe(text: string): string {
  let marks = 0;
  let shown = "";
  for (const character of text) {
    marks = /\p{M}/u.test(character) ? marks + 1 : 0;
    const code = character.codePointAt(0) ?? 0;
    const drawn =
      character !== OPEN &&
      SEEN.test(character) &&
      !INVISIBLE.some(([first, last]) => first <= code && code <= last);
    if (character === "\n" || (drawn && marks <= MARKS)) shown += character;
    else if (character === "\t") shown += " ";
    else shown += `\u27e8U+${code.toString(16).toUpperCase().padStart(4, "0")}\u27e9`;
  }
  return shown;
}
