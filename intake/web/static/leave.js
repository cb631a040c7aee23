"use strict";
(() => {
  // src/exit.ts
  var EXIT = "/x";
  var WITHIN = 5e3;
  var PRESSES = 3;
  var UNTOUCHED = 6e5;
  var TOUCHES = ["input", "keydown", "pointerdown", "scroll"];
  function watchExit() {
    for (const link of document.querySelectorAll("a.x")) link.addEventListener("click", cover);
    new ThreePresses(leave).listen();
    new Rest().listen();
    addEventListener("pagehide", () => document.querySelector("main")?.replaceChildren());
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      cover();
      location.reload();
    });
  }
  function leave() {
    const link = document.querySelector("a.x");
    if (link !== null) return link.click();
    cover();
    location.assign(EXIT);
  }
  function cover() {
    document.querySelector(".cover")?.remove();
    const sheet = document.createElement("div");
    sheet.className = "cover";
    document.body.append(sheet);
  }
  var ThreePresses = class {
    constructor(act) {
      this.act = act;
    }
    act;
    #alone = false;
    #times = [];
    listen() {
      addEventListener("keydown", (event) => this.#down(event), true);
      addEventListener("keyup", (event) => this.#up(event), true);
      addEventListener("pointerdown", () => this.#forget(), true);
      addEventListener("blur", () => this.#forget());
    }
    #down(event) {
      if (event.key !== "Shift" || withOthers(event)) this.#forget();
      else this.#alone = true;
    }
    #up(event) {
      if (event.key !== "Shift" || withOthers(event) || !this.#alone) return this.#forget();
      this.#alone = false;
      const now = performance.now();
      this.#times = [...this.#times.filter((time) => now - time < WITHIN), now];
      if (this.#times.length < PRESSES) return;
      this.#forget();
      this.act();
    }
    #forget() {
      this.#alone = false;
      this.#times = [];
    }
  };
  function withOthers(event) {
    return event.altKey || event.ctrlKey || event.metaKey || event.getModifierState("AltGraph");
  }
  var Rest = class {
    #timer;
    listen() {
      for (const touch of TOUCHES) addEventListener(touch, () => this.#wait(), { passive: true });
      this.#wait();
    }
    #wait() {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#cover(), UNTOUCHED);
    }
    #cover() {
      const template = document.getElementById("cover-template");
      if (!(template instanceof HTMLTemplateElement) || document.querySelector(".cover")) return;
      const before = document.activeElement;
      const others = [...document.body.children].filter((element) => !element.hasAttribute("inert"));
      for (const other of others) other.toggleAttribute("inert", true);
      document.body.append(document.importNode(template.content, true));
      const sheet = document.body.lastElementChild;
      const button = sheet?.querySelector("button");
      button?.addEventListener("click", () => {
        sheet?.remove();
        for (const other of others) other.toggleAttribute("inert", false);
        if (before instanceof HTMLElement) before.focus();
      });
      button?.focus();
    }
  };

  // src/leave.ts
  watchExit();
})();
