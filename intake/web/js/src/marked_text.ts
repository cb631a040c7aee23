// A text on a page of the desk in which words can be chosen, with the pointer or the keyboard alone.
// What is chosen is the browser's own selection, so that it is drawn, spoken and copied like any other.

import { drawnAt, type Piece, plain, pointAt, wordsOf } from "./offsets";

export interface Place {
  field: string;
  start: number;
  end: number;
}

interface Line {
  element: HTMLElement;
  field: string;
  start: number;
  nodes: Text[];
  pieces: Piece[];
  words: [number, number][];
}

function lineOf(element: HTMLElement): Line {
  const nodes: Text[] = [];
  const pieces: Piece[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const node = walker.currentNode as Text;
    nodes.push(node);
    pieces.push({ text: node.data, escape: node.parentElement?.className === "escape" });
  }
  const field = element.closest<HTMLElement>("[data-field]")?.dataset["field"] ?? "";
  const start = Number(element.dataset["start"]);
  return { element, field, start, nodes, pieces, words: wordsOf(plain(pieces)) };
}

/** The text and what is chosen in it: from one word of a line to another. */
export class MarkedText {
  private readonly lines = new Map<HTMLElement, Line>();
  private readonly elements: HTMLElement[];
  /** Line and word: where choosing began, and where the cursor is. */
  private from: [number, number] | null = null;
  private at: [number, number] | null = null;

  constructor(
    readonly region: HTMLElement,
    private readonly changed: (words: string) => void,
  ) {
    this.elements = [...region.querySelectorAll<HTMLElement>("p.original")];
    document.addEventListener("selectionchange", () => this.changed(this.words()));
    region.addEventListener("pointerup", (event) => {
      this.pointed(event);
    });
  }

  private line(number: number): Line | undefined {
    const element = this.elements[number];
    if (element === undefined) return undefined;
    const known = this.lines.get(element) ?? lineOf(element);
    this.lines.set(element, known);
    return known;
  }

  /** What is chosen, one place for each field that it touches. */
  places(): Place[] {
    const selection = getSelection();
    if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return [];
    const range = selection.getRangeAt(0);
    const found = new Map<string, Place>();
    for (const [number, element] of this.elements.entries()) {
      if (!range.intersectsNode(element)) continue;
      const line = this.line(number);
      const [start, end] = line === undefined ? [0, 0] : this.inLine(line, range);
      if (line === undefined || end <= start) continue;
      const known = found.get(line.field);
      found.set(line.field, {
        field: line.field,
        start: known?.start ?? line.start + start,
        end: line.start + end,
      });
    }
    return [...found.values()];
  }

  /** The words of a place, as far as they are drawn: with an escape for what is not. */
  said(place: Place): string {
    const found: string[] = [];
    for (const number of this.elements.keys()) {
      const line = this.line(number);
      if (line === undefined || line.field !== place.field) continue;
      const cells = line.pieces.flatMap((one) => (one.escape ? [one.text] : Array.from(one.text)));
      const words = cells.slice(Math.max(0, place.start - line.start), Math.max(0, place.end - line.start));
      if (words.length > 0) found.push(words.join(""));
    }
    return found.join(" ").slice(0, 300);
  }

  private inLine(line: Line, range: Range): [number, number] {
    let start = -1;
    let end = -1;
    for (const [index, node] of line.nodes.entries()) {
      if (!range.intersectsNode(node)) continue;
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.data.length;
      if (to <= from) continue;
      if (start < 0) start = pointAt(line.pieces, index, from, false);
      end = pointAt(line.pieces, index, to, true);
    }
    return [start, end];
  }

  /** The words that are chosen, as they are drawn. */
  words(): string {
    return this.places().length === 0 ? "" : (getSelection()?.toString() ?? "");
  }

  private pointed(event: PointerEvent): void {
    if (!(event.target instanceof HTMLElement) || event.target.closest("p.original") === null) return;
    const selection = getSelection();
    if (selection === null || selection.rangeCount === 0 || event.altKey) return;
    const range = selection.getRangeAt(0);
    // Where the selection ends on the other side, only this side's part of it counts.
    const ends = [this.wordAt(range.startContainer, range.startOffset, false)];
    ends.push(selection.isCollapsed ? ends[0] ?? null : this.wordAt(range.endContainer, range.endOffset, true));
    const [first, last] = ends;
    if (!first || !last) return;
    this.from = first;
    this.at = last;
    this.choose();
  }

