"use strict";
(() => {
  // src/offsets.ts
  function codePoints(text, units) {
    let count = 0;
    for (let at = 0; at < units && at < text.length; count++) {
      at += (text.codePointAt(at) ?? 0) > 65535 ? 2 : 1;
      if (at > units) break;
    }
    return count;
  }
  function codeUnits(text, points) {
    let at = 0;
    for (let count = 0; count < points && at < text.length; count++) {
      at += (text.codePointAt(at) ?? 0) > 65535 ? 2 : 1;
    }
    return at;
  }
  function sizeOf(piece) {
    return piece.escape ? 1 : codePoints(piece.text, piece.text.length);
  }
  function pointAt(pieces, index, units, end) {
    const before = pieces.slice(0, index).reduce((sum, piece2) => sum + sizeOf(piece2), 0);
    const piece = pieces[index];
    if (piece === void 0) return before;
    if (!piece.escape) {
      const whole = codePoints(piece.text, units);
      return before + whole + (end && codeUnits(piece.text, whole) < units ? 1 : 0);
    }
    if (units <= 0) return before;
    return units >= piece.text.length || end ? before + 1 : before;
  }
  function drawnAt(pieces, point, end) {
    let left = point;
    for (const [index, piece] of pieces.entries()) {
      const size = sizeOf(piece);
      if (left < size || end && left === size && left > 0) {
        if (piece.escape) return [index, left > 0 ? piece.text.length : 0];
        return [index, codeUnits(piece.text, left)];
      }
      left -= size;
    }
    const last = pieces.length - 1;
    return [last, pieces[last]?.text.length ?? 0];
  }
  function plain(pieces) {
    return pieces.flatMap((piece) => piece.escape ? ["x"] : Array.from(piece.text));
  }
  var JOINS = /* @__PURE__ */ new Set(["-", "'", "’", "‐", "‑"]);
  function wordsOf(letters) {
    const found = [];
    const isLetter = (at) => /[\p{L}\p{N}\p{M}]/u.test(letters[at] ?? " ");
    for (let at = 0; at < letters.length; at++) {
      if (!isLetter(at)) continue;
      const start = at;
      while (isLetter(at) || JOINS.has(letters[at] ?? "") && isLetter(at + 1)) at++;
      found.push([start, at]);
    }
    return found;
  }

  // src/marked_text.ts
  function lineOf(element) {
    const nodes = [];
    const pieces = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const node = walker.currentNode;
      nodes.push(node);
      pieces.push({ text: node.data, escape: node.parentElement?.className === "escape" });
    }
    const field = element.closest("[data-field]")?.dataset["field"] ?? "";
    const start = Number(element.dataset["start"]);
    return { element, field, start, nodes, pieces, words: wordsOf(plain(pieces)) };
  }
  var MarkedText = class {
    constructor(region2, changed) {
      this.region = region2;
      this.changed = changed;
      this.elements = [...region2.querySelectorAll("p.original")];
      document.addEventListener("selectionchange", () => this.changed(this.words()));
      region2.addEventListener("pointerup", (event) => {
        this.pointed(event);
      });
    }
    region;
    changed;
    lines = /* @__PURE__ */ new Map();
    elements;
    /** Line and word: where choosing began, and where the cursor is. */
    from = null;
    at = null;
    line(number) {
      const element = this.elements[number];
      if (element === void 0) return void 0;
      const known = this.lines.get(element) ?? lineOf(element);
      this.lines.set(element, known);
      return known;
    }
    /** What is chosen, one place for each field that it touches. */
    places() {
      const selection = getSelection();
      if (selection === null || selection.rangeCount === 0 || selection.isCollapsed) return [];
      const range = selection.getRangeAt(0);
      const found = /* @__PURE__ */ new Map();
      for (const [number, element] of this.elements.entries()) {
        if (!range.intersectsNode(element)) continue;
        const line = this.line(number);
        const [start, end] = line === void 0 ? [0, 0] : this.inLine(line, range);
        if (line === void 0 || end <= start) continue;
        const known = found.get(line.field);
        found.set(line.field, {
          field: line.field,
          start: known?.start ?? line.start + start,
          end: line.start + end
        });
      }
      return [...found.values()];
    }
    /** The words of a place, as far as they are drawn: with an escape for what is not. */
    said(place) {
      const found = [];
      for (const number of this.elements.keys()) {
        const line = this.line(number);
        if (line === void 0 || line.field !== place.field) continue;
        const cells = line.pieces.flatMap((one) => one.escape ? [one.text] : Array.from(one.text));
        const words = cells.slice(Math.max(0, place.start - line.start), Math.max(0, place.end - line.start));
        if (words.length > 0) found.push(words.join(""));
      }
      return found.join(" ").slice(0, 300);
    }
    inLine(line, range) {
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
    words() {
      return this.places().length === 0 ? "" : getSelection()?.toString() ?? "";
    }
    pointed(event) {
      if (!(event.target instanceof HTMLElement) || event.target.closest("p.original") === null) return;
      const selection = getSelection();
      if (selection === null || selection.rangeCount === 0 || event.altKey) return;
      const range = selection.getRangeAt(0);
      const ends = [this.wordAt(range.startContainer, range.startOffset, false)];
      ends.push(selection.isCollapsed ? ends[0] ?? null : this.wordAt(range.endContainer, range.endOffset, true));
      const [first, last] = ends;
      if (!first || !last) return;
      this.from = first;
      this.at = last;
      this.choose();
    }
    wordAt(node, offset, end) {
      const element = (node instanceof Element ? node : node.parentElement)?.closest("p.original");
      const number = element ? this.elements.indexOf(element) : -1;
      const line = this.line(number);
      if (line === void 0) return null;
      const index = line.nodes.indexOf(node);
      if (index < 0) return null;
      const point = pointAt(line.pieces, index, offset, end);
      const inside = line.words.findIndex(([from, to]) => end ? from < point && point <= to : from <= point && point < to);
      if (inside >= 0) return [number, inside];
      if (end) {
        const before = line.words.filter(([from]) => from < point).length - 1;
        return before >= 0 ? [number, before] : null;
      }
      const after = line.words.findIndex(([, to]) => to > point);
      return after >= 0 ? [number, after] : null;
    }
    /** Choose a place of a field: what is taken out there already, say. */
    choosePlace(field, start, end) {
      const selection = getSelection();
      const ends = [start, end].map((point, isEnd) => {
        for (const number of this.elements.keys()) {
          const line = this.line(number);
          if (line === void 0 || line.field !== field) continue;
          const size = plain(line.pieces).length;
          if (point < line.start || point > line.start + size) continue;
          const [index, units] = drawnAt(line.pieces, point - line.start, isEnd === 1);
          return [line.nodes[index], units];
        }
        return null;
      });
      const [first, last] = ends;
      if (!first?.[0] || !last?.[0]) return;
      selection?.setBaseAndExtent(first[0], first[1], last[0], last[1]);
    }
    choose() {
      if (this.from === null || this.at === null) return;
      const [one, other] = [this.from, this.at].sort((a2, b2) => a2[0] - b2[0] || a2[1] - b2[1]);
      if (one === void 0 || other === void 0) return;
      const [first, last] = [this.line(one[0]), this.line(other[0])];
      const [start, end] = [first?.words[one[1]]?.[0], last?.words[other[1]]?.[1]];
      if (first === void 0 || last === void 0 || start === void 0 || end === void 0) return;
      const [from, fromUnits] = drawnAt(first.pieces, start, false);
      const [to, toUnits] = drawnAt(last.pieces, end, true);
      const [a, b] = [first.nodes[from], last.nodes[to]];
      if (a === void 0 || b === void 0) return;
      getSelection()?.setBaseAndExtent(a, fromUnits, b, toUnits);
      this.elements[this.at[0]]?.scrollIntoView({ block: "nearest" });
    }
    /** The cursor as it can be kept with the page: two numbers, and no word. */
    get cursor() {
      return this.at;
    }
    /** Put the cursor on a word. */
    put(cursor) {
      this.from = this.at = cursor;
      this.choose();
    }
    /** Move the cursor by one key; gives whether it was a key of ours. */
    key(event) {
      const next = this.moved(event.key);
      if (next === void 0) return false;
      if (next !== null) {
        this.at = next;
        if (!event.shiftKey || this.from === null) this.from = next;
        this.choose();
      }
      return true;
    }
    moved(key) {
      const [row, word] = this.at ?? [0, -1];
      const last = (line) => (this.line(line)?.words.length ?? 0) - 1;
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
          return void 0;
      }
    }
    first(row, step) {
      for (let at = row; at >= 0 && at < this.elements.length; at += step) {
        if ((this.line(at)?.words.length ?? 0) > 0) return [at, 0];
      }
      return null;
    }
  };

  // src/picker.ts
  function folded(text) {
    return text.toLowerCase().replaceAll("ё", "е");
  }
  function fits(label, code, typed) {
    const whole = folded(`${label} ${code}`);
    return folded(typed).split(/\s+/).every((word) => whole.includes(word));
  }
  var Picker = class {
    constructor(select) {
      this.select = select;
      const { input, list, chips } = this;
      input.type = "text";
      input.id = `${select.id}-typed`;
      input.autocomplete = "off";
      input.spellcheck = false;
      list.id = `${select.id}-list`;
      list.hidden = true;
      list.className = "options";
      list.setAttribute("role", "listbox");
      chips.className = "chips";
      const label = document.querySelector(`label[for="${select.id}"]`);
      if (label !== null) {
        label.htmlFor = input.id;
        list.setAttribute("aria-label", label.textContent ?? "");
      }
      const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
      for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
      select.hidden = true;
      select.after(input, list);
      if (select.multiple) input.before(chips);
      input.addEventListener("input", () => {
        this.open(input.value);
      });
      input.addEventListener("click", () => {
        this.open("");
      });
      input.addEventListener("keydown", (event) => {
        this.key(event);
      });
      input.addEventListener("blur", () => {
        this.close();
      });
      list.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        const option = event.target instanceof Element ? event.target.closest("[data-value]") : null;
        if (option !== null) this.choose(option.dataset["value"] ?? "");
      });
      this.show();
    }
    select;
    input = document.createElement("input");
    list = document.createElement("ul");
    chips = document.createElement("p");
    at = -1;
    options() {
      return [...this.list.querySelectorAll("[data-value]")];
    }
    open(typed) {
      const found = [...this.select.options].filter((one) => one.value !== "" && fits(one.label, one.value, typed));
      this.list.replaceChildren(
        ...found.map((one, number) => {
          const row = document.createElement("li");
          row.id = `${this.list.id}-${number}`;
          row.dataset["value"] = one.value;
          row.textContent = one.label;
          row.setAttribute("role", "option");
          row.setAttribute("aria-selected", String(one.selected));
          return row;
        })
      );
      this.list.hidden = found.length === 0;
      this.input.setAttribute("aria-expanded", String(found.length > 0));
      this.point(typed === "" ? -1 : 0);
    }
    point(at) {
      const options = this.options();
      this.at = options.length === 0 ? -1 : Math.min(at, options.length - 1);
      for (const [number, option] of options.entries()) option.classList.toggle("at", number === this.at);
      const here = options[this.at];
      if (here === void 0) this.input.removeAttribute("aria-activedescendant");
      else {
        this.input.setAttribute("aria-activedescendant", here.id);
        here.scrollIntoView({ block: "nearest" });
      }
    }
    key(event) {
      const isOpen = !this.list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) this.open("");
        this.point(Math.max(0, this.at + (event.key === "ArrowDown" ? 1 : -1)));
      } else if (event.key === "Enter" && isOpen) {
        event.preventDefault();
        const option = this.options()[this.at];
        if (option !== void 0) this.choose(option.dataset["value"] ?? "");
      } else if (event.key === "Escape") {
        this.close();
      } else if (event.key === "Backspace" && this.input.value === "" && this.select.multiple) {
        const last = [...this.select.selectedOptions].at(-1);
        if (last !== void 0) this.choose(last.value);
      }
    }
    choose(value) {
      for (const option of this.select.options) {
        if (option.value === value) option.selected = !this.select.multiple || !option.selected;
      }
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      if (this.select.multiple) this.input.value = "";
      this.show();
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
    }
    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
      if (!this.select.multiple && this.input.value.trim() === "" && this.select.value !== "") {
        this.select.value = "";
        this.select.dispatchEvent(new Event("change", { bubbles: true }));
      }
      this.show();
    }
    show() {
      const chosen = [...this.select.selectedOptions].filter((one) => one.value !== "");
      if (!this.select.multiple) {
        this.input.value = chosen[0]?.label ?? "";
        return;
      }
      this.chips.replaceChildren(
        ...chosen.map((one) => {
          const chip = document.createElement("button");
          chip.type = "button";
          chip.textContent = `${one.label} ×`;
          chip.addEventListener("click", () => {
            this.choose(one.value);
            this.input.focus();
          });
          return chip;
        })
      );
      if (document.activeElement !== this.input) this.input.value = "";
    }
  };
  function makePickers(form2) {
    for (const select of form2.querySelectorAll("select[data-pick]")) new Picker(select);
  }

  // src/posting.ts
  function post(address, fields) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return fetch(address, { method: "POST", headers, body: fields.toString(), redirect: "manual" });
  }

  // src/sending.ts
  async function send(form2, button, text) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form2, button)) {
      if (typeof value === "string") fields.append(name, value);
    }
    const answer = await post(form2.action, fields);
    if (answer.type !== "opaqueredirect") {
      if (button !== null && button.name !== "") {
        const chosen = document.createElement("input");
        chosen.type = "hidden";
        chosen.name = button.name;
        chosen.value = button.value;
        form2.append(chosen);
      }
      form2.submit();
      return;
    }
    const inText = form2.id === "mark" || text.region.contains(document.activeElement);
    const at = [...document.forms].indexOf(form2);
    const state = {
      cursor: text.cursor,
      at: inText ? null : at,
      which: button?.value ?? "",
      top: text.region.scrollTop
    };
    history.replaceState(state, "");
    if (location.search !== "" || location.hash !== "") location.assign(location.pathname);
    else location.reload();
  }
  function comeBack(text) {
    const state = history.state;
    if (state === null) return;
    const form2 = state.at === null ? void 0 : document.forms[state.at];
    const buttons = [...form2?.querySelectorAll("button:not(:disabled)") ?? []];
    const button = buttons.find((one) => one.value === state.which) ?? buttons[0];
    (button ?? text.region).focus({ preventScroll: true });
    text.region.scrollTop = state.top;
    if (state.cursor) text.put(state.cursor);
  }
  function movesByKey(text) {
    const move = (how) => {
      const button = document.querySelector(`#move button[value="${how}"]`);
      if (button?.form && !button.disabled) void send(button.form, button, text);
    };
    addEventListener("keydown", (event) => {
      const on = document.activeElement;
      const typing = on instanceof HTMLTextAreaElement || on instanceof HTMLInputElement;
      if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const how = { KeyZ: event.shiftKey ? "redo" : "undo", KeyY: "redo" }[event.code];
      if (how === void 0) return;
      event.preventDefault();
      move(how);
    });
  }

  // src/coding_page.ts
  var PAUSE = 400;
  function placesIn(text) {
    return text.split("\n").flatMap((row) => {
      const [field, start, end] = row.trim().split(":");
      return field && start && end ? [{ field, start: Number(start), end: Number(end) }] : [];
    });
  }
  var Quoting = class {
    constructor(form2, text) {
      this.form = form2;
      this.text = text;
      const [box, list, use] = [form2.querySelector("textarea"), form2.querySelector("ul"), form2.querySelector("button.use")];
      if (box === null || list === null || use === null) throw new Error("a form has no quotes");
      [this.box, this.list, this.use] = [box, list, use];
      box.parentElement?.classList.add("native");
      list.hidden = use.hidden = false;
      use.addEventListener("pointerdown", (event) => {
        event.preventDefault();
      });
      use.addEventListener("click", () => {
        this.take();
      });
      this.show();
    }
    form;
    text;
    box;
    list;
    use;
    /** Take what is chosen in the text; gives whether there was anything. */
    take() {
      const fresh = this.text.places();
      if (fresh.length > 0) this.set([...placesIn(this.box.value), ...fresh]);
      return fresh.length > 0;
    }
    set(places) {
      const rows = places.map((one) => `${one.field}:${one.start}:${one.end}`);
      this.box.value = [...new Set(rows)].join("\n");
      this.box.dispatchEvent(new Event("input", { bubbles: true }));
      this.show();
    }
    show() {
      const places = placesIn(this.box.value);
      const rows = places.map((place, number) => {
        const row = document.createElement("li");
        const words = document.createElement("bdi");
        words.textContent = `«${this.text.said(place)}» `;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = this.list.dataset["remove"] ?? "×";
        remove.addEventListener("click", () => {
          this.set(places.filter((_, at) => at !== number));
          this.use.focus();
        });
        row.append(words, remove);
        return row;
      });
      if (rows.length === 0) {
        const none = document.createElement("li");
        none.textContent = this.list.dataset["none"] ?? "";
        rows.push(none);
      }
      this.list.replaceChildren(...rows);
    }
  };
  function keepsWhatIsTyped(form2) {
    let waiting;
    const tell = () => {
      const fields = new URLSearchParams({ kind: form2.dataset["kind"] ?? "" });
      for (const [name, value] of new FormData(form2)) if (typeof value === "string") fields.append(name, value);
      void post(form2.action.replace(/\/[a-z]+$/, "/typed"), fields);
    };
    for (const sign of ["input", "change"]) {
      form2.addEventListener(sign, () => {
        clearTimeout(waiting);
        waiting = setTimeout(tell, PAUSE);
      });
    }
    form2.addEventListener("submit", () => {
      clearTimeout(waiting);
    });
  }
  function spells(form2, text) {
    for (const button of form2.querySelectorAll("button.spell")) {
      const input = button.parentElement?.querySelector("input");
      button.hidden = false;
      button.addEventListener("pointerdown", (event) => {
        event.preventDefault();
      });
      button.addEventListener("click", () => {
        const words = text.places().map((place) => text.said(place));
        if (!input || words.length === 0) return;
        input.value = words.join(" ");
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }
  function lightsUp(region2) {
    const marks = [...region2.querySelectorAll("mark[data-codes]")];
    for (const card of document.querySelectorAll(".card")) {
      const code = card.dataset["code"] ?? "";
      const light = (on) => (event) => {
        event.stopPropagation();
        for (const mark of marks) {
          const ours = (mark.dataset["codes"] ?? "").split(" ").includes(code);
          mark.classList.toggle("lit", on && ours);
        }
      };
      for (const sign of ["mouseover", "focusin"]) card.addEventListener(sign, light(true));
      for (const sign of ["mouseout", "focusout"]) card.addEventListener(sign, light(false));
    }
  }
  function codingPage(region2, first) {
    const chosen = document.getElementById("chosen");
    document.body.classList.add("scripted");
    const none = chosen?.dataset["none"] ?? "";
    if (chosen !== null) {
      chosen.hidden = false;
      chosen.textContent = none;
    }
    const text = new MarkedText(region2, (words) => {
      const said = words === "" ? none : `«${words.replaceAll("\n", " ").slice(0, 120)}»`;
      if (chosen !== null && chosen.textContent !== said) chosen.textContent = said;
    });
    const forms = [...document.querySelectorAll("form[data-kind]")];
    const quotings = forms.map((form2) => new Quoting(form2, text));
    for (const form2 of forms) {
      makePickers(form2);
      spells(form2, text);
      keepsWhatIsTyped(form2);
    }
    for (const form2 of document.querySelectorAll(".bar form, .sheet form")) {
      form2.addEventListener("submit", (event) => {
        if (form2.action.endsWith("/save")) return;
        event.preventDefault();
        const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
        void send(form2, button, text);
      });
    }
    region2.addEventListener("keydown", (event) => {
      if (event.target !== region2 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Enter") {
        const quoting = quotings.find((one) => one.form === last) ?? quotings[0];
        if (quoting?.take() === true) quoting.use.focus();
      } else if (!text.key(event)) return;
      event.preventDefault();
    });
    let last = first;
    for (const form2 of forms) {
      form2.addEventListener("focusin", () => {
        last = form2;
      });
    }
    lightsUp(region2);
    movesByKey(text);
    comeBack(text);
  }

  // src/marking.ts
  function redactingPage(region2, form2) {
    const chosen = document.getElementById("chosen");
    const lines = form2.querySelector("textarea");
    if (chosen === null || lines === null) return;
    document.body.classList.add("scripted");
    chosen.hidden = false;
    const none = chosen.dataset["none"] ?? "";
    const text = new MarkedText(region2, (words) => {
      const said = words === "" ? none : `«${words.replaceAll("\n", " ").slice(0, 120)}»`;
      if (chosen.textContent !== said) chosen.textContent = said;
    });
    chosen.textContent = none;
    const mark = (button) => {
      const places = text.places();
      if (places.length === 0) return;
      lines.value = places.map((one) => `${one.field}:${one.start}:${one.end}`).join("\n");
      void send(form2, button, text);
    };
    const buttons = [...form2.querySelectorAll("button[data-key]")];
    for (const button of buttons) {
      button.addEventListener("pointerdown", (event) => {
        event.preventDefault();
      });
    }
    for (const other of document.querySelectorAll(".bar form, .sheet form")) {
      other.addEventListener("submit", (event) => {
        if (other.method !== "post" || other.action.endsWith("/save")) return;
        event.preventDefault();
        const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
        if (other === form2 && button !== null) mark(button);
        else void send(other, button, text);
      });
    }
    const putBack = () => {
      const [place] = text.places();
      if (place === void 0) return;
      for (const one of region2.querySelectorAll("mark[data-place]")) {
        const [start, end] = (one.dataset["place"] ?? "").split(":").map(Number);
        const field = one.closest("[data-field]")?.dataset["field"];
        if (start === void 0 || end === void 0 || field !== place.field) continue;
        if (start >= place.end || end <= place.start) continue;
        const wanted = `${field}:${start}:${end}`;
        const back = document.querySelector(`#taken input[value="${wanted}"]`);
        const button = back?.form?.querySelector("button") ?? null;
        if (back?.form) void send(back.form, button, text);
        return;
      }
    };
    movesByKey(text);
    region2.addEventListener("keydown", (event) => {
      if (event.target !== region2 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (text.key(event)) {
        event.preventDefault();
        return;
      }
      const letter = event.code.replace(/^Key/, "");
      const button = buttons.find((one) => one.dataset["key"] === letter);
      if (event.key === "Enter") buttons[0]?.focus();
      else if (event.key === "Backspace" || event.key === "Delete") putBack();
      else if (button !== void 0 && !event.repeat) mark(button);
      else return;
      event.preventDefault();
    });
    form2.addEventListener("keydown", (event) => {
      if (!(event.target instanceof HTMLButtonElement) || event.ctrlKey || event.metaKey || event.altKey) return;
      const at = buttons.indexOf(event.target);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (at < 0 || step === void 0) return;
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    });
    region2.addEventListener("click", (event) => {
      const out = event.target instanceof Element ? event.target.closest("mark[data-place]") : null;
      const [start, end] = (out?.dataset["place"] ?? "").split(":").map(Number);
      const field = out?.closest("[data-field]")?.dataset["field"];
      if (field !== void 0 && start !== void 0 && end !== void 0) text.choosePlace(field, start, end);
    });
    comeBack(text);
  }
  var region = document.getElementById("text");
  var form = document.getElementById("mark");
  if (region !== null && form instanceof HTMLFormElement) redactingPage(region, form);
  var coding = document.getElementById("act");
  if (region !== null && coding instanceof HTMLFormElement) codingPage(region, coding);
})();
