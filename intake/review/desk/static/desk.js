"use strict";
(() => {
  // src/drafts.ts
  var SETTLE = 250;
  function body(form) {
    const pairs = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") pairs.append(name, value);
    }
    return pairs;
  }
  var Draft = class {
    constructor(form, address) {
      this.form = form;
      this.address = address;
    }
    form;
    address;
    timer;
    sending = false;
    changed = false;
    // Not put off by further keystrokes: whoever types without a pause is saved all the same.
    note() {
      this.changed = true;
      if (this.timer === void 0 && !this.sending) this.timer = setTimeout(() => void this.save(), SETTLE);
    }
    // What is kept as a record needs no draft any more.
    end() {
      clearTimeout(this.timer);
      this.changed = false;
    }
    // `leaving` where the page goes: the browser then sends it all the same, up to 64 KiB.
    async save(leaving = false) {
      clearTimeout(this.timer);
      this.timer = void 0;
      if (this.sending || !this.changed) return;
      this.sending = true;
      this.changed = false;
      let saved = false;
      try {
        const answer = await fetch(this.address, {
          method: "POST",
          body: body(this.form),
          keepalive: leaving
        });
        saved = answer.ok;
      } catch {
      }
      this.sending = false;
      this.tell(saved);
      if (!saved) this.changed = true;
      else if (this.changed) this.note();
    }
    tell(saved) {
      const told = this.form.querySelector("[data-told]");
      if (told === null) return;
      told.textContent = this.form.dataset[saved ? "saved" : "unsaved"] ?? "";
      told.className = saved ? "hint" : "alert";
      if (saved) told.removeAttribute("role");
      else told.setAttribute("role", "alert");
    }
  };
  function keepsDrafts() {
    for (const form of document.querySelectorAll("form[data-draft]")) {
      const draft = new Draft(form, form.dataset["draft"] ?? "");
      form.addEventListener("input", () => {
        draft.note();
      });
      addEventListener("keydown", (event) => {
        if (event.key === "Escape") void draft.save();
      });
      addEventListener("pagehide", () => void draft.save(true));
      form.addEventListener("submit", () => {
        draft.end();
      });
    }
  }

  // src/desk.ts
  var TWICE = 700;
  var WATCH = 5e3;
  var READING = 1e3;
  var HERE = 6e4;
  function cover() {
    document.documentElement.replaceChildren(document.createElement("body"));
  }
  function lockedByEscape() {
    let last = -Infinity;
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      const form = document.getElementById("lock");
      if (event.timeStamp - last < TWICE && form instanceof HTMLFormElement) {
        form.submit();
        document.body.hidden = true;
      }
      last = event.timeStamp;
    });
  }
  function saysSomebodyIsHere(csrf) {
    let told = Date.now();
    const tell = () => {
      if (Date.now() - told < HERE) return;
      told = Date.now();
      void fetch("/here", { method: "POST", body: new URLSearchParams({ csrf }) });
    };
    for (const sign of ["keydown", "pointermove", "wheel", "scroll"]) {
      addEventListener(sign, tell, { passive: true });
    }
  }
  function isAnswering() {
    const focused = document.activeElement;
    return focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement;
  }
  async function watch() {
    const bar = document.querySelector("progress");
    let state;
    try {
      const answer = await fetch("/state");
      state = await answer.json();
    } catch {
      cover();
      return;
    }
    if (state.locked) {
      cover();
      location.replace("/");
      return;
    }
    if (bar !== null && state.done !== void 0) {
      bar.value = state.done;
      if (state.ended === true && !isAnswering()) {
        location.reload();
        return;
      }
    }
    setTimeout(() => void watch(), bar === null ? WATCH : READING);
  }
  function goesOnFromAParagraph() {
    addEventListener("keydown", (event) => {
      const focused = document.activeElement;
      if (!(focused instanceof HTMLParagraphElement)) return;
      if (event.key !== "Enter" && event.key !== " ") return;
      const next = document.querySelector("#next button");
      if (next === null) return;
      event.preventDefault();
      next.click();
    });
    const shown = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
    shown?.focus();
  }
  function goesOnByItself() {
    const form = document.querySelector("form[data-goes-on]");
    if (form !== null) setTimeout(() => form.submit(), 100);
  }
  if (document.body.dataset["open"] !== void 0) {
    lockedByEscape();
    saysSomebodyIsHere(document.body.dataset["csrf"] ?? "");
    goesOnFromAParagraph();
    keepsDrafts();
    goesOnByItself();
    void watch();
  }
})();