  private wordAt(node: Node, offset: number, end: boolean): [number, number] | null {
    const element = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("p.original");
    const number = element ? this.elements.indexOf(element) : -1;
    const line = this.line(number);
    if (line === undefined) return null;
    const index = line.nodes.indexOf(node as Text);
    if (index < 0) return null;
    const point = pointAt(line.pieces, index, offset, end);
    const inside = line.words.findIndex(([from, to]) => (end ? from < point && point <= to : from <= point && point < to));
    if (inside >= 0) return [number, inside];
    if (end) {
      const before = line.words.filter(([from]) => from < point).length - 1;
      return before >= 0 ? [number, before] : null;
    }
    const after = line.words.findIndex(([, to]) => to > point);
    return after >= 0 ? [number, after] : null;
  }

  /** Choose a place of a field: what is taken out there already, say. */
  choosePlace(field: string, start: number, end: number): void {
    const selection = getSelection();
    const ends = [start, end].map((point, isEnd) => {
      for (const number of this.elements.keys()) {
        const line = this.line(number);
        if (line === undefined || line.field !== field) continue;
        const size = plain(line.pieces).length;
        if (point < line.start || point > line.start + size) continue;
        const [index, units] = drawnAt(line.pieces, point - line.start, isEnd === 1);
        return [line.nodes[index], units] as const;
      }
      return null;
    });
    const [first, last] = ends;
    if (!first?.[0] || !last?.[0]) return;
    selection?.setBaseAndExtent(first[0], first[1], last[0], last[1]);
  }

  private choose(): void {
    if (this.from === null || this.at === null) return;
    const [one, other] = [this.from, this.at].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    if (one === undefined || other === undefined) return;
    const [first, last] = [this.line(one[0]), this.line(other[0])];
    const [start, end] = [first?.words[one[1]]?.[0], last?.words[other[1]]?.[1]];
    if (first === undefined || last === undefined || start === undefined || end === undefined) return;
    const [from, fromUnits] = drawnAt(first.pieces, start, false);
    const [to, toUnits] = drawnAt(last.pieces, end, true);
    const [a, b] = [first.nodes[from], last.nodes[to]];
    if (a === undefined || b === undefined) return;
    getSelection()?.setBaseAndExtent(a, fromUnits, b, toUnits);
    this.elements[this.at[0]]?.scrollIntoView({ block: "nearest" });
  }

  /** The cursor as it can be kept with the page: two numbers, and no word. */
  get cursor(): [number, number] | null {
    return this.at;
  }

  /** Put the cursor on a word. */
  put(cursor: [number, number]): void {
    this.from = this.at = cursor;
    this.choose();
  }

  /** Move the cursor by one key; gives whether it was a key of ours. */
  key(event: KeyboardEvent): boolean {
    const next = this.moved(event.key);
    if (next === undefined) return false;
    if (next !== null) {
      this.at = next;
      if (!event.shiftKey || this.from === null) this.from = next;
      this.choose();
    }
    return true;
  }

  private moved(key: string): [number, number] | null | undefined {
    const [row, word] = this.at ?? [0, -1];
    const last = (line: number): number => (this.line(line)?.words.length ?? 0) - 1;
    switch (key) {
      case "ArrowRight":
        return word < last(row) ? [row, word + 1] : this.first(row + 1, 1);
      case "ArrowLeft": {
        if (word > 0) return [row, word - 1];
        const before = this.first(row - 1, -1);
        return before === null ? null : [before[0], last(before[0])];
      }
      case "ArrowDown":
        return this.first(this.at === null ? 0 : row + 1, 1);
      case "ArrowUp":
        return this.first(row - 1, -1);
      case "Home":
        return this.first(row, 1);
      case "End":
        return last(row) < 0 ? null : [row, last(row)];
      default:
        return undefined;
    }
  }

  private first(row: number, step: 1 | -1): [number, number] | null {
    for (let at = row; at >= 0 && at < this.elements.length; at += step) {
      if ((this.line(at)?.words.length ?? 0) > 0) return [at, 0];
    }
    return null;
  }
}
