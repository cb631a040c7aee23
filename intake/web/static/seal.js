"use strict";
(() => {
  var __defProp = Object.defineProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };

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
      const button2 = sheet?.querySelector("button");
      button2?.addEventListener("click", () => {
        sheet?.remove();
        for (const other of others) other.toggleAttribute("inert", false);
        if (before instanceof HTMLElement) before.focus();
      });
      button2?.focus();
    }
  };

  // src/breath.ts
  var PIECE = 20;
  function pause() {
    return new Promise((resolve) => setTimeout(resolve, 0));
  }
  var Breath = class {
    #since = performance.now();
    /** The results of `one` for 0 to `count` - 1. */
    async map(count, one) {
      const results = [];
      for (let i = 0; i < count; i++) {
        results.push(one(i));
        if (i % 64 === 63 && performance.now() - this.#since > PIECE) {
          await pause();
          this.#since = performance.now();
        }
      }
      return results;
    }
  };

  // src/errors.ts
  var MalformedError = class extends Error {
    name = "MalformedError";
  };
  var ProofError = class extends Error {
    name = "ProofError";
  };
  var RosterError = class extends Error {
    name = "RosterError";
  };
  function demand(holds, phrase) {
    if (!holds) throw new MalformedError(phrase);
  }

  // src/fetching.ts
  var TOKEN = /^\.?[\w-]+\.[\w-]+\.[\w-]+$/;
  var PATIENCE = 18e4;
  var PAUSES = [1e3, 5e3];
  var REFUSALS = [MalformedError, ProofError, RosterError];
  async function patiently(act, pauses = PAUSES) {
    for (const pause2 of pauses) {
      try {
        return await act();
      } catch (error) {
        if (REFUSALS.some((refusal) => error instanceof refusal)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause2));
    }
    return act();
  }
  async function get(address, integrity = "") {
    const response = await fetch(address, {
      cache: "no-store",
      credentials: "same-origin",
      integrity,
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE)
    });
    if (response.status !== 200) throw new Error(`${address} cannot be had`);
    return new Uint8Array(await response.arrayBuffer());
  }
  async function post(body, address, field) {
    const response = await postOnce(body, address, field.value);
    if (response.status !== 403) return response;
    const fresh = (await response.text()).trim();
    if (!TOKEN.test(fresh)) return response;
    field.value = fresh;
    return postOnce(body, address, field.value);
  }
  function postOnce(body, address, token) {
    return fetch(address, {
      method: "POST",
      body,
      headers: { "Content-Type": "application/octet-stream", "X-CSRFToken": token },
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE)
    });
  }

  // src/form.ts
  var MINIMAL = {
    id: "minimal",
    version: 2,
    repeat: "",
    most: 0,
    pages: [
      {
        id: "form",
        fields: [
          {
            name: "relation",
            kind: "choice",
            codes: ["r.self", "r.witness", "r.told", "r.other_role", "r.na"]
          },
          { name: "aware", kind: "choice", codes: ["yes", "no", "cannot"] },
          { name: "narrative", kind: "text", most: 2e4, required: true },
          { name: "when_text", kind: "text", most: 200 },
          { name: "where_text", kind: "text", most: 300 },
          { name: "who_text", kind: "text", most: 1e3 }
        ],
        consent: true
      }
    ],
    levels: [
      ["stats", "c_stats.1"],
      ["publish", "c_publish.1"],
      ["investigators", "c_investigators.1"],
      ["courts", "c_courts.1"],
      ["message", "c_message.1"]
    ]
  };
  var ADDITION = {
    id: "addition",
    version: 1,
    repeat: "",
    most: 0,
    pages: [
      {
        id: "form",
        fields: [{ name: "narrative", kind: "text", most: 2e4, required: true }],
        consent: true
      }
    ],
    levels: []
  };
  function keyOf({ page, time }) {
    return time > 0 ? `${page.id}.${time}` : page.id;
  }
  function firstPlace({ pages }) {
    const page = pages[0];
    demand(page !== void 0, "a form without a page");
    return { page, time: 0 };
  }
  function times({ pages, repeat, most }, answers) {
    const names = pages.filter(({ each }) => each).flatMap(({ fields }) => fields.map((f) => f.name));
    for (let time = most; time > 1; time--) {
      if (names.some((name) => answers.get(`${repeat}.${time}.${name}`))) return time;
    }
    return Math.min(1, most);
  }
  function places({ pages }, count) {
    const repeated = pages.filter(({ each }) => each);
    return pages.flatMap((page) => {
      if (!page.each) return [{ page, time: 0 }];
      if (page !== repeated[0]) return [];
      return Array.from(
        { length: count },
        (_, n) => repeated.map((again) => ({ page: again, time: n + 1 }))
      ).flat();
    });
  }
  function pathsOf({ repeat }, { page, time }) {
    const start = time > 0 ? `${repeat}.${time}.` : "";
    return page.fields.map((field) => [start + field.name, field]);
  }
  function paths(definition, count = definition.most) {
    return places(definition, count).flatMap((place) => pathsOf(definition, place));
  }
  function route(definition, answers, here) {
    const count = Math.max(times(definition, answers), here.time);
    return places(definition, count).filter((place) => {
      const { when } = place.page;
      if (when === void 0 || when[1].includes(answers.get(when[0]) ?? "")) return true;
      return keyOf(place) === keyOf(here) || isAnswered(definition, answers, place);
    });
  }
  function isAnswered(definition, answers, place) {
    return pathsOf(definition, place).some(([path]) => answers.get(path));
  }
  function gone(definition, answers, here, way) {
    const on = route(definition, answers, here);
    const at2 = on.findIndex((place) => keyOf(place) === keyOf(here));
    if (way === "next") return on[at2 + 1] ?? here;
    if (way === "back") return on[at2 - 1] ?? here;
    if (way === "end") return on[on.length - 1] ?? here;
    const first = definition.pages.find(({ each }) => each);
    if (first === void 0 || !mayAdd(definition, answers, here)) return here;
    return { page: first, time: here.time + 1 };
  }
  function mayAdd(definition, answers, { page, time }) {
    const last = definition.pages.filter(({ each }) => each).pop();
    return page === last && times(definition, answers) <= time && time < definition.most;
  }

  // node_modules/@noble/hashes/utils.js
  function isBytes(a) {
    return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
  }
  function anumber(n, title = "") {
    if (typeof n !== "number") {
      const prefix = title && `"${title}" `;
      throw new TypeError(`${prefix}expected number, got ${typeof n}`);
    }
    if (!Number.isSafeInteger(n) || n < 0) {
      const prefix = title && `"${title}" `;
      throw new RangeError(`${prefix}expected integer >= 0, got ${n}`);
    }
  }
  function abytes(value, length, title = "") {
    const bytes = isBytes(value);
    const len = value?.length;
    const needsLen = length !== void 0;
    if (!bytes || needsLen && len !== length) {
      const prefix = title && `"${title}" `;
      const ofLen = needsLen ? ` of length ${length}` : "";
      const got = bytes ? `length=${len}` : `type=${typeof value}`;
      const message = prefix + "expected Uint8Array" + ofLen + ", got " + got;
      if (!bytes)
        throw new TypeError(message);
      throw new RangeError(message);
    }
    return value;
  }
  function ahash(h) {
    if (typeof h !== "function" || typeof h.create !== "function")
      throw new TypeError("Hash must wrapped by utils.createHasher");
    anumber(h.outputLen);
    anumber(h.blockLen);
    if (h.outputLen < 1)
      throw new Error('"outputLen" must be >= 1');
    if (h.blockLen < 1)
      throw new Error('"blockLen" must be >= 1');
  }
  function aexists(instance, checkFinished = true) {
    if (instance.destroyed)
      throw new Error("Hash instance has been destroyed");
    if (checkFinished && instance.finished)
      throw new Error("Hash#digest() has already been called");
  }
  function aoutput(out, instance) {
    abytes(out, void 0, "digestInto() output");
    const min = instance.outputLen;
    if (out.length < min) {
      throw new RangeError('"digestInto() output" expected to be of length >=' + min);
    }
  }
  function u8(arr) {
    return new Uint8Array(arr.buffer, arr.byteOffset, arr.byteLength);
  }
  function u32(arr) {
    return new Uint32Array(arr.buffer, arr.byteOffset, Math.floor(arr.byteLength / 4));
  }
  function clean(...arrays) {
    for (let i = 0; i < arrays.length; i++) {
      arrays[i].fill(0);
    }
  }
  function createView(arr) {
    return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
  }
  function rotr(word, shift) {
    return word << 32 - shift | word >>> shift;
  }
  function rotl(word, shift) {
    return word << shift | word >>> 32 - shift >>> 0;
  }
  var isLE = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([287454020]).buffer)[0] === 68)();
  function byteSwap(word) {
    return word << 24 & 4278190080 | word << 8 & 16711680 | word >>> 8 & 65280 | word >>> 24 & 255;
  }
  var swap8IfBE = isLE ? (n) => n : (n) => byteSwap(n) >>> 0;
  function byteSwap32(arr) {
    for (let i = 0; i < arr.length; i++) {
      arr[i] = byteSwap(arr[i]);
    }
    return arr;
  }
  var swap32IfBE = isLE ? (u) => u : byteSwap32;
  var hasHexBuiltin = /* @__PURE__ */ (() => (
    // @ts-ignore
    typeof Uint8Array.from([]).toHex === "function" && typeof Uint8Array.fromHex === "function"
  ))();
  var hexes = /* @__PURE__ */ Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
  function bytesToHex(bytes) {
    abytes(bytes);
    if (hasHexBuiltin)
      return bytes.toHex();
    let hex2 = "";
    for (let i = 0; i < bytes.length; i++) {
      hex2 += hexes[bytes[i]];
    }
    return hex2;
  }
  var asciis = { _0: 48, _9: 57, A: 65, F: 70, a: 97, f: 102 };
  function asciiToBase16(ch) {
    if (ch >= asciis._0 && ch <= asciis._9)
      return ch - asciis._0;
    if (ch >= asciis.A && ch <= asciis.F)
      return ch - (asciis.A - 10);
    if (ch >= asciis.a && ch <= asciis.f)
      return ch - (asciis.a - 10);
    return;
  }
  function hexToBytes(hex2) {
    if (typeof hex2 !== "string")
      throw new TypeError("hex string expected, got " + typeof hex2);
    if (hasHexBuiltin) {
      try {
        return Uint8Array.fromHex(hex2);
      } catch (error) {
        if (error instanceof SyntaxError)
          throw new RangeError(error.message);
        throw error;
      }
    }
    const hl = hex2.length;
    const al = hl / 2;
    if (hl % 2)
      throw new RangeError("hex string expected, got unpadded hex of length " + hl);
    const array = new Uint8Array(al);
    for (let ai = 0, hi = 0; ai < al; ai++, hi += 2) {
      const n1 = asciiToBase16(hex2.charCodeAt(hi));
      const n2 = asciiToBase16(hex2.charCodeAt(hi + 1));
      if (n1 === void 0 || n2 === void 0) {
        const char = hex2[hi] + hex2[hi + 1];
        throw new RangeError('hex string expected, got non-hex character "' + char + '" at index ' + hi);
      }
      array[ai] = n1 * 16 + n2;
    }
    return array;
  }
  function utf8ToBytes(str) {
    if (typeof str !== "string")
      throw new TypeError("string expected");
    return new Uint8Array(new TextEncoder().encode(str));
  }
  function kdfInputToBytes(data, errorTitle = "") {
    if (typeof data === "string")
      return utf8ToBytes(data);
    return abytes(data, void 0, errorTitle);
  }
  function concatBytes(...arrays) {
    let sum = 0;
    for (let i = 0; i < arrays.length; i++) {
      const a = arrays[i];
      abytes(a);
      sum += a.length;
    }
    const res = new Uint8Array(sum);
    for (let i = 0, pad = 0; i < arrays.length; i++) {
      const a = arrays[i];
      res.set(a, pad);
      pad += a.length;
    }
    return res;
  }
  function checkOpts(defaults, opts2) {
    if (opts2 !== void 0 && {}.toString.call(opts2) !== "[object Object]")
      throw new TypeError("options must be object or undefined");
    const merged = Object.assign(defaults, opts2);
    return merged;
  }
  function createHasher(hashCons, info = {}) {
    const hashC = (msg, opts2) => hashCons(opts2).update(msg).digest();
    const tmp = hashCons(void 0);
    hashC.outputLen = tmp.outputLen;
    hashC.blockLen = tmp.blockLen;
    hashC.canXOF = tmp.canXOF;
    hashC.create = (opts2) => hashCons(opts2);
    Object.assign(hashC, info);
    return Object.freeze(hashC);
  }
  function randomBytes(bytesLength = 32) {
    anumber(bytesLength, "bytesLength");
    const cr = typeof globalThis === "object" ? globalThis.crypto : null;
    if (typeof cr?.getRandomValues !== "function")
      throw new Error("crypto.getRandomValues must be defined");
    if (bytesLength > 65536)
      throw new RangeError(`"bytesLength" expected <= 65536, got ${bytesLength}`);
    return cr.getRandomValues(new Uint8Array(bytesLength));
  }
  var oidNist = (suffix) => ({
    // Current NIST hashAlgs suffixes used here fit in one DER subidentifier octet.
    // Larger suffix values would need base-128 OID encoding and a different length byte.
    oid: Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2, suffix])
  });

  // node_modules/@noble/hashes/_md.js
  function Chi(a, b, c) {
    return a & b ^ ~a & c;
  }
  function Maj(a, b, c) {
    return a & b ^ a & c ^ b & c;
  }
  var HashMD = class {
    blockLen;
    outputLen;
    canXOF = false;
    padOffset;
    isLE;
    // For partial updates less than block size
    buffer;
    view;
    finished = false;
    length = 0;
    pos = 0;
    destroyed = false;
    constructor(blockLen, outputLen, padOffset, isLE3) {
      this.blockLen = blockLen;
      this.outputLen = outputLen;
      this.padOffset = padOffset;
      this.isLE = isLE3;
      this.buffer = new Uint8Array(blockLen);
      this.view = createView(this.buffer);
    }
    update(data) {
      aexists(this);
      abytes(data);
      const { view, buffer, blockLen } = this;
      const len = data.length;
      for (let pos = 0; pos < len; ) {
        const take = Math.min(blockLen - this.pos, len - pos);
        if (take === blockLen) {
          const dataView = createView(data);
          for (; blockLen <= len - pos; pos += blockLen)
            this.process(dataView, pos);
          continue;
        }
        buffer.set(data.subarray(pos, pos + take), this.pos);
        this.pos += take;
        pos += take;
        if (this.pos === blockLen) {
          this.process(view, 0);
          this.pos = 0;
        }
      }
      this.length += data.length;
      this.roundClean();
      return this;
    }
    digestInto(out) {
      aexists(this);
      aoutput(out, this);
      this.finished = true;
      const { buffer, view, blockLen, isLE: isLE3 } = this;
      let { pos } = this;
      buffer[pos++] = 128;
      clean(this.buffer.subarray(pos));
      if (this.padOffset > blockLen - pos) {
        this.process(view, 0);
        pos = 0;
      }
      for (let i = pos; i < blockLen; i++)
        buffer[i] = 0;
      view.setBigUint64(blockLen - 8, BigInt(this.length * 8), isLE3);
      this.process(view, 0);
      const oview = createView(out);
      const len = this.outputLen;
      if (len % 4)
        throw new Error("_sha2: outputLen must be aligned to 32bit");
      const outLen = len / 4;
      const state = this.get();
      if (outLen > state.length)
        throw new Error("_sha2: outputLen bigger than state");
      for (let i = 0; i < outLen; i++)
        oview.setUint32(4 * i, state[i], isLE3);
    }
    digest() {
      const { buffer, outputLen } = this;
      this.digestInto(buffer);
      const res = buffer.slice(0, outputLen);
      this.destroy();
      return res;
    }
    _cloneInto(to) {
      to ||= new this.constructor();
      to.set(...this.get());
      const { blockLen, buffer, length, finished, destroyed, pos } = this;
      to.destroyed = destroyed;
      to.finished = finished;
      to.length = length;
      to.pos = pos;
      if (length % blockLen)
        to.buffer.set(buffer);
      return to;
    }
    clone() {
      return this._cloneInto();
    }
  };
  var SHA256_IV = /* @__PURE__ */ Uint32Array.from([
    1779033703,
    3144134277,
    1013904242,
    2773480762,
    1359893119,
    2600822924,
    528734635,
    1541459225
  ]);
  var SHA512_IV = /* @__PURE__ */ Uint32Array.from([
    1779033703,
    4089235720,
    3144134277,
    2227873595,
    1013904242,
    4271175723,
    2773480762,
    1595750129,
    1359893119,
    2917565137,
    2600822924,
    725511199,
    528734635,
    4215389547,
    1541459225,
    327033209
  ]);

  // node_modules/@noble/hashes/_u64.js
  var U32_MASK64 = /* @__PURE__ */ BigInt(2 ** 32 - 1);
  var _32n = /* @__PURE__ */ BigInt(32);
  function fromBig(n, le = false) {
    if (le)
      return { h: Number(n & U32_MASK64), l: Number(n >> _32n & U32_MASK64) };
    return { h: Number(n >> _32n & U32_MASK64) | 0, l: Number(n & U32_MASK64) | 0 };
  }
  function split(lst, le = false) {
    const len = lst.length;
    let Ah = new Uint32Array(len);
    let Al = new Uint32Array(len);
    for (let i = 0; i < len; i++) {
      const { h, l } = fromBig(lst[i], le);
      [Ah[i], Al[i]] = [h, l];
    }
    return [Ah, Al];
  }
  var shrSH = (h, _l, s) => h >>> s;
  var shrSL = (h, l, s) => h << 32 - s | l >>> s;
  var rotrSH = (h, l, s) => h >>> s | l << 32 - s;
  var rotrSL = (h, l, s) => h << 32 - s | l >>> s;
  var rotrBH = (h, l, s) => h << 64 - s | l >>> s - 32;
  var rotrBL = (h, l, s) => h >>> s - 32 | l << 64 - s;
  var rotr32H = (_h, l) => l;
  var rotr32L = (h, _l) => h;
  var rotlSH = (h, l, s) => h << s | l >>> 32 - s;
  var rotlSL = (h, l, s) => l << s | h >>> 32 - s;
  var rotlBH = (h, l, s) => l << s - 32 | h >>> 64 - s;
  var rotlBL = (h, l, s) => h << s - 32 | l >>> 64 - s;
  function add(Ah, Al, Bh, Bl) {
    const l = (Al >>> 0) + (Bl >>> 0);
    return { h: Ah + Bh + (l / 2 ** 32 | 0) | 0, l: l | 0 };
  }
  var add3L = (Al, Bl, Cl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0);
  var add3H = (low, Ah, Bh, Ch) => Ah + Bh + Ch + (low / 2 ** 32 | 0) | 0;
  var add4L = (Al, Bl, Cl, Dl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0);
  var add4H = (low, Ah, Bh, Ch, Dh) => Ah + Bh + Ch + Dh + (low / 2 ** 32 | 0) | 0;
  var add5L = (Al, Bl, Cl, Dl, El) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0) + (El >>> 0);
  var add5H = (low, Ah, Bh, Ch, Dh, Eh) => Ah + Bh + Ch + Dh + Eh + (low / 2 ** 32 | 0) | 0;

  // node_modules/@noble/hashes/sha2.js
  var SHA256_K = /* @__PURE__ */ Uint32Array.from([
    1116352408,
    1899447441,
    3049323471,
    3921009573,
    961987163,
    1508970993,
    2453635748,
    2870763221,
    3624381080,
    310598401,
    607225278,
    1426881987,
    1925078388,
    2162078206,
    2614888103,
    3248222580,
    3835390401,
    4022224774,
    264347078,
    604807628,
    770255983,
    1249150122,
    1555081692,
    1996064986,
    2554220882,
    2821834349,
    2952996808,
    3210313671,
    3336571891,
    3584528711,
    113926993,
    338241895,
    666307205,
    773529912,
    1294757372,
    1396182291,
    1695183700,
    1986661051,
    2177026350,
    2456956037,
    2730485921,
    2820302411,
    3259730800,
    3345764771,
    3516065817,
    3600352804,
    4094571909,
    275423344,
    430227734,
    506948616,
    659060556,
    883997877,
    958139571,
    1322822218,
    1537002063,
    1747873779,
    1955562222,
    2024104815,
    2227730452,
    2361852424,
    2428436474,
    2756734187,
    3204031479,
    3329325298
  ]);
  var SHA256_W = /* @__PURE__ */ new Uint32Array(64);
  var SHA2_32B = class extends HashMD {
    constructor(outputLen) {
      super(64, outputLen, 8, false);
    }
    get() {
      const { A, B, C, D: D4, E, F: F3, G: G2, H } = this;
      return [A, B, C, D4, E, F3, G2, H];
    }
    // prettier-ignore
    set(A, B, C, D4, E, F3, G2, H) {
      this.A = A | 0;
      this.B = B | 0;
      this.C = C | 0;
      this.D = D4 | 0;
      this.E = E | 0;
      this.F = F3 | 0;
      this.G = G2 | 0;
      this.H = H | 0;
    }
    process(view, offset) {
      for (let i = 0; i < 16; i++, offset += 4)
        SHA256_W[i] = view.getUint32(offset, false);
      for (let i = 16; i < 64; i++) {
        const W15 = SHA256_W[i - 15];
        const W2 = SHA256_W[i - 2];
        const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ W15 >>> 3;
        const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ W2 >>> 10;
        SHA256_W[i] = s1 + SHA256_W[i - 7] + s0 + SHA256_W[i - 16] | 0;
      }
      let { A, B, C, D: D4, E, F: F3, G: G2, H } = this;
      for (let i = 0; i < 64; i++) {
        const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
        const T1 = H + sigma1 + Chi(E, F3, G2) + SHA256_K[i] + SHA256_W[i] | 0;
        const sigma0 = rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22);
        const T2 = sigma0 + Maj(A, B, C) | 0;
        H = G2;
        G2 = F3;
        F3 = E;
        E = D4 + T1 | 0;
        D4 = C;
        C = B;
        B = A;
        A = T1 + T2 | 0;
      }
      A = A + this.A | 0;
      B = B + this.B | 0;
      C = C + this.C | 0;
      D4 = D4 + this.D | 0;
      E = E + this.E | 0;
      F3 = F3 + this.F | 0;
      G2 = G2 + this.G | 0;
      H = H + this.H | 0;
      this.set(A, B, C, D4, E, F3, G2, H);
    }
    roundClean() {
      clean(SHA256_W);
    }
    destroy() {
      this.destroyed = true;
      this.set(0, 0, 0, 0, 0, 0, 0, 0);
      clean(this.buffer);
    }
  };
  var _SHA256 = class extends SHA2_32B {
    // We cannot use array here since array allows indexing by variable
    // which means optimizer/compiler cannot use registers.
    A = SHA256_IV[0] | 0;
    B = SHA256_IV[1] | 0;
    C = SHA256_IV[2] | 0;
    D = SHA256_IV[3] | 0;
    E = SHA256_IV[4] | 0;
    F = SHA256_IV[5] | 0;
    G = SHA256_IV[6] | 0;
    H = SHA256_IV[7] | 0;
    constructor() {
      super(32);
    }
  };
  var K512 = /* @__PURE__ */ (() => split([
    "0x428a2f98d728ae22",
    "0x7137449123ef65cd",
    "0xb5c0fbcfec4d3b2f",
    "0xe9b5dba58189dbbc",
    "0x3956c25bf348b538",
    "0x59f111f1b605d019",
    "0x923f82a4af194f9b",
    "0xab1c5ed5da6d8118",
    "0xd807aa98a3030242",
    "0x12835b0145706fbe",
    "0x243185be4ee4b28c",
    "0x550c7dc3d5ffb4e2",
    "0x72be5d74f27b896f",
    "0x80deb1fe3b1696b1",
    "0x9bdc06a725c71235",
    "0xc19bf174cf692694",
    "0xe49b69c19ef14ad2",
    "0xefbe4786384f25e3",
    "0x0fc19dc68b8cd5b5",
    "0x240ca1cc77ac9c65",
    "0x2de92c6f592b0275",
    "0x4a7484aa6ea6e483",
    "0x5cb0a9dcbd41fbd4",
    "0x76f988da831153b5",
    "0x983e5152ee66dfab",
    "0xa831c66d2db43210",
    "0xb00327c898fb213f",
    "0xbf597fc7beef0ee4",
    "0xc6e00bf33da88fc2",
    "0xd5a79147930aa725",
    "0x06ca6351e003826f",
    "0x142929670a0e6e70",
    "0x27b70a8546d22ffc",
    "0x2e1b21385c26c926",
    "0x4d2c6dfc5ac42aed",
    "0x53380d139d95b3df",
    "0x650a73548baf63de",
    "0x766a0abb3c77b2a8",
    "0x81c2c92e47edaee6",
    "0x92722c851482353b",
    "0xa2bfe8a14cf10364",
    "0xa81a664bbc423001",
    "0xc24b8b70d0f89791",
    "0xc76c51a30654be30",
    "0xd192e819d6ef5218",
    "0xd69906245565a910",
    "0xf40e35855771202a",
    "0x106aa07032bbd1b8",
    "0x19a4c116b8d2d0c8",
    "0x1e376c085141ab53",
    "0x2748774cdf8eeb99",
    "0x34b0bcb5e19b48a8",
    "0x391c0cb3c5c95a63",
    "0x4ed8aa4ae3418acb",
    "0x5b9cca4f7763e373",
    "0x682e6ff3d6b2b8a3",
    "0x748f82ee5defb2fc",
    "0x78a5636f43172f60",
    "0x84c87814a1f0ab72",
    "0x8cc702081a6439ec",
    "0x90befffa23631e28",
    "0xa4506cebde82bde9",
    "0xbef9a3f7b2c67915",
    "0xc67178f2e372532b",
    "0xca273eceea26619c",
    "0xd186b8c721c0c207",
    "0xeada7dd6cde0eb1e",
    "0xf57d4f7fee6ed178",
    "0x06f067aa72176fba",
    "0x0a637dc5a2c898a6",
    "0x113f9804bef90dae",
    "0x1b710b35131c471b",
    "0x28db77f523047d84",
    "0x32caab7b40c72493",
    "0x3c9ebe0a15c9bebc",
    "0x431d67c49c100d4c",
    "0x4cc5d4becb3e42b6",
    "0x597f299cfc657e2a",
    "0x5fcb6fab3ad6faec",
    "0x6c44198c4a475817"
  ].map((n) => BigInt(n))))();
  var SHA512_Kh = /* @__PURE__ */ (() => K512[0])();
  var SHA512_Kl = /* @__PURE__ */ (() => K512[1])();
  var SHA512_W_H = /* @__PURE__ */ new Uint32Array(80);
  var SHA512_W_L = /* @__PURE__ */ new Uint32Array(80);
  var SHA2_64B = class extends HashMD {
    constructor(outputLen) {
      super(128, outputLen, 16, false);
    }
    // prettier-ignore
    get() {
      const { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
      return [Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl];
    }
    // prettier-ignore
    set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl) {
      this.Ah = Ah | 0;
      this.Al = Al | 0;
      this.Bh = Bh | 0;
      this.Bl = Bl | 0;
      this.Ch = Ch | 0;
      this.Cl = Cl | 0;
      this.Dh = Dh | 0;
      this.Dl = Dl | 0;
      this.Eh = Eh | 0;
      this.El = El | 0;
      this.Fh = Fh | 0;
      this.Fl = Fl | 0;
      this.Gh = Gh | 0;
      this.Gl = Gl | 0;
      this.Hh = Hh | 0;
      this.Hl = Hl | 0;
    }
    process(view, offset) {
      for (let i = 0; i < 16; i++, offset += 4) {
        SHA512_W_H[i] = view.getUint32(offset);
        SHA512_W_L[i] = view.getUint32(offset += 4);
      }
      for (let i = 16; i < 80; i++) {
        const W15h = SHA512_W_H[i - 15] | 0;
        const W15l = SHA512_W_L[i - 15] | 0;
        const s0h = rotrSH(W15h, W15l, 1) ^ rotrSH(W15h, W15l, 8) ^ shrSH(W15h, W15l, 7);
        const s0l = rotrSL(W15h, W15l, 1) ^ rotrSL(W15h, W15l, 8) ^ shrSL(W15h, W15l, 7);
        const W2h = SHA512_W_H[i - 2] | 0;
        const W2l = SHA512_W_L[i - 2] | 0;
        const s1h = rotrSH(W2h, W2l, 19) ^ rotrBH(W2h, W2l, 61) ^ shrSH(W2h, W2l, 6);
        const s1l = rotrSL(W2h, W2l, 19) ^ rotrBL(W2h, W2l, 61) ^ shrSL(W2h, W2l, 6);
        const SUMl = add4L(s0l, s1l, SHA512_W_L[i - 7], SHA512_W_L[i - 16]);
        const SUMh = add4H(SUMl, s0h, s1h, SHA512_W_H[i - 7], SHA512_W_H[i - 16]);
        SHA512_W_H[i] = SUMh | 0;
        SHA512_W_L[i] = SUMl | 0;
      }
      let { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
      for (let i = 0; i < 80; i++) {
        const sigma1h = rotrSH(Eh, El, 14) ^ rotrSH(Eh, El, 18) ^ rotrBH(Eh, El, 41);
        const sigma1l = rotrSL(Eh, El, 14) ^ rotrSL(Eh, El, 18) ^ rotrBL(Eh, El, 41);
        const CHIh = Eh & Fh ^ ~Eh & Gh;
        const CHIl = El & Fl ^ ~El & Gl;
        const T1ll = add5L(Hl, sigma1l, CHIl, SHA512_Kl[i], SHA512_W_L[i]);
        const T1h = add5H(T1ll, Hh, sigma1h, CHIh, SHA512_Kh[i], SHA512_W_H[i]);
        const T1l = T1ll | 0;
        const sigma0h = rotrSH(Ah, Al, 28) ^ rotrBH(Ah, Al, 34) ^ rotrBH(Ah, Al, 39);
        const sigma0l = rotrSL(Ah, Al, 28) ^ rotrBL(Ah, Al, 34) ^ rotrBL(Ah, Al, 39);
        const MAJh = Ah & Bh ^ Ah & Ch ^ Bh & Ch;
        const MAJl = Al & Bl ^ Al & Cl ^ Bl & Cl;
        Hh = Gh | 0;
        Hl = Gl | 0;
        Gh = Fh | 0;
        Gl = Fl | 0;
        Fh = Eh | 0;
        Fl = El | 0;
        ({ h: Eh, l: El } = add(Dh | 0, Dl | 0, T1h | 0, T1l | 0));
        Dh = Ch | 0;
        Dl = Cl | 0;
        Ch = Bh | 0;
        Cl = Bl | 0;
        Bh = Ah | 0;
        Bl = Al | 0;
        const All = add3L(T1l, sigma0l, MAJl);
        Ah = add3H(All, T1h, sigma0h, MAJh);
        Al = All | 0;
      }
      ({ h: Ah, l: Al } = add(this.Ah | 0, this.Al | 0, Ah | 0, Al | 0));
      ({ h: Bh, l: Bl } = add(this.Bh | 0, this.Bl | 0, Bh | 0, Bl | 0));
      ({ h: Ch, l: Cl } = add(this.Ch | 0, this.Cl | 0, Ch | 0, Cl | 0));
      ({ h: Dh, l: Dl } = add(this.Dh | 0, this.Dl | 0, Dh | 0, Dl | 0));
      ({ h: Eh, l: El } = add(this.Eh | 0, this.El | 0, Eh | 0, El | 0));
      ({ h: Fh, l: Fl } = add(this.Fh | 0, this.Fl | 0, Fh | 0, Fl | 0));
      ({ h: Gh, l: Gl } = add(this.Gh | 0, this.Gl | 0, Gh | 0, Gl | 0));
      ({ h: Hh, l: Hl } = add(this.Hh | 0, this.Hl | 0, Hh | 0, Hl | 0));
      this.set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl);
    }
    roundClean() {
      clean(SHA512_W_H, SHA512_W_L);
    }
    destroy() {
      this.destroyed = true;
      clean(this.buffer);
      this.set(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  };
  var _SHA512 = class extends SHA2_64B {
    Ah = SHA512_IV[0] | 0;
    Al = SHA512_IV[1] | 0;
    Bh = SHA512_IV[2] | 0;
    Bl = SHA512_IV[3] | 0;
    Ch = SHA512_IV[4] | 0;
    Cl = SHA512_IV[5] | 0;
    Dh = SHA512_IV[6] | 0;
    Dl = SHA512_IV[7] | 0;
    Eh = SHA512_IV[8] | 0;
    El = SHA512_IV[9] | 0;
    Fh = SHA512_IV[10] | 0;
    Fl = SHA512_IV[11] | 0;
    Gh = SHA512_IV[12] | 0;
    Gl = SHA512_IV[13] | 0;
    Hh = SHA512_IV[14] | 0;
    Hl = SHA512_IV[15] | 0;
    constructor() {
      super(64);
    }
  };
  var sha256 = /* @__PURE__ */ createHasher(
    () => new _SHA256(),
    /* @__PURE__ */ oidNist(1)
  );
  var sha512 = /* @__PURE__ */ createHasher(
    () => new _SHA512(),
    /* @__PURE__ */ oidNist(3)
  );

  // src/bytes.ts
  var encoder = new TextEncoder();
  function join(...parts) {
    const arrays = parts.map((part) => typeof part === "string" ? encoder.encode(part) : part);
    const joined = new Uint8Array(arrays.reduce((sum, array) => sum + array.length, 0));
    let end = 0;
    for (const array of arrays) {
      joined.set(array, end);
      end += array.length;
    }
    return joined;
  }
  function sha2562(...parts) {
    return sha256(join(...parts));
  }
  function u322(value) {
    return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
  }
  function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  function equal(a, b) {
    return a.length === b.length && a.every((byte, i) => byte === b[i]);
  }
  function random(size) {
    return crypto.getRandomValues(new Uint8Array(size));
  }

  // node_modules/@scure/base/index.js
  /*! scure-base - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  function isBytes2(a) {
    return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
  }
  function abytes2(b) {
    if (!isBytes2(b))
      throw new TypeError("Uint8Array expected");
  }
  function isArrayOf(isString, arr) {
    if (!Array.isArray(arr))
      return false;
    if (arr.length === 0)
      return true;
    if (isString) {
      return arr.every((item) => typeof item === "string");
    } else {
      return arr.every((item) => Number.isSafeInteger(item));
    }
  }
  function afn(input) {
    if (typeof input !== "function")
      throw new TypeError("function expected");
    return true;
  }
  function astr(label, input) {
    if (typeof input !== "string")
      throw new TypeError(`${label}: string expected`);
    return true;
  }
  function anumber2(n) {
    if (typeof n !== "number")
      throw new TypeError(`number expected, got ${typeof n}`);
    if (!Number.isSafeInteger(n))
      throw new RangeError(`invalid integer: ${n}`);
  }
  function aArr(input) {
    if (!Array.isArray(input))
      throw new TypeError("array expected");
  }
  function astrArr(label, input) {
    if (!isArrayOf(true, input))
      throw new TypeError(`${label}: array of strings expected`);
  }
  function anumArr(label, input) {
    if (!isArrayOf(false, input))
      throw new TypeError(`${label}: array of numbers expected`);
  }
  // @__NO_SIDE_EFFECTS__
  function chain(...args) {
    const id2 = (a) => a;
    const wrap = (a, b) => (c) => a(b(c));
    const encode3 = args.map((x) => x.encode).reduceRight(wrap, id2);
    const decode4 = args.map((x) => x.decode).reduce(wrap, id2);
    return { encode: encode3, decode: decode4 };
  }
  // @__NO_SIDE_EFFECTS__
  function alphabet(letters) {
    const lettersA = typeof letters === "string" ? letters.split("") : letters;
    const len = lettersA.length;
    astrArr("alphabet", lettersA);
    const indexes = new Map(lettersA.map((l, i) => [l, i]));
    return {
      encode: (digits) => {
        aArr(digits);
        return digits.map((i) => {
          if (!Number.isSafeInteger(i) || i < 0 || i >= len)
            throw new Error(`alphabet.encode: digit index outside alphabet "${i}". Allowed: ${letters}`);
          return lettersA[i];
        });
      },
      decode: (input) => {
        aArr(input);
        return input.map((letter) => {
          astr("alphabet.decode", letter);
          const i = indexes.get(letter);
          if (i === void 0)
            throw new Error(`Unknown letter: "${letter}". Allowed: ${letters}`);
          return i;
        });
      }
    };
  }
  // @__NO_SIDE_EFFECTS__
  function join2(separator = "") {
    astr("join", separator);
    return {
      encode: (from) => {
        astrArr("join.decode", from);
        return from.join(separator);
      },
      decode: (to) => {
        astr("join.decode", to);
        return to.split(separator);
      }
    };
  }
  // @__NO_SIDE_EFFECTS__
  function padding(bits, chr = "=") {
    anumber2(bits);
    astr("padding", chr);
    return {
      encode(data) {
        astrArr("padding.encode", data);
        while (data.length * bits % 8)
          data.push(chr);
        return data;
      },
      decode(input) {
        astrArr("padding.decode", input);
        let end = input.length;
        if (end * bits % 8)
          throw new Error("padding: invalid, string should have whole number of bytes");
        for (; end > 0 && input[end - 1] === chr; end--) {
          const last = end - 1;
          const byte = last * bits;
          if (byte % 8 === 0)
            throw new Error("padding: invalid, string has too much padding");
        }
        return input.slice(0, end);
      }
    };
  }
  var gcd = (a, b) => b === 0 ? a : gcd(b, a % b);
  var radix2carry = /* @__NO_SIDE_EFFECTS__ */ (from, to) => from + (to - gcd(from, to));
  var powers = /* @__PURE__ */ (() => {
    let res = [];
    for (let i = 0; i < 40; i++)
      res.push(2 ** i);
    return res;
  })();
  function convertRadix2(data, from, to, padding2) {
    aArr(data);
    if (from <= 0 || from > 32)
      throw new RangeError(`convertRadix2: wrong from=${from}`);
    if (to <= 0 || to > 32)
      throw new RangeError(`convertRadix2: wrong to=${to}`);
    if (/* @__PURE__ */ radix2carry(from, to) > 32) {
      throw new Error(`convertRadix2: carry overflow from=${from} to=${to} carryBits=${/* @__PURE__ */ radix2carry(from, to)}`);
    }
    let carry = 0;
    let pos = 0;
    const max = powers[from];
    const mask = powers[to] - 1;
    const res = [];
    for (const n of data) {
      anumber2(n);
      if (n >= max)
        throw new Error(`convertRadix2: invalid data word=${n} from=${from}`);
      carry = carry << from | n;
      if (pos + from > 32)
        throw new Error(`convertRadix2: carry overflow pos=${pos} from=${from}`);
      pos += from;
      for (; pos >= to; pos -= to)
        res.push((carry >> pos - to & mask) >>> 0);
      const pow = powers[pos];
      if (pow === void 0)
        throw new Error("invalid carry");
      carry &= pow - 1;
    }
    carry = carry << to - pos & mask;
    if (!padding2 && pos >= from)
      throw new Error("Excess padding");
    if (!padding2 && carry > 0)
      throw new Error(`Non-zero padding: ${carry}`);
    if (padding2 && pos > 0)
      res.push(carry >>> 0);
    return res;
  }
  // @__NO_SIDE_EFFECTS__
  function radix2(bits, revPadding = false) {
    anumber2(bits);
    if (bits <= 0 || bits > 32)
      throw new RangeError("radix2: bits should be in (0..32]");
    if (/* @__PURE__ */ radix2carry(8, bits) > 32 || /* @__PURE__ */ radix2carry(bits, 8) > 32)
      throw new RangeError("radix2: carry overflow");
    return {
      encode: (bytes) => {
        if (!isBytes2(bytes))
          throw new TypeError("radix2.encode input should be Uint8Array");
        return convertRadix2(Array.from(bytes), 8, bits, !revPadding);
      },
      decode: (digits) => {
        anumArr("radix2.decode", digits);
        return Uint8Array.from(convertRadix2(digits, bits, 8, revPadding));
      }
    };
  }
  function unsafeWrapper(fn) {
    afn(fn);
    return function(...args) {
      try {
        return fn.apply(null, args);
      } catch (e) {
      }
    };
  }
  var hasBase64Builtin = /* @__PURE__ */ (() => typeof Uint8Array.from([]).toBase64 === "function" && typeof Uint8Array.fromBase64 === "function")();
  var ASCII_WHITESPACE = /[\t\n\f\r ]/;
  var decodeBase64Builtin = (s, isUrl) => {
    astr("base64", s);
    const alphabet2 = isUrl ? "base64url" : "base64";
    if (s.length > 0 && ASCII_WHITESPACE.test(s))
      throw new Error("invalid base64");
    return Uint8Array.fromBase64(s, { alphabet: alphabet2, lastChunkHandling: "strict" });
  };
  var base64 = /* @__PURE__ */ Object.freeze(hasBase64Builtin ? {
    encode(b) {
      abytes2(b);
      return b.toBase64();
    },
    decode(s) {
      return decodeBase64Builtin(s, false);
    }
  } : /* @__PURE__ */ chain(/* @__PURE__ */ radix2(6), /* @__PURE__ */ alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), /* @__PURE__ */ padding(6), /* @__PURE__ */ join2("")));
  var base64nopad = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ chain(/* @__PURE__ */ radix2(6), /* @__PURE__ */ alphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), /* @__PURE__ */ join2("")));
  var BECH_ALPHABET = /* @__PURE__ */ chain(/* @__PURE__ */ alphabet("qpzry9x8gf2tvdw0s3jn54khce6mua7l"), /* @__PURE__ */ join2(""));
  var POLYMOD_GENERATORS = [996825010, 642813549, 513874426, 1027748829, 705979059];
  function bech32Polymod(pre) {
    const b = pre >> 25;
    let chk = (pre & 33554431) << 5;
    for (let i = 0; i < POLYMOD_GENERATORS.length; i++) {
      if ((b >> i & 1) === 1)
        chk ^= POLYMOD_GENERATORS[i];
    }
    return chk;
  }
  function bechChecksum(prefix, words2, encodingConst = 1) {
    const len = prefix.length;
    let chk = 1;
    for (let i = 0; i < len; i++) {
      const c = prefix.charCodeAt(i);
      if (c < 33 || c > 126)
        throw new Error(`Invalid prefix (${prefix})`);
      chk = bech32Polymod(chk) ^ c >> 5;
    }
    chk = bech32Polymod(chk);
    for (let i = 0; i < len; i++)
      chk = bech32Polymod(chk) ^ prefix.charCodeAt(i) & 31;
    for (let v of words2)
      chk = bech32Polymod(chk) ^ v;
    for (let i = 0; i < 6; i++)
      chk = bech32Polymod(chk);
    chk ^= encodingConst;
    return BECH_ALPHABET.encode(convertRadix2([chk % powers[30]], 30, 5, false));
  }
  // @__NO_SIDE_EFFECTS__
  function genBech32(encoding) {
    const ENCODING_CONST = encoding === "bech32" ? 1 : 734539939;
    const _words = /* @__PURE__ */ radix2(5);
    const fromWords = _words.decode;
    const toWords = _words.encode;
    const fromWordsUnsafe = unsafeWrapper(fromWords);
    function encode3(prefix, words2, limit = 90) {
      astr("bech32.encode prefix", prefix);
      if (isBytes2(words2))
        words2 = Array.from(words2);
      anumArr("bech32.encode", words2);
      const plen = prefix.length;
      if (plen === 0)
        throw new TypeError(`Invalid prefix length ${plen}`);
      const actualLength = plen + 7 + words2.length;
      if (limit !== false && actualLength > limit)
        throw new TypeError(`Length ${actualLength} exceeds limit ${limit}`);
      const lowered = prefix.toLowerCase();
      const sum = bechChecksum(lowered, words2, ENCODING_CONST);
      return `${lowered}1${BECH_ALPHABET.encode(words2)}${sum}`;
    }
    function decode4(str, limit = 90) {
      astr("bech32.decode input", str);
      const slen = str.length;
      if (slen < 8 || limit !== false && slen > limit)
        throw new TypeError(`invalid string length: ${slen} (${str}). Expected (8..${limit})`);
      const lowered = str.toLowerCase();
      if (str !== lowered && str !== str.toUpperCase())
        throw new Error(`String must be lowercase or uppercase`);
      const sepIndex = lowered.lastIndexOf("1");
      if (sepIndex === 0 || sepIndex === -1)
        throw new Error(`Letter "1" must be present between prefix and data only`);
      const prefix = lowered.slice(0, sepIndex);
      const data = lowered.slice(sepIndex + 1);
      if (data.length < 6)
        throw new Error("Data must be at least 6 characters long");
      const words2 = BECH_ALPHABET.decode(data).slice(0, -6);
      const sum = bechChecksum(prefix, words2, ENCODING_CONST);
      if (!data.endsWith(sum))
        throw new Error(`Invalid checksum in ${str}: expected "${sum}"`);
      return { prefix, words: words2 };
    }
    const decodeUnsafe = unsafeWrapper(decode4);
    function decodeToBytes(str) {
      const { prefix, words: words2 } = decode4(str, false);
      return {
        prefix,
        words: words2,
        bytes: fromWords(words2)
      };
    }
    function encodeFromBytes(prefix, bytes) {
      return encode3(prefix, toWords(bytes));
    }
    return {
      encode: encode3,
      decode: decode4,
      encodeFromBytes,
      decodeToBytes,
      decodeUnsafe,
      fromWords,
      fromWordsUnsafe,
      toWords
    };
  }
  var bech32 = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ genBech32("bech32"));

  // src/canonical.ts
  var MAX_DEPTH = 8;
  var ASCII = /^[\0-\x7f]*$/;
  function encode(value, depth = 1) {
    demand(depth <= MAX_DEPTH + 1, "JSON is more than 8 levels deep");
    if (typeof value === "string") {
      demand(isScalar(value), "text holds a lone surrogate");
      return JSON.stringify(value);
    }
    if (typeof value === "number") {
      demand(Number.isSafeInteger(value), "a number is not an integer of at most 2^53 - 1");
      return JSON.stringify(value);
    }
    if (value === null || typeof value === "boolean") return JSON.stringify(value);
    if (isArray(value)) return `[${value.map((item) => encode(item, depth + 1)).join(",")}]`;
    const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
    return `{${members.map(([key, item]) => member(key, item, depth)).join(",")}}`;
  }
  function member(key, item, depth) {
    demand(ASCII.test(key), "a key is not ASCII text");
    return `${JSON.stringify(key)}:${encode(item, depth + 1)}`;
  }
  function isArray(value) {
    return Array.isArray(value);
  }
  function isScalar(text) {
    return !/\p{Surrogate}/u.test(text);
  }
  function b64(bytes) {
    return base64.encode(bytes);
  }
  function unb64(text, what) {
    let bytes;
    try {
      bytes = base64.decode(text);
    } catch {
      throw new MalformedError(`${what} is not base64`);
    }
    demand(b64(bytes) === text, `${what} is not canonical base64`);
    return bytes;
  }

  // src/testimony.ts
  var TEXT_BYTES = 61440;
  function fromAnswers(lang, answers, agreed, definition = MINIMAL, list2) {
    const asked = paths(definition, times(definition, answers));
    const given = asked.map(([path, field]) => [path, field, answers.get(path) ?? ""]);
    const tidied = new Map(given.map(([path, field, text]) => [path, canonical(field, tidy(text))]));
    const odd = given.filter(([, , text]) => lines(text) !== tidy(text)).map(([field]) => ({ field, kind: "odd", amount: 0 }));
    const problems = [...odd, ...problemsOf(definition, tidied, list2)];
    if (problems.length > 0) return { problems, tidied };
    const { id: id2, version, levels } = definition;
    return {
      testimony: {
        kind: id2 === "addition" ? "addition" : "testimony",
        form: { id: id2, version, lang },
        fields: [...tidied].filter(([, text]) => text !== ""),
        consent: levels.map(([level, wording]) => [level, agreed.has(level), wording, lang])
      }
    };
  }
  function holdsCode({ fields }, list2) {
    return fields.some(([, text]) => list2.isCodeIn(text));
  }
  var CHANGE = { id: "consent", version: 1 };
  function consentChange(lang, agreed) {
    const rows = MINIMAL.levels.map(
      ([level, wording]) => [level, agreed.has(level), wording, lang]
    );
    return { kind: "consent", form: { ...CHANGE, lang }, fields: [], consent: rows };
  }
  function consentAnswer(lang, question, agreed) {
    return {
      kind: "consent",
      form: { ...CHANGE, lang },
      fields: [["asked", question]],
      consent: [["government", agreed, "c_government.1", lang]]
    };
  }
  function canonical(field, text) {
    if (field.kind !== "multi") return text;
    const chosen = text.split(" ").filter((code) => code !== "");
    if (!chosen.every((code) => field.codes.includes(code))) return text;
    return field.codes.filter((code) => chosen.includes(code)).join(" ");
  }
  function lines(text) {
    return text.replace(/\r\n?/g, "\n");
  }
  function tidy(text) {
    return lines(text).replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd\p{Surrogate}]/gu, "");
  }
  function problemsOf(definition, answers, list2) {
    const problems = [];
    for (const [path, asked] of paths(definition, times(definition, answers))) {
      const text = answers.get(path) ?? "";
      if (asked.kind !== "text") {
        const chosen = asked.kind === "multi" ? text.split(" ") : [text];
        if (text !== "" && !chosen.every((code) => asked.codes.includes(code))) {
          problems.push({ field: path, kind: "choice", amount: 0 });
        }
      } else if (asked.required === true && !/[^\t\n\r ]/.test(text)) {
        problems.push({ field: path, kind: "empty", amount: 0 });
      } else if (characters(text) > asked.most) {
        problems.push({ field: path, kind: "long", amount: characters(text) - asked.most });
      } else if (list2?.isCodeIn(text) === true) {
        problems.push({ field: path, kind: "code_in_text", amount: 0 });
      }
    }
    if (problems.some(({ kind }) => kind === "long")) return problems;
    return [...problems, ...bytesOver(definition, answers)];
  }
  function bytesOver(definition, answers) {
    const rows = paths(definition, times(definition, answers)).map(([path]) => [path, answers.get(path) ?? ""]).filter(([, text2]) => text2 !== "");
    const size = join(encode(rows)).length;
    if (size <= TEXT_BYTES) return [];
    const lengths = rows.map(([, text2]) => join(encode(text2)).length - 2);
    const longest = lengths.indexOf(Math.max(...lengths));
    const [field, text] = rows[longest] ?? ["narrative", ""];
    const mean = Math.max(1, lengths[longest] ?? 0) / Math.max(1, characters(text));
    return [{ field, kind: "long", amount: Math.ceil((size - TEXT_BYTES) / mean) }];
  }
  function characters(text) {
    let count = 0;
    for (const _ of text) count++;
    return count;
  }

  // src/words.ts
  var NEEDED = [
    ...["empty", "long", "odd", "choice", "code_in_text"],
    ...["not_sent", "refused", "retry", "unknown", "down"]
  ];
  var Words = class {
    #phrases;
    /** The phrases of a language, from the site's phrases file; throws where there are none. */
    constructor(lang) {
      const phrases = phrasesOf(lang);
      this.#phrases = phrases;
      for (const kind of NEEDED) this.error(kind);
    }
    /** The phrase with this key. */
    say(key) {
      const phrase = this.#phrases[key];
      demand(phrase !== void 0, `there is no phrase ${key}`);
      return phrase;
    }
    /** What is said of something that is wrong; with {n} where a number goes. */
    error(kind) {
      return this.say(`error.${kind}`);
    }
    /** The page's title at one of the three steps. */
    title(step) {
      return this.say("all.title").replace("{n}", String(step));
    }
  };
  function phrasesOf(lang) {
    const { intakePhrases } = globalThis;
    const phrases = intakePhrases?.[lang];
    demand(phrases !== void 0, "there are no phrases in this language");
    return phrases;
  }
  function clone(id2) {
    const found = document.getElementById(id2);
    if (!(found instanceof HTMLTemplateElement)) throw new Error(`the page lacks ${id2}`);
    return document.importNode(found.content, true);
  }
  function textOf(element) {
    return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  }

  // src/form_view.ts
  function readForm(form2, definition, lang, list2) {
    const answers = readAnswers(form2, paths(definition));
    return fromAnswers(lang, answers, readAgreed(form2), definition, list2);
  }
  function readAnswers(form2, asked) {
    const filled = new FormData(form2);
    return new Map(
      asked.map(([path, { kind }]) => [
        path,
        kind === "multi" ? filled.getAll(path).join(" ") : String(filled.get(path) ?? "")
      ])
    );
  }
  function readAgreed(form2) {
    return new Set(new FormData(form2).getAll("consent").map(String));
  }
  function writeBack(form2, tidied) {
    for (const [name, text] of tidied) {
      const box = form2.elements.namedItem(name);
      const line3 = box instanceof HTMLInputElement && box.type === "text";
      const typed2 = box instanceof HTMLTextAreaElement || line3;
      if (typed2 && box.value !== text) box.value = text;
    }
  }
  function showProblems(problems, words2, title = words2.title(1)) {
    const said = problems.map(
      ({ field, kind, amount }) => [field, words2.error(kind).replace("{n}", String(amount))]
    );
    showWrong(said, words2, title);
  }
  function showWrong(said, words2, title) {
    clearProblems();
    const items = said.map(([field, text]) => {
      markField(field, text, words2);
      return linkTo(field, text);
    });
    fillSummary(items);
    document.title = `${words2.say("all.error")} ${title}`;
    document.querySelector("#summary h2")?.focus();
  }
  function showNotice(text) {
    fillSummary([text]);
  }
  function clearProblems() {
    document.getElementById("summary")?.replaceChildren();
    for (const error of document.querySelectorAll('main [id^="error-"]')) {
      error.hidden = true;
      error.replaceChildren();
      controlOf(error.id.slice("error-".length))?.removeAttribute("aria-invalid");
    }
  }
  function fillSummary(items) {
    const box = clone("summary-template");
    for (const item of items) {
      const row = document.createElement("li");
      row.append(item);
      box.querySelector("ul")?.append(row);
    }
    document.getElementById("summary")?.replaceChildren(box);
  }
  function linkTo(field, text) {
    const control = controlOf(field);
    const link = document.createElement("a");
    link.href = `#${control?.id ?? ""}`;
    link.textContent = text;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      control?.focus();
    });
    return link;
  }
  function markField(field, text, words2) {
    const error = document.getElementById(`error-${field}`);
    if (error === null) return;
    if (error.hidden) {
      const prefix = document.createElement("span");
      prefix.className = "hide";
      prefix.textContent = words2.say("all.error");
      error.replaceChildren(prefix, ` ${text}`);
    } else {
      error.append(`. ${text}`);
    }
    error.hidden = false;
    controlOf(field)?.setAttribute("aria-invalid", "true");
  }
  function controlOf(field) {
    return document.querySelector(`main [name="${field}"]`);
  }

  // node_modules/@noble/hashes/hmac.js
  var _HMAC = class {
    oHash;
    iHash;
    blockLen;
    outputLen;
    canXOF = false;
    finished = false;
    destroyed = false;
    constructor(hash2, key) {
      ahash(hash2);
      abytes(key, void 0, "key");
      this.iHash = hash2.create();
      if (typeof this.iHash.update !== "function")
        throw new Error("Expected instance of class which extends utils.Hash");
      this.blockLen = this.iHash.blockLen;
      this.outputLen = this.iHash.outputLen;
      const blockLen = this.blockLen;
      const pad = new Uint8Array(blockLen);
      pad.set(key.length > blockLen ? hash2.create().update(key).digest() : key);
      for (let i = 0; i < pad.length; i++)
        pad[i] ^= 54;
      this.iHash.update(pad);
      this.oHash = hash2.create();
      for (let i = 0; i < pad.length; i++)
        pad[i] ^= 54 ^ 92;
      this.oHash.update(pad);
      clean(pad);
    }
    update(buf) {
      aexists(this);
      this.iHash.update(buf);
      return this;
    }
    digestInto(out) {
      aexists(this);
      aoutput(out, this);
      this.finished = true;
      const buf = out.subarray(0, this.outputLen);
      this.iHash.digestInto(buf);
      this.oHash.update(buf);
      this.oHash.digestInto(buf);
      this.destroy();
    }
    digest() {
      const out = new Uint8Array(this.oHash.outputLen);
      this.digestInto(out);
      return out;
    }
    _cloneInto(to) {
      to ||= Object.create(Object.getPrototypeOf(this), {});
      const { oHash, iHash, finished, destroyed, blockLen, outputLen } = this;
      to = to;
      to.finished = finished;
      to.destroyed = destroyed;
      to.blockLen = blockLen;
      to.outputLen = outputLen;
      to.oHash = oHash._cloneInto(to.oHash);
      to.iHash = iHash._cloneInto(to.iHash);
      return to;
    }
    clone() {
      return this._cloneInto();
    }
    destroy() {
      this.destroyed = true;
      this.oHash.destroy();
      this.iHash.destroy();
    }
  };
  var hmac = /* @__PURE__ */ (() => {
    const hmac_ = ((hash2, key, message) => new _HMAC(hash2, key).update(message).digest());
    hmac_.create = (hash2, key) => new _HMAC(hash2, key);
    return hmac_;
  })();

  // node_modules/@noble/hashes/hkdf.js
  function extract(hash2, ikm, salt) {
    ahash(hash2);
    if (salt === void 0)
      salt = new Uint8Array(hash2.outputLen);
    return hmac(hash2, salt, ikm);
  }
  var HKDF_COUNTER = /* @__PURE__ */ Uint8Array.of(0);
  var EMPTY_BUFFER = /* @__PURE__ */ Uint8Array.of();
  function expand(hash2, prk, info, length = 32) {
    ahash(hash2);
    anumber(length, "length");
    abytes(prk, void 0, "prk");
    const olen = hash2.outputLen;
    if (prk.length < olen)
      throw new Error('"prk" must be at least HashLen octets');
    if (length > 255 * olen)
      throw new Error("Length must be <= 255*HashLen");
    const blocks = Math.ceil(length / olen);
    if (info === void 0)
      info = EMPTY_BUFFER;
    else
      abytes(info, void 0, "info");
    const okm = new Uint8Array(blocks * olen);
    const HMAC = hmac.create(hash2, prk);
    const HMACTmp = HMAC._cloneInto();
    const T = new Uint8Array(HMAC.outputLen);
    for (let counter = 0; counter < blocks; counter++) {
      HKDF_COUNTER[0] = counter + 1;
      HMACTmp.update(counter === 0 ? EMPTY_BUFFER : T).update(info).update(HKDF_COUNTER).digestInto(T);
      okm.set(T, olen * counter);
      HMAC._cloneInto(HMACTmp);
    }
    HMAC.destroy();
    HMACTmp.destroy();
    clean(T, HKDF_COUNTER);
    return okm.slice(0, length);
  }
  var hkdf = (hash2, ikm, salt, info, length) => expand(hash2, extract(hash2, ikm, salt), info, length);

  // node_modules/@noble/hashes/pbkdf2.js
  function pbkdf2Init(hash2, _password, _salt, _opts) {
    ahash(hash2);
    const opts2 = checkOpts({ dkLen: 32, asyncTick: 10 }, _opts);
    const { c, dkLen, asyncTick } = opts2;
    anumber(c, "c");
    anumber(dkLen, "dkLen");
    anumber(asyncTick, "asyncTick");
    if (c < 1)
      throw new Error("iterations (c) must be >= 1");
    if (dkLen < 1)
      throw new Error('"dkLen" must be >= 1');
    if (dkLen > (2 ** 32 - 1) * hash2.outputLen)
      throw new Error("derived key too long");
    const password = kdfInputToBytes(_password, "password");
    const salt = kdfInputToBytes(_salt, "salt");
    const DK = new Uint8Array(dkLen);
    const PRF = hmac.create(hash2, password);
    const PRFSalt = PRF._cloneInto().update(salt);
    return { c, dkLen, asyncTick, DK, PRF, PRFSalt };
  }
  function pbkdf2Output(PRF, PRFSalt, DK, prfW, u) {
    PRF.destroy();
    PRFSalt.destroy();
    if (prfW)
      prfW.destroy();
    clean(u);
    return DK;
  }
  function pbkdf2(hash2, password, salt, opts2) {
    const { c, dkLen, DK, PRF, PRFSalt } = pbkdf2Init(hash2, password, salt, opts2);
    let prfW;
    const arr = new Uint8Array(4);
    const view = createView(arr);
    const u = new Uint8Array(PRF.outputLen);
    for (let ti = 1, pos = 0; pos < dkLen; ti++, pos += PRF.outputLen) {
      const Ti = DK.subarray(pos, pos + PRF.outputLen);
      view.setInt32(0, ti, false);
      (prfW = PRFSalt._cloneInto(prfW)).update(arr).digestInto(u);
      Ti.set(u.subarray(0, Ti.length));
      for (let ui = 1; ui < c; ui++) {
        PRF._cloneInto(prfW).update(u).digestInto(u);
        for (let i = 0; i < Ti.length; i++)
          Ti[i] ^= u[i];
      }
    }
    return pbkdf2Output(PRF, PRFSalt, DK, prfW, u);
  }

  // node_modules/@noble/hashes/scrypt.js
  function XorAndSalsa(prev, pi, input, ii, out, oi) {
    let y00 = prev[pi++] ^ input[ii++], y01 = prev[pi++] ^ input[ii++];
    let y02 = prev[pi++] ^ input[ii++], y03 = prev[pi++] ^ input[ii++];
    let y04 = prev[pi++] ^ input[ii++], y05 = prev[pi++] ^ input[ii++];
    let y06 = prev[pi++] ^ input[ii++], y07 = prev[pi++] ^ input[ii++];
    let y08 = prev[pi++] ^ input[ii++], y09 = prev[pi++] ^ input[ii++];
    let y10 = prev[pi++] ^ input[ii++], y11 = prev[pi++] ^ input[ii++];
    let y12 = prev[pi++] ^ input[ii++], y13 = prev[pi++] ^ input[ii++];
    let y14 = prev[pi++] ^ input[ii++], y15 = prev[pi++] ^ input[ii++];
    let x00 = y00, x01 = y01, x02 = y02, x03 = y03, x04 = y04, x05 = y05, x06 = y06, x07 = y07, x08 = y08, x09 = y09, x10 = y10, x11 = y11, x12 = y12, x13 = y13, x14 = y14, x15 = y15;
    for (let i = 0; i < 8; i += 2) {
      x04 ^= rotl(x00 + x12 | 0, 7);
      x08 ^= rotl(x04 + x00 | 0, 9);
      x12 ^= rotl(x08 + x04 | 0, 13);
      x00 ^= rotl(x12 + x08 | 0, 18);
      x09 ^= rotl(x05 + x01 | 0, 7);
      x13 ^= rotl(x09 + x05 | 0, 9);
      x01 ^= rotl(x13 + x09 | 0, 13);
      x05 ^= rotl(x01 + x13 | 0, 18);
      x14 ^= rotl(x10 + x06 | 0, 7);
      x02 ^= rotl(x14 + x10 | 0, 9);
      x06 ^= rotl(x02 + x14 | 0, 13);
      x10 ^= rotl(x06 + x02 | 0, 18);
      x03 ^= rotl(x15 + x11 | 0, 7);
      x07 ^= rotl(x03 + x15 | 0, 9);
      x11 ^= rotl(x07 + x03 | 0, 13);
      x15 ^= rotl(x11 + x07 | 0, 18);
      x01 ^= rotl(x00 + x03 | 0, 7);
      x02 ^= rotl(x01 + x00 | 0, 9);
      x03 ^= rotl(x02 + x01 | 0, 13);
      x00 ^= rotl(x03 + x02 | 0, 18);
      x06 ^= rotl(x05 + x04 | 0, 7);
      x07 ^= rotl(x06 + x05 | 0, 9);
      x04 ^= rotl(x07 + x06 | 0, 13);
      x05 ^= rotl(x04 + x07 | 0, 18);
      x11 ^= rotl(x10 + x09 | 0, 7);
      x08 ^= rotl(x11 + x10 | 0, 9);
      x09 ^= rotl(x08 + x11 | 0, 13);
      x10 ^= rotl(x09 + x08 | 0, 18);
      x12 ^= rotl(x15 + x14 | 0, 7);
      x13 ^= rotl(x12 + x15 | 0, 9);
      x14 ^= rotl(x13 + x12 | 0, 13);
      x15 ^= rotl(x14 + x13 | 0, 18);
    }
    out[oi++] = y00 + x00 | 0;
    out[oi++] = y01 + x01 | 0;
    out[oi++] = y02 + x02 | 0;
    out[oi++] = y03 + x03 | 0;
    out[oi++] = y04 + x04 | 0;
    out[oi++] = y05 + x05 | 0;
    out[oi++] = y06 + x06 | 0;
    out[oi++] = y07 + x07 | 0;
    out[oi++] = y08 + x08 | 0;
    out[oi++] = y09 + x09 | 0;
    out[oi++] = y10 + x10 | 0;
    out[oi++] = y11 + x11 | 0;
    out[oi++] = y12 + x12 | 0;
    out[oi++] = y13 + x13 | 0;
    out[oi++] = y14 + x14 | 0;
    out[oi++] = y15 + x15 | 0;
  }
  function BlockMix(input, ii, out, oi, r) {
    let head = oi + 0;
    let tail = oi + 16 * r;
    for (let i = 0; i < 16; i++)
      out[tail + i] = input[ii + (2 * r - 1) * 16 + i];
    for (let i = 0; i < r; i++, head += 16, ii += 16) {
      XorAndSalsa(out, tail, input, ii, out, head);
      if (i > 0)
        tail += 16;
      XorAndSalsa(out, head, input, ii += 16, out, tail);
    }
  }
  function scryptInit(password, salt, _opts) {
    const opts2 = checkOpts({
      dkLen: 32,
      asyncTick: 10,
      maxmem: 1024 ** 3 + 1024
    }, _opts);
    const { N: N3, r, p, dkLen, asyncTick, maxmem, onProgress } = opts2;
    anumber(N3, "N");
    anumber(r, "r");
    anumber(p, "p");
    anumber(dkLen, "dkLen");
    anumber(asyncTick, "asyncTick");
    anumber(maxmem, "maxmem");
    if (onProgress !== void 0 && typeof onProgress !== "function")
      throw new Error("progressCb must be a function");
    const blockSize = 128 * r;
    const blockSize32 = blockSize / 4;
    const pow32 = Math.pow(2, 32);
    if (N3 <= 1 || (N3 & N3 - 1) !== 0 || N3 > pow32)
      throw new Error('"N" expected a power of 2, and 2^1 <= N <= 2^32');
    if (p < 1 || p > (pow32 - 1) * 32 / blockSize)
      throw new Error('"p" expected integer 1..((2^32 - 1) * 32) / (128 * r)');
    if (dkLen < 1 || dkLen > (pow32 - 1) * 32)
      throw new Error('"dkLen" expected integer 1..(2^32 - 1) * 32');
    const memUsed = blockSize * (N3 + p + 1);
    if (memUsed > maxmem)
      throw new Error('"maxmem" limit was hit: memUsed(128*r*(N+p+1))=' + memUsed + ", maxmem=" + maxmem);
    const B = pbkdf2(sha256, password, salt, { c: 1, dkLen: blockSize * p });
    const B32 = u32(B);
    const V = u32(new Uint8Array(blockSize * N3));
    const tmp = u32(new Uint8Array(blockSize));
    let blockMixCb = () => {
    };
    if (onProgress) {
      const totalBlockMix = 2 * N3 * p;
      const callbackPer = Math.max(Math.floor(totalBlockMix / 1e4), 1);
      let blockMixCnt = 0;
      blockMixCb = () => {
        blockMixCnt++;
        if (onProgress && (!(blockMixCnt % callbackPer) || blockMixCnt === totalBlockMix))
          onProgress(blockMixCnt / totalBlockMix);
      };
    }
    return { N: N3, r, p, dkLen, blockSize32, V, B32, B, tmp, blockMixCb, asyncTick };
  }
  function scryptOutput(password, dkLen, B, V, tmp) {
    const res = pbkdf2(sha256, password, B, { c: 1, dkLen });
    clean(B, V, tmp);
    return res;
  }
  function scrypt(password, salt, opts2) {
    const { N: N3, r, p, dkLen, blockSize32, V, B32, B, tmp, blockMixCb } = scryptInit(password, salt, opts2);
    swap32IfBE(B32);
    for (let pi = 0; pi < p; pi++) {
      const Pi = blockSize32 * pi;
      for (let i = 0; i < blockSize32; i++)
        V[i] = B32[Pi + i];
      for (let i = 0, pos = 0; i < N3 - 1; i++) {
        BlockMix(V, pos, V, pos += blockSize32, r);
        blockMixCb();
      }
      BlockMix(V, (N3 - 1) * blockSize32, B32, Pi, r);
      blockMixCb();
      for (let i = 0; i < N3; i++) {
        const j = (B32[Pi + blockSize32 - 16] & N3 - 1) >>> 0;
        for (let k = 0; k < blockSize32; k++)
          tmp[k] = B32[Pi + k] ^ V[j * blockSize32 + k];
        BlockMix(tmp, 0, B32, Pi, r);
        blockMixCb();
      }
    }
    swap32IfBE(B32);
    return scryptOutput(password, dkLen, B, V, tmp);
  }

  // node_modules/@noble/ciphers/utils.js
  /*! noble-ciphers - MIT License (c) 2023 Paul Miller (paulmillr.com) */
  function isBytes3(a) {
    return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array" && "BYTES_PER_ELEMENT" in a && a.BYTES_PER_ELEMENT === 1;
  }
  function abool(b) {
    if (typeof b !== "boolean")
      throw new TypeError(`boolean expected, not ${b}`);
  }
  function anumber3(n) {
    if (typeof n !== "number")
      throw new TypeError("number expected, got " + typeof n);
    if (!Number.isSafeInteger(n) || n < 0)
      throw new RangeError("positive integer expected, got " + n);
  }
  function abytes3(value, length, title = "") {
    const bytes = isBytes3(value);
    const len = value?.length;
    const needsLen = length !== void 0;
    if (!bytes || needsLen && len !== length) {
      const prefix = title && `"${title}" `;
      const ofLen = needsLen ? ` of length ${length}` : "";
      const got = bytes ? `length=${len}` : `type=${typeof value}`;
      const message = prefix + "expected Uint8Array" + ofLen + ", got " + got;
      if (!bytes)
        throw new TypeError(message);
      throw new RangeError(message);
    }
    return value;
  }
  function aexists2(instance, checkFinished = true) {
    if (instance.destroyed)
      throw new Error("Hash instance has been destroyed");
    if (checkFinished && instance.finished)
      throw new Error("Hash#digest() has already been called");
  }
  function aoutput2(out, instance, onlyAligned = false) {
    abytes3(out, void 0, "output");
    const min = instance.outputLen;
    if (out.length < min) {
      throw new RangeError("digestInto() expects output buffer of length at least " + min);
    }
    if (onlyAligned && !isAligned32(out))
      throw new Error("invalid output, must be aligned");
  }
  function u323(arr) {
    return new Uint32Array(arr.buffer, arr.byteOffset, Math.floor(arr.byteLength / 4));
  }
  function clean2(...arrays) {
    for (let i = 0; i < arrays.length; i++) {
      arrays[i].fill(0);
    }
  }
  function createView2(arr) {
    return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
  }
  var isLE2 = /* @__PURE__ */ (() => new Uint8Array(new Uint32Array([287454020]).buffer)[0] === 68)();
  var byteSwap2 = (word) => word << 24 & 4278190080 | word << 8 & 16711680 | word >>> 8 & 65280 | word >>> 24 & 255;
  var byteSwap322 = (arr) => {
    for (let i = 0; i < arr.length; i++)
      arr[i] = byteSwap2(arr[i]);
    return arr;
  };
  var swap32IfBE2 = isLE2 ? (u) => u : byteSwap322;
  function checkOpts2(defaults, opts2) {
    if (opts2 == null || typeof opts2 !== "object")
      throw new Error("options must be defined");
    const merged = Object.assign(defaults, opts2);
    return merged;
  }
  function equalBytes(a, b) {
    if (a.length !== b.length)
      return false;
    let diff = 0;
    for (let i = 0; i < a.length; i++)
      diff |= a[i] ^ b[i];
    return diff === 0;
  }
  function wrapMacConstructor(keyLen, macCons, fromMsg) {
    const mac = macCons;
    const getArgs = fromMsg || (() => []);
    const macC = (msg, key) => mac(key, ...getArgs(msg)).update(msg).digest();
    const tmp = mac(new Uint8Array(keyLen), ...getArgs(new Uint8Array(0)));
    macC.outputLen = tmp.outputLen;
    macC.blockLen = tmp.blockLen;
    macC.create = (key, ...args) => mac(key, ...args);
    return macC;
  }
  var wrapCipher = /* @__NO_SIDE_EFFECTS__ */ (params, constructor) => {
    function wrappedCipher(key, ...args) {
      abytes3(key, void 0, "key");
      if (params.nonceLength !== void 0) {
        const nonce = args[0];
        abytes3(nonce, params.varSizeNonce ? void 0 : params.nonceLength, "nonce");
      }
      const tagl = params.tagLength;
      if (tagl && args[1] !== void 0)
        abytes3(args[1], void 0, "AAD");
      const cipher = constructor(key, ...args);
      const checkOutput = (fnLength, output) => {
        if (output !== void 0) {
          if (fnLength !== 2)
            throw new Error("cipher output not supported");
          abytes3(output, void 0, "output");
        }
      };
      let called = false;
      const wrCipher = {
        encrypt(data, output) {
          if (called)
            throw new Error("cannot encrypt() twice with same key + nonce");
          called = true;
          abytes3(data);
          checkOutput(cipher.encrypt.length, output);
          return cipher.encrypt(data, output);
        },
        decrypt(data, output) {
          abytes3(data);
          if (tagl && data.length < tagl)
            throw new Error('"ciphertext" expected length bigger than tagLength=' + tagl);
          checkOutput(cipher.decrypt.length, output);
          return cipher.decrypt(data, output);
        }
      };
      return wrCipher;
    }
    Object.assign(wrappedCipher, params);
    return wrappedCipher;
  };
  function getOutput(expectedLength, out, onlyAligned = true) {
    if (out === void 0)
      return new Uint8Array(expectedLength);
    abytes3(out, void 0, "output");
    if (out.length !== expectedLength)
      throw new Error('"output" expected Uint8Array of length ' + expectedLength + ", got: " + out.length);
    if (onlyAligned && !isAligned32(out))
      throw new Error("invalid output, must be aligned");
    return out;
  }
  function u64Lengths(dataLength, aadLength, isLE3) {
    anumber3(dataLength);
    anumber3(aadLength);
    abool(isLE3);
    const num = new Uint8Array(16);
    const view = createView2(num);
    view.setBigUint64(0, BigInt(aadLength), isLE3);
    view.setBigUint64(8, BigInt(dataLength), isLE3);
    return num;
  }
  function isAligned32(bytes) {
    return bytes.byteOffset % 4 === 0;
  }
  function copyBytes(bytes) {
    return Uint8Array.from(abytes3(bytes));
  }

  // node_modules/@noble/ciphers/_arx.js
  var encodeStr = (str) => Uint8Array.from(str.split(""), (c) => c.charCodeAt(0));
  var sigma16_32 = /* @__PURE__ */ (() => swap32IfBE2(u323(encodeStr("expand 16-byte k"))))();
  var sigma32_32 = /* @__PURE__ */ (() => swap32IfBE2(u323(encodeStr("expand 32-byte k"))))();
  function rotl2(a, b) {
    return a << b | a >>> 32 - b;
  }
  var BLOCK_LEN = 64;
  var BLOCK_LEN32 = 16;
  var MAX_COUNTER = /* @__PURE__ */ (() => 2 ** 32 - 1)();
  var U32_EMPTY = /* @__PURE__ */ Uint32Array.of();
  function runCipher(core, sigma, key, nonce, data, output, counter, rounds) {
    const len = data.length;
    const block3 = new Uint8Array(BLOCK_LEN);
    const b32 = u323(block3);
    const isAligned = isLE2 && isAligned32(data) && isAligned32(output);
    const d32 = isAligned ? u323(data) : U32_EMPTY;
    const o32 = isAligned ? u323(output) : U32_EMPTY;
    if (!isLE2) {
      for (let pos = 0; pos < len; counter++) {
        core(sigma, key, nonce, b32, counter, rounds);
        swap32IfBE2(b32);
        if (counter >= MAX_COUNTER)
          throw new Error("arx: counter overflow");
        const take = Math.min(BLOCK_LEN, len - pos);
        for (let j = 0, posj; j < take; j++) {
          posj = pos + j;
          output[posj] = data[posj] ^ block3[j];
        }
        pos += take;
      }
      return;
    }
    for (let pos = 0; pos < len; counter++) {
      core(sigma, key, nonce, b32, counter, rounds);
      if (counter >= MAX_COUNTER)
        throw new Error("arx: counter overflow");
      const take = Math.min(BLOCK_LEN, len - pos);
      if (isAligned && take === BLOCK_LEN) {
        const pos32 = pos / 4;
        if (pos % 4 !== 0)
          throw new Error("arx: invalid block position");
        for (let j = 0, posj; j < BLOCK_LEN32; j++) {
          posj = pos32 + j;
          o32[posj] = d32[posj] ^ b32[j];
        }
        pos += BLOCK_LEN;
        continue;
      }
      for (let j = 0, posj; j < take; j++) {
        posj = pos + j;
        output[posj] = data[posj] ^ block3[j];
      }
      pos += take;
    }
  }
  function createCipher(core, opts2) {
    const { allowShortKeys, extendNonceFn, counterLength, counterRight, rounds } = checkOpts2({ allowShortKeys: false, counterLength: 8, counterRight: false, rounds: 20 }, opts2);
    if (typeof core !== "function")
      throw new Error("core must be a function");
    anumber3(counterLength);
    anumber3(rounds);
    abool(counterRight);
    abool(allowShortKeys);
    return (key, nonce, data, output, counter = 0) => {
      abytes3(key, void 0, "key");
      abytes3(nonce, void 0, "nonce");
      abytes3(data, void 0, "data");
      const len = data.length;
      output = getOutput(len, output, false);
      anumber3(counter);
      if (counter < 0 || counter >= MAX_COUNTER)
        throw new Error("arx: counter overflow");
      const toClean = [];
      let l = key.length;
      let k;
      let sigma;
      if (l === 32) {
        toClean.push(k = copyBytes(key));
        sigma = sigma32_32;
      } else if (l === 16 && allowShortKeys) {
        k = new Uint8Array(32);
        k.set(key);
        k.set(key, 16);
        sigma = sigma16_32;
        toClean.push(k);
      } else {
        abytes3(key, 32, "arx key");
        throw new Error("invalid key size");
      }
      if (!isLE2 || !isAligned32(nonce))
        toClean.push(nonce = copyBytes(nonce));
      let k32 = u323(k);
      if (extendNonceFn) {
        if (nonce.length !== 24)
          throw new Error(`arx: extended nonce must be 24 bytes`);
        const n16 = nonce.subarray(0, 16);
        if (isLE2)
          extendNonceFn(sigma, k32, u323(n16), k32);
        else {
          const sigmaRaw = swap32IfBE2(Uint32Array.from(sigma));
          extendNonceFn(sigmaRaw, k32, u323(n16), k32);
          clean2(sigmaRaw);
          swap32IfBE2(k32);
        }
        nonce = nonce.subarray(16);
      } else if (!isLE2)
        swap32IfBE2(k32);
      const nonceNcLen = 16 - counterLength;
      if (nonceNcLen !== nonce.length)
        throw new Error(`arx: nonce must be ${nonceNcLen} or 16 bytes`);
      if (nonceNcLen !== 12) {
        const nc = new Uint8Array(12);
        nc.set(nonce, counterRight ? 0 : 12 - nonce.length);
        nonce = nc;
        toClean.push(nonce);
      }
      const n32 = swap32IfBE2(u323(nonce));
      try {
        runCipher(core, sigma, k32, n32, data, output, counter, rounds);
        return output;
      } finally {
        clean2(...toClean);
      }
    };
  }

  // node_modules/@noble/ciphers/_poly1305.js
  function u8to16(a, i) {
    return a[i++] & 255 | (a[i++] & 255) << 8;
  }
  var Poly1305 = class {
    blockLen = 16;
    outputLen = 16;
    buffer = new Uint8Array(16);
    r = new Uint16Array(10);
    // Allocating 1 array with .subarray() here is slower than 3
    h = new Uint16Array(10);
    pad = new Uint16Array(8);
    pos = 0;
    finished = false;
    destroyed = false;
    // Can be speed-up using BigUint64Array, at the cost of complexity
    constructor(key) {
      key = copyBytes(abytes3(key, 32, "key"));
      const t0 = u8to16(key, 0);
      const t1 = u8to16(key, 2);
      const t2 = u8to16(key, 4);
      const t3 = u8to16(key, 6);
      const t4 = u8to16(key, 8);
      const t5 = u8to16(key, 10);
      const t6 = u8to16(key, 12);
      const t7 = u8to16(key, 14);
      this.r[0] = t0 & 8191;
      this.r[1] = (t0 >>> 13 | t1 << 3) & 8191;
      this.r[2] = (t1 >>> 10 | t2 << 6) & 7939;
      this.r[3] = (t2 >>> 7 | t3 << 9) & 8191;
      this.r[4] = (t3 >>> 4 | t4 << 12) & 255;
      this.r[5] = t4 >>> 1 & 8190;
      this.r[6] = (t4 >>> 14 | t5 << 2) & 8191;
      this.r[7] = (t5 >>> 11 | t6 << 5) & 8065;
      this.r[8] = (t6 >>> 8 | t7 << 8) & 8191;
      this.r[9] = t7 >>> 5 & 127;
      for (let i = 0; i < 8; i++)
        this.pad[i] = u8to16(key, 16 + 2 * i);
    }
    process(data, offset, isLast = false) {
      const hibit = isLast ? 0 : 1 << 11;
      const { h, r } = this;
      const r0 = r[0];
      const r1 = r[1];
      const r2 = r[2];
      const r3 = r[3];
      const r4 = r[4];
      const r5 = r[5];
      const r6 = r[6];
      const r7 = r[7];
      const r8 = r[8];
      const r9 = r[9];
      const t0 = u8to16(data, offset + 0);
      const t1 = u8to16(data, offset + 2);
      const t2 = u8to16(data, offset + 4);
      const t3 = u8to16(data, offset + 6);
      const t4 = u8to16(data, offset + 8);
      const t5 = u8to16(data, offset + 10);
      const t6 = u8to16(data, offset + 12);
      const t7 = u8to16(data, offset + 14);
      let h0 = h[0] + (t0 & 8191);
      let h1 = h[1] + ((t0 >>> 13 | t1 << 3) & 8191);
      let h2 = h[2] + ((t1 >>> 10 | t2 << 6) & 8191);
      let h3 = h[3] + ((t2 >>> 7 | t3 << 9) & 8191);
      let h4 = h[4] + ((t3 >>> 4 | t4 << 12) & 8191);
      let h5 = h[5] + (t4 >>> 1 & 8191);
      let h6 = h[6] + ((t4 >>> 14 | t5 << 2) & 8191);
      let h7 = h[7] + ((t5 >>> 11 | t6 << 5) & 8191);
      let h8 = h[8] + ((t6 >>> 8 | t7 << 8) & 8191);
      let h9 = h[9] + (t7 >>> 5 | hibit);
      let c = 0;
      let d0 = c + h0 * r0 + h1 * (5 * r9) + h2 * (5 * r8) + h3 * (5 * r7) + h4 * (5 * r6);
      c = d0 >>> 13;
      d0 &= 8191;
      d0 += h5 * (5 * r5) + h6 * (5 * r4) + h7 * (5 * r3) + h8 * (5 * r2) + h9 * (5 * r1);
      c += d0 >>> 13;
      d0 &= 8191;
      let d1 = c + h0 * r1 + h1 * r0 + h2 * (5 * r9) + h3 * (5 * r8) + h4 * (5 * r7);
      c = d1 >>> 13;
      d1 &= 8191;
      d1 += h5 * (5 * r6) + h6 * (5 * r5) + h7 * (5 * r4) + h8 * (5 * r3) + h9 * (5 * r2);
      c += d1 >>> 13;
      d1 &= 8191;
      let d2 = c + h0 * r2 + h1 * r1 + h2 * r0 + h3 * (5 * r9) + h4 * (5 * r8);
      c = d2 >>> 13;
      d2 &= 8191;
      d2 += h5 * (5 * r7) + h6 * (5 * r6) + h7 * (5 * r5) + h8 * (5 * r4) + h9 * (5 * r3);
      c += d2 >>> 13;
      d2 &= 8191;
      let d3 = c + h0 * r3 + h1 * r2 + h2 * r1 + h3 * r0 + h4 * (5 * r9);
      c = d3 >>> 13;
      d3 &= 8191;
      d3 += h5 * (5 * r8) + h6 * (5 * r7) + h7 * (5 * r6) + h8 * (5 * r5) + h9 * (5 * r4);
      c += d3 >>> 13;
      d3 &= 8191;
      let d4 = c + h0 * r4 + h1 * r3 + h2 * r2 + h3 * r1 + h4 * r0;
      c = d4 >>> 13;
      d4 &= 8191;
      d4 += h5 * (5 * r9) + h6 * (5 * r8) + h7 * (5 * r7) + h8 * (5 * r6) + h9 * (5 * r5);
      c += d4 >>> 13;
      d4 &= 8191;
      let d5 = c + h0 * r5 + h1 * r4 + h2 * r3 + h3 * r2 + h4 * r1;
      c = d5 >>> 13;
      d5 &= 8191;
      d5 += h5 * r0 + h6 * (5 * r9) + h7 * (5 * r8) + h8 * (5 * r7) + h9 * (5 * r6);
      c += d5 >>> 13;
      d5 &= 8191;
      let d6 = c + h0 * r6 + h1 * r5 + h2 * r4 + h3 * r3 + h4 * r2;
      c = d6 >>> 13;
      d6 &= 8191;
      d6 += h5 * r1 + h6 * r0 + h7 * (5 * r9) + h8 * (5 * r8) + h9 * (5 * r7);
      c += d6 >>> 13;
      d6 &= 8191;
      let d7 = c + h0 * r7 + h1 * r6 + h2 * r5 + h3 * r4 + h4 * r3;
      c = d7 >>> 13;
      d7 &= 8191;
      d7 += h5 * r2 + h6 * r1 + h7 * r0 + h8 * (5 * r9) + h9 * (5 * r8);
      c += d7 >>> 13;
      d7 &= 8191;
      let d8 = c + h0 * r8 + h1 * r7 + h2 * r6 + h3 * r5 + h4 * r4;
      c = d8 >>> 13;
      d8 &= 8191;
      d8 += h5 * r3 + h6 * r2 + h7 * r1 + h8 * r0 + h9 * (5 * r9);
      c += d8 >>> 13;
      d8 &= 8191;
      let d9 = c + h0 * r9 + h1 * r8 + h2 * r7 + h3 * r6 + h4 * r5;
      c = d9 >>> 13;
      d9 &= 8191;
      d9 += h5 * r4 + h6 * r3 + h7 * r2 + h8 * r1 + h9 * r0;
      c += d9 >>> 13;
      d9 &= 8191;
      c = (c << 2) + c | 0;
      c = c + d0 | 0;
      d0 = c & 8191;
      c = c >>> 13;
      d1 += c;
      h[0] = d0;
      h[1] = d1;
      h[2] = d2;
      h[3] = d3;
      h[4] = d4;
      h[5] = d5;
      h[6] = d6;
      h[7] = d7;
      h[8] = d8;
      h[9] = d9;
    }
    finalize() {
      const { h, pad } = this;
      const g = new Uint16Array(10);
      let c = h[1] >>> 13;
      h[1] &= 8191;
      for (let i = 2; i < 10; i++) {
        h[i] += c;
        c = h[i] >>> 13;
        h[i] &= 8191;
      }
      h[0] += c * 5;
      c = h[0] >>> 13;
      h[0] &= 8191;
      h[1] += c;
      c = h[1] >>> 13;
      h[1] &= 8191;
      h[2] += c;
      g[0] = h[0] + 5;
      c = g[0] >>> 13;
      g[0] &= 8191;
      for (let i = 1; i < 10; i++) {
        g[i] = h[i] + c;
        c = g[i] >>> 13;
        g[i] &= 8191;
      }
      g[9] -= 1 << 13;
      let mask = (c ^ 1) - 1;
      for (let i = 0; i < 10; i++)
        g[i] &= mask;
      mask = ~mask;
      for (let i = 0; i < 10; i++)
        h[i] = h[i] & mask | g[i];
      h[0] = (h[0] | h[1] << 13) & 65535;
      h[1] = (h[1] >>> 3 | h[2] << 10) & 65535;
      h[2] = (h[2] >>> 6 | h[3] << 7) & 65535;
      h[3] = (h[3] >>> 9 | h[4] << 4) & 65535;
      h[4] = (h[4] >>> 12 | h[5] << 1 | h[6] << 14) & 65535;
      h[5] = (h[6] >>> 2 | h[7] << 11) & 65535;
      h[6] = (h[7] >>> 5 | h[8] << 8) & 65535;
      h[7] = (h[8] >>> 8 | h[9] << 5) & 65535;
      let f = h[0] + pad[0];
      h[0] = f & 65535;
      for (let i = 1; i < 8; i++) {
        f = (h[i] + pad[i] | 0) + (f >>> 16) | 0;
        h[i] = f & 65535;
      }
      clean2(g);
    }
    update(data) {
      aexists2(this);
      abytes3(data);
      data = copyBytes(data);
      const { buffer, blockLen } = this;
      const len = data.length;
      for (let pos = 0; pos < len; ) {
        const take = Math.min(blockLen - this.pos, len - pos);
        if (take === blockLen) {
          for (; blockLen <= len - pos; pos += blockLen)
            this.process(data, pos);
          continue;
        }
        buffer.set(data.subarray(pos, pos + take), this.pos);
        this.pos += take;
        pos += take;
        if (this.pos === blockLen) {
          this.process(buffer, 0, false);
          this.pos = 0;
        }
      }
      return this;
    }
    destroy() {
      this.destroyed = true;
      clean2(this.h, this.r, this.buffer, this.pad);
    }
    digestInto(out) {
      aexists2(this);
      aoutput2(out, this);
      this.finished = true;
      const { buffer, h } = this;
      let { pos } = this;
      if (pos) {
        buffer[pos++] = 1;
        for (; pos < 16; pos++)
          buffer[pos] = 0;
        this.process(buffer, 0, true);
      }
      this.finalize();
      let opos = 0;
      for (let i = 0; i < 8; i++) {
        out[opos++] = h[i] >>> 0;
        out[opos++] = h[i] >>> 8;
      }
    }
    digest() {
      const { buffer, outputLen } = this;
      this.digestInto(buffer);
      const res = buffer.slice(0, outputLen);
      this.destroy();
      return res;
    }
  };
  var poly1305 = /* @__PURE__ */ wrapMacConstructor(32, (key) => new Poly1305(key));

  // node_modules/@noble/ciphers/chacha.js
  function chachaCore(s, k, n, out, cnt, rounds = 20) {
    let y00 = s[0], y01 = s[1], y02 = s[2], y03 = s[3], y04 = k[0], y05 = k[1], y06 = k[2], y07 = k[3], y08 = k[4], y09 = k[5], y10 = k[6], y11 = k[7], y12 = cnt, y13 = n[0], y14 = n[1], y15 = n[2];
    let x00 = y00, x01 = y01, x02 = y02, x03 = y03, x04 = y04, x05 = y05, x06 = y06, x07 = y07, x08 = y08, x09 = y09, x10 = y10, x11 = y11, x12 = y12, x13 = y13, x14 = y14, x15 = y15;
    for (let r = 0; r < rounds; r += 2) {
      x00 = x00 + x04 | 0;
      x12 = rotl2(x12 ^ x00, 16);
      x08 = x08 + x12 | 0;
      x04 = rotl2(x04 ^ x08, 12);
      x00 = x00 + x04 | 0;
      x12 = rotl2(x12 ^ x00, 8);
      x08 = x08 + x12 | 0;
      x04 = rotl2(x04 ^ x08, 7);
      x01 = x01 + x05 | 0;
      x13 = rotl2(x13 ^ x01, 16);
      x09 = x09 + x13 | 0;
      x05 = rotl2(x05 ^ x09, 12);
      x01 = x01 + x05 | 0;
      x13 = rotl2(x13 ^ x01, 8);
      x09 = x09 + x13 | 0;
      x05 = rotl2(x05 ^ x09, 7);
      x02 = x02 + x06 | 0;
      x14 = rotl2(x14 ^ x02, 16);
      x10 = x10 + x14 | 0;
      x06 = rotl2(x06 ^ x10, 12);
      x02 = x02 + x06 | 0;
      x14 = rotl2(x14 ^ x02, 8);
      x10 = x10 + x14 | 0;
      x06 = rotl2(x06 ^ x10, 7);
      x03 = x03 + x07 | 0;
      x15 = rotl2(x15 ^ x03, 16);
      x11 = x11 + x15 | 0;
      x07 = rotl2(x07 ^ x11, 12);
      x03 = x03 + x07 | 0;
      x15 = rotl2(x15 ^ x03, 8);
      x11 = x11 + x15 | 0;
      x07 = rotl2(x07 ^ x11, 7);
      x00 = x00 + x05 | 0;
      x15 = rotl2(x15 ^ x00, 16);
      x10 = x10 + x15 | 0;
      x05 = rotl2(x05 ^ x10, 12);
      x00 = x00 + x05 | 0;
      x15 = rotl2(x15 ^ x00, 8);
      x10 = x10 + x15 | 0;
      x05 = rotl2(x05 ^ x10, 7);
      x01 = x01 + x06 | 0;
      x12 = rotl2(x12 ^ x01, 16);
      x11 = x11 + x12 | 0;
      x06 = rotl2(x06 ^ x11, 12);
      x01 = x01 + x06 | 0;
      x12 = rotl2(x12 ^ x01, 8);
      x11 = x11 + x12 | 0;
      x06 = rotl2(x06 ^ x11, 7);
      x02 = x02 + x07 | 0;
      x13 = rotl2(x13 ^ x02, 16);
      x08 = x08 + x13 | 0;
      x07 = rotl2(x07 ^ x08, 12);
      x02 = x02 + x07 | 0;
      x13 = rotl2(x13 ^ x02, 8);
      x08 = x08 + x13 | 0;
      x07 = rotl2(x07 ^ x08, 7);
      x03 = x03 + x04 | 0;
      x14 = rotl2(x14 ^ x03, 16);
      x09 = x09 + x14 | 0;
      x04 = rotl2(x04 ^ x09, 12);
      x03 = x03 + x04 | 0;
      x14 = rotl2(x14 ^ x03, 8);
      x09 = x09 + x14 | 0;
      x04 = rotl2(x04 ^ x09, 7);
    }
    let oi = 0;
    out[oi++] = y00 + x00 | 0;
    out[oi++] = y01 + x01 | 0;
    out[oi++] = y02 + x02 | 0;
    out[oi++] = y03 + x03 | 0;
    out[oi++] = y04 + x04 | 0;
    out[oi++] = y05 + x05 | 0;
    out[oi++] = y06 + x06 | 0;
    out[oi++] = y07 + x07 | 0;
    out[oi++] = y08 + x08 | 0;
    out[oi++] = y09 + x09 | 0;
    out[oi++] = y10 + x10 | 0;
    out[oi++] = y11 + x11 | 0;
    out[oi++] = y12 + x12 | 0;
    out[oi++] = y13 + x13 | 0;
    out[oi++] = y14 + x14 | 0;
    out[oi++] = y15 + x15 | 0;
  }
  var chacha20 = /* @__PURE__ */ createCipher(chachaCore, {
    counterRight: false,
    counterLength: 4,
    allowShortKeys: false
  });
  var ZEROS16 = /* @__PURE__ */ new Uint8Array(16);
  var updatePadded = (h, msg) => {
    h.update(msg);
    const leftover = msg.length % 16;
    if (leftover)
      h.update(ZEROS16.subarray(leftover));
  };
  var ZEROS32 = /* @__PURE__ */ new Uint8Array(32);
  function computeTag(fn, key, nonce, ciphertext, AAD) {
    if (AAD !== void 0)
      abytes3(AAD, void 0, "AAD");
    const authKey = fn(key, nonce, ZEROS32);
    const lengths = u64Lengths(ciphertext.length, AAD ? AAD.length : 0, true);
    const h = poly1305.create(authKey);
    if (AAD)
      updatePadded(h, AAD);
    updatePadded(h, ciphertext);
    h.update(lengths);
    const res = h.digest();
    clean2(authKey, lengths);
    return res;
  }
  var _poly1305_aead = (xorStream) => (key, nonce, AAD) => {
    const tagLength = 16;
    return {
      encrypt(plaintext, output) {
        const plength = plaintext.length;
        output = getOutput(plength + tagLength, output, false);
        output.set(plaintext);
        const oPlain = output.subarray(0, -tagLength);
        xorStream(key, nonce, oPlain, oPlain, 1);
        const tag = computeTag(xorStream, key, nonce, oPlain, AAD);
        output.set(tag, plength);
        clean2(tag);
        return output;
      },
      decrypt(ciphertext, output) {
        output = getOutput(ciphertext.length - tagLength, output, false);
        const data = ciphertext.subarray(0, -tagLength);
        const passedTag = ciphertext.subarray(-tagLength);
        const tag = computeTag(xorStream, key, nonce, data, AAD);
        if (!equalBytes(passedTag, tag)) {
          clean2(tag);
          throw new Error("invalid tag");
        }
        output.set(ciphertext.subarray(0, -tagLength));
        xorStream(key, nonce, output, output, 1);
        clean2(tag);
        return output;
      }
    };
  };
  var chacha20poly1305 = /* @__PURE__ */ wrapCipher(
    { blockSize: 64, nonceLength: 12, tagLength: 16 },
    /* @__PURE__ */ _poly1305_aead(chacha20)
  );

  // node_modules/@noble/curves/utils.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var abytes4 = (value, length, title) => abytes(value, length, title);
  var anumber4 = anumber;
  var bytesToHex3 = bytesToHex;
  var concatBytes3 = (...arrays) => concatBytes(...arrays);
  var hexToBytes2 = (hex2) => hexToBytes(hex2);
  var isBytes4 = isBytes;
  var randomBytes3 = (bytesLength) => randomBytes(bytesLength);
  var _0n = /* @__PURE__ */ BigInt(0);
  var _1n = /* @__PURE__ */ BigInt(1);
  function abool2(value, title = "") {
    if (typeof value !== "boolean") {
      const prefix = title && `"${title}" `;
      throw new TypeError(prefix + "expected boolean, got type=" + typeof value);
    }
    return value;
  }
  function abignumber(n) {
    if (typeof n === "bigint") {
      if (!isPosBig(n))
        throw new RangeError("positive bigint expected, got " + n);
    } else
      anumber4(n);
    return n;
  }
  function asafenumber(value, title = "") {
    if (typeof value !== "number") {
      const prefix = title && `"${title}" `;
      throw new TypeError(prefix + "expected number, got type=" + typeof value);
    }
    if (!Number.isSafeInteger(value)) {
      const prefix = title && `"${title}" `;
      throw new RangeError(prefix + "expected safe integer, got " + value);
    }
  }
  function numberToHexUnpadded(num) {
    const hex2 = abignumber(num).toString(16);
    return hex2.length & 1 ? "0" + hex2 : hex2;
  }
  function hexToNumber2(hex2) {
    if (typeof hex2 !== "string")
      throw new TypeError("hex string expected, got " + typeof hex2);
    return hex2 === "" ? _0n : BigInt("0x" + hex2);
  }
  function bytesToNumberBE(bytes) {
    return hexToNumber2(bytesToHex(bytes));
  }
  function bytesToNumberLE(bytes) {
    return hexToNumber2(bytesToHex(copyBytes2(abytes(bytes)).reverse()));
  }
  function numberToBytesBE2(n, len) {
    anumber(len);
    if (len === 0)
      throw new RangeError("zero length");
    n = abignumber(n);
    const hex2 = n.toString(16);
    if (hex2.length > len * 2)
      throw new RangeError("number too large");
    return hexToBytes(hex2.padStart(len * 2, "0"));
  }
  function numberToBytesLE(n, len) {
    return numberToBytesBE2(n, len).reverse();
  }
  function equalBytes2(a, b) {
    a = abytes4(a);
    b = abytes4(b);
    if (a.length !== b.length)
      return false;
    let diff = 0;
    for (let i = 0; i < a.length; i++)
      diff |= a[i] ^ b[i];
    return diff === 0;
  }
  function copyBytes2(bytes) {
    return Uint8Array.from(abytes4(bytes));
  }
  function asciiToBytes(ascii) {
    if (typeof ascii !== "string")
      throw new TypeError("ascii string expected, got " + typeof ascii);
    return Uint8Array.from(ascii, (c, i) => {
      const charCode = c.charCodeAt(0);
      if (c.length !== 1 || charCode > 127) {
        throw new RangeError(`string contains non-ASCII character "${ascii[i]}" with code ${charCode} at position ${i}`);
      }
      return charCode;
    });
  }
  var isPosBig = (n) => typeof n === "bigint" && _0n <= n;
  function inRange(n, min, max) {
    return isPosBig(n) && isPosBig(min) && isPosBig(max) && min <= n && n < max;
  }
  function aInRange(title, n, min, max) {
    if (!inRange(n, min, max))
      throw new RangeError("expected valid " + title + ": " + min + " <= n < " + max + ", got " + n);
  }
  function bitLen(n) {
    if (n < _0n)
      throw new Error("expected non-negative bigint, got " + n);
    let len;
    for (len = 0; n > _0n; n >>= _1n, len += 1)
      ;
    return len;
  }
  var bitMask = (n) => (_1n << BigInt(n)) - _1n;
  function createHmacDrbg(hashLen, qByteLen, hmacFn) {
    anumber(hashLen, "hashLen");
    anumber(qByteLen, "qByteLen");
    if (typeof hmacFn !== "function")
      throw new TypeError("hmacFn must be a function");
    const u8n = (len) => new Uint8Array(len);
    const NULL = Uint8Array.of();
    const byte0 = Uint8Array.of(0);
    const byte1 = Uint8Array.of(1);
    const _maxDrbgIters = 1e3;
    let v = u8n(hashLen);
    let k = u8n(hashLen);
    let i = 0;
    const reset = () => {
      v.fill(1);
      k.fill(0);
      i = 0;
    };
    const h = (...msgs) => hmacFn(k, concatBytes3(v, ...msgs));
    const reseed = (seed = NULL) => {
      k = h(byte0, seed);
      v = h();
      if (seed.length === 0)
        return;
      k = h(byte1, seed);
      v = h();
    };
    const gen = () => {
      if (i++ >= _maxDrbgIters)
        throw new Error("drbg: tried max amount of iterations");
      let len = 0;
      const out = [];
      while (len < qByteLen) {
        v = h();
        const sl = v.slice();
        out.push(sl);
        len += v.length;
      }
      return concatBytes3(...out);
    };
    const genUntil = (seed, pred) => {
      reset();
      reseed(seed);
      let res = void 0;
      while ((res = pred(gen())) === void 0)
        reseed();
      reset();
      return res;
    };
    return genUntil;
  }
  function validateObject(object, fields = {}, optFields = {}) {
    if (Object.prototype.toString.call(object) !== "[object Object]")
      throw new TypeError("expected valid options object");
    function checkField(fieldName, expectedType, isOpt) {
      if (!isOpt && expectedType !== "function" && !Object.hasOwn(object, fieldName))
        throw new TypeError(`param "${fieldName}" is invalid: expected own property`);
      const val = object[fieldName];
      if (isOpt && val === void 0)
        return;
      const current = typeof val;
      if (current !== expectedType || val === null)
        throw new TypeError(`param "${fieldName}" is invalid: expected ${expectedType}, got ${current}`);
    }
    const iter = (f, isOpt) => Object.entries(f).forEach(([k, v]) => checkField(k, v, isOpt));
    iter(fields, false);
    iter(optFields, true);
  }
  var notImplemented = () => {
    throw new Error("not implemented");
  };

  // node_modules/@noble/curves/abstract/modular.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var _0n2 = /* @__PURE__ */ BigInt(0);
  var _1n2 = /* @__PURE__ */ BigInt(1);
  var _2n = /* @__PURE__ */ BigInt(2);
  var _3n = /* @__PURE__ */ BigInt(3);
  var _4n = /* @__PURE__ */ BigInt(4);
  var _5n = /* @__PURE__ */ BigInt(5);
  var _7n = /* @__PURE__ */ BigInt(7);
  var _8n = /* @__PURE__ */ BigInt(8);
  var _9n = /* @__PURE__ */ BigInt(9);
  var _16n = /* @__PURE__ */ BigInt(16);
  function mod(a, b) {
    if (b <= _0n2)
      throw new Error("mod: expected positive modulus, got " + b);
    const result = a % b;
    return result >= _0n2 ? result : b + result;
  }
  function pow2(x, power, modulo) {
    if (power < _0n2)
      throw new Error("pow2: expected non-negative exponent, got " + power);
    let res = x;
    while (power-- > _0n2) {
      res *= res;
      res %= modulo;
    }
    return res;
  }
  function invert(number, modulo) {
    if (number === _0n2)
      throw new Error("invert: expected non-zero number");
    if (modulo <= _0n2)
      throw new Error("invert: expected positive modulus, got " + modulo);
    let a = mod(number, modulo);
    let b = modulo;
    let x = _0n2, y = _1n2, u = _1n2, v = _0n2;
    while (a !== _0n2) {
      const q = b / a;
      const r = b - a * q;
      const m = x - u * q;
      const n = y - v * q;
      b = a, a = r, x = u, y = v, u = m, v = n;
    }
    const gcd2 = b;
    if (gcd2 !== _1n2)
      throw new Error("invert: does not exist");
    return mod(x, modulo);
  }
  function assertIsSquare(Fp2, root2, n) {
    const F3 = Fp2;
    if (!F3.eql(F3.sqr(root2), n))
      throw new Error("Cannot find square root");
  }
  function sqrt3mod4(Fp2, n) {
    const F3 = Fp2;
    const p1div4 = (F3.ORDER + _1n2) / _4n;
    const root2 = F3.pow(n, p1div4);
    assertIsSquare(F3, root2, n);
    return root2;
  }
  function sqrt5mod8(Fp2, n) {
    const F3 = Fp2;
    const p5div8 = (F3.ORDER - _5n) / _8n;
    const n2 = F3.mul(n, _2n);
    const v = F3.pow(n2, p5div8);
    const nv = F3.mul(n, v);
    const i = F3.mul(F3.mul(nv, _2n), v);
    const root2 = F3.mul(nv, F3.sub(i, F3.ONE));
    assertIsSquare(F3, root2, n);
    return root2;
  }
  function sqrt9mod16(P2) {
    const Fp_ = Field(P2);
    const tn = tonelliShanks(P2);
    const c1 = tn(Fp_, Fp_.neg(Fp_.ONE));
    const c2 = tn(Fp_, c1);
    const c3 = tn(Fp_, Fp_.neg(c1));
    const c4 = (P2 + _7n) / _16n;
    return ((Fp2, n) => {
      const F3 = Fp2;
      let tv1 = F3.pow(n, c4);
      let tv2 = F3.mul(tv1, c1);
      const tv3 = F3.mul(tv1, c2);
      const tv4 = F3.mul(tv1, c3);
      const e1 = F3.eql(F3.sqr(tv2), n);
      const e2 = F3.eql(F3.sqr(tv3), n);
      tv1 = F3.cmov(tv1, tv2, e1);
      tv2 = F3.cmov(tv4, tv3, e2);
      const e3 = F3.eql(F3.sqr(tv2), n);
      const root2 = F3.cmov(tv1, tv2, e3);
      assertIsSquare(F3, root2, n);
      return root2;
    });
  }
  function tonelliShanks(P2) {
    if (P2 < _3n)
      throw new Error("sqrt is not defined for small field");
    let Q3 = P2 - _1n2;
    let S = 0;
    while (Q3 % _2n === _0n2) {
      Q3 /= _2n;
      S++;
    }
    let Z = _2n;
    const _Fp = Field(P2);
    while (FpLegendre(_Fp, Z) === 1) {
      if (Z++ > 1e3)
        throw new Error("Cannot find square root: probably non-prime P");
    }
    if (S === 1)
      return sqrt3mod4;
    let cc = _Fp.pow(Z, Q3);
    const Q1div2 = (Q3 + _1n2) / _2n;
    return function tonelliSlow(Fp2, n) {
      const F3 = Fp2;
      if (F3.is0(n))
        return n;
      if (FpLegendre(F3, n) !== 1)
        throw new Error("Cannot find square root");
      let M = S;
      let c = F3.mul(F3.ONE, cc);
      let t = F3.pow(n, Q3);
      let R = F3.pow(n, Q1div2);
      while (!F3.eql(t, F3.ONE)) {
        if (F3.is0(t))
          return F3.ZERO;
        let i = 1;
        let t_tmp = F3.sqr(t);
        while (!F3.eql(t_tmp, F3.ONE)) {
          i++;
          t_tmp = F3.sqr(t_tmp);
          if (i === M)
            throw new Error("Cannot find square root");
        }
        const exponent = _1n2 << BigInt(M - i - 1);
        const b = F3.pow(c, exponent);
        M = i;
        c = F3.sqr(b);
        t = F3.mul(t, c);
        R = F3.mul(R, b);
      }
      return R;
    };
  }
  function FpSqrt(P2) {
    if (P2 % _4n === _3n)
      return sqrt3mod4;
    if (P2 % _8n === _5n)
      return sqrt5mod8;
    if (P2 % _16n === _9n)
      return sqrt9mod16(P2);
    return tonelliShanks(P2);
  }
  var isNegativeLE = (num, modulo) => (mod(num, modulo) & _1n2) === _1n2;
  var FIELD_FIELDS = [
    "create",
    "isValid",
    "is0",
    "neg",
    "inv",
    "sqrt",
    "sqr",
    "eql",
    "add",
    "sub",
    "mul",
    "pow",
    "div",
    "addN",
    "subN",
    "mulN",
    "sqrN"
  ];
  function validateField(field) {
    const initial = {
      ORDER: "bigint",
      BYTES: "number",
      BITS: "number"
    };
    const opts2 = FIELD_FIELDS.reduce((map, val) => {
      map[val] = "function";
      return map;
    }, initial);
    validateObject(field, opts2);
    asafenumber(field.BYTES, "BYTES");
    asafenumber(field.BITS, "BITS");
    if (field.BYTES < 1 || field.BITS < 1)
      throw new Error("invalid field: expected BYTES/BITS > 0");
    if (field.ORDER <= _1n2)
      throw new Error("invalid field: expected ORDER > 1, got " + field.ORDER);
    return field;
  }
  function FpPow(Fp2, num, power) {
    const F3 = Fp2;
    if (power < _0n2)
      throw new Error("invalid exponent, negatives unsupported");
    if (power === _0n2)
      return F3.ONE;
    if (power === _1n2)
      return num;
    let p = F3.ONE;
    let d = num;
    while (power > _0n2) {
      if (power & _1n2)
        p = F3.mul(p, d);
      d = F3.sqr(d);
      power >>= _1n2;
    }
    return p;
  }
  function FpInvertBatch(Fp2, nums, passZero = false) {
    const F3 = Fp2;
    const inverted = new Array(nums.length).fill(passZero ? F3.ZERO : void 0);
    const multipliedAcc = nums.reduce((acc, num, i) => {
      if (F3.is0(num))
        return acc;
      inverted[i] = acc;
      return F3.mul(acc, num);
    }, F3.ONE);
    const invertedAcc = F3.inv(multipliedAcc);
    nums.reduceRight((acc, num, i) => {
      if (F3.is0(num))
        return acc;
      inverted[i] = F3.mul(acc, inverted[i]);
      return F3.mul(acc, num);
    }, invertedAcc);
    return inverted;
  }
  function FpLegendre(Fp2, n) {
    const F3 = Fp2;
    const p1mod2 = (F3.ORDER - _1n2) / _2n;
    const powered = F3.pow(n, p1mod2);
    const yes = F3.eql(powered, F3.ONE);
    const zero = F3.eql(powered, F3.ZERO);
    const no = F3.eql(powered, F3.neg(F3.ONE));
    if (!yes && !zero && !no)
      throw new Error("invalid Legendre symbol result");
    return yes ? 1 : zero ? 0 : -1;
  }
  function nLength(n, nBitLength) {
    if (nBitLength !== void 0)
      anumber4(nBitLength);
    if (n <= _0n2)
      throw new Error("invalid n length: expected positive n, got " + n);
    if (nBitLength !== void 0 && nBitLength < 1)
      throw new Error("invalid n length: expected positive bit length, got " + nBitLength);
    const bits = bitLen(n);
    if (nBitLength !== void 0 && nBitLength < bits)
      throw new Error(`invalid n length: expected bit length (${bits}) >= n.length (${nBitLength})`);
    const _nBitLength = nBitLength !== void 0 ? nBitLength : bits;
    const nByteLength = Math.ceil(_nBitLength / 8);
    return { nBitLength: _nBitLength, nByteLength };
  }
  var FIELD_SQRT = /* @__PURE__ */ new WeakMap();
  var _Field = class {
    ORDER;
    BITS;
    BYTES;
    isLE;
    ZERO = _0n2;
    ONE = _1n2;
    _lengths;
    _mod;
    constructor(ORDER, opts2 = {}) {
      if (ORDER <= _1n2)
        throw new Error("invalid field: expected ORDER > 1, got " + ORDER);
      let _nbitLength = void 0;
      this.isLE = false;
      if (opts2 != null && typeof opts2 === "object") {
        if (typeof opts2.BITS === "number")
          _nbitLength = opts2.BITS;
        if (typeof opts2.sqrt === "function")
          Object.defineProperty(this, "sqrt", { value: opts2.sqrt, enumerable: true });
        if (typeof opts2.isLE === "boolean")
          this.isLE = opts2.isLE;
        if (opts2.allowedLengths)
          this._lengths = Object.freeze(opts2.allowedLengths.slice());
        if (typeof opts2.modFromBytes === "boolean")
          this._mod = opts2.modFromBytes;
      }
      const { nBitLength, nByteLength } = nLength(ORDER, _nbitLength);
      if (nByteLength > 2048)
        throw new Error("invalid field: expected ORDER of <= 2048 bytes");
      this.ORDER = ORDER;
      this.BITS = nBitLength;
      this.BYTES = nByteLength;
      Object.freeze(this);
    }
    create(num) {
      return mod(num, this.ORDER);
    }
    isValid(num) {
      if (typeof num !== "bigint")
        throw new TypeError("invalid field element: expected bigint, got " + typeof num);
      return _0n2 <= num && num < this.ORDER;
    }
    is0(num) {
      return num === _0n2;
    }
    // is valid and invertible
    isValidNot0(num) {
      return !this.is0(num) && this.isValid(num);
    }
    isOdd(num) {
      return (num & _1n2) === _1n2;
    }
    neg(num) {
      return mod(-num, this.ORDER);
    }
    eql(lhs, rhs) {
      return lhs === rhs;
    }
    sqr(num) {
      return mod(num * num, this.ORDER);
    }
    add(lhs, rhs) {
      return mod(lhs + rhs, this.ORDER);
    }
    sub(lhs, rhs) {
      return mod(lhs - rhs, this.ORDER);
    }
    mul(lhs, rhs) {
      return mod(lhs * rhs, this.ORDER);
    }
    pow(num, power) {
      return FpPow(this, num, power);
    }
    div(lhs, rhs) {
      return mod(lhs * invert(rhs, this.ORDER), this.ORDER);
    }
    // Same as above, but doesn't normalize
    sqrN(num) {
      return num * num;
    }
    addN(lhs, rhs) {
      return lhs + rhs;
    }
    subN(lhs, rhs) {
      return lhs - rhs;
    }
    mulN(lhs, rhs) {
      return lhs * rhs;
    }
    inv(num) {
      return invert(num, this.ORDER);
    }
    sqrt(num) {
      let sqrt = FIELD_SQRT.get(this);
      if (!sqrt)
        FIELD_SQRT.set(this, sqrt = FpSqrt(this.ORDER));
      return sqrt(this, num);
    }
    toBytes(num) {
      return this.isLE ? numberToBytesLE(num, this.BYTES) : numberToBytesBE2(num, this.BYTES);
    }
    fromBytes(bytes, skipValidation = false) {
      abytes4(bytes);
      const { _lengths: allowedLengths, BYTES, isLE: isLE3, ORDER, _mod: modFromBytes } = this;
      if (allowedLengths) {
        if (bytes.length < 1 || !allowedLengths.includes(bytes.length) || bytes.length > BYTES) {
          throw new Error("Field.fromBytes: expected " + allowedLengths + " bytes, got " + bytes.length);
        }
        const padded2 = new Uint8Array(BYTES);
        padded2.set(bytes, isLE3 ? 0 : padded2.length - bytes.length);
        bytes = padded2;
      }
      if (bytes.length !== BYTES)
        throw new Error("Field.fromBytes: expected " + BYTES + " bytes, got " + bytes.length);
      let scalar = isLE3 ? bytesToNumberLE(bytes) : bytesToNumberBE(bytes);
      if (modFromBytes)
        scalar = mod(scalar, ORDER);
      if (!skipValidation) {
        if (!this.isValid(scalar))
          throw new Error("invalid field element: outside of range 0..ORDER");
      }
      return scalar;
    }
    // TODO: we don't need it here, move out to separate fn
    invertBatch(lst) {
      return FpInvertBatch(this, lst);
    }
    // We can't move this out because Fp6, Fp12 implement it
    // and it's unclear what to return in there.
    cmov(a, b, condition) {
      abool2(condition, "condition");
      return condition ? b : a;
    }
  };
  Object.freeze(_Field.prototype);
  function Field(ORDER, opts2 = {}) {
    return new _Field(ORDER, opts2);
  }
  function getFieldBytesLength(fieldOrder) {
    if (typeof fieldOrder !== "bigint")
      throw new Error("field order must be bigint");
    if (fieldOrder <= _1n2)
      throw new Error("field order must be greater than 1");
    const bitLength = bitLen(fieldOrder - _1n2);
    return Math.ceil(bitLength / 8);
  }
  function getMinHashLength(fieldOrder) {
    const length = getFieldBytesLength(fieldOrder);
    return length + Math.ceil(length / 2);
  }
  function mapHashToField(key, fieldOrder, isLE3 = false) {
    abytes4(key);
    const len = key.length;
    const fieldLen = getFieldBytesLength(fieldOrder);
    const minLen = Math.max(getMinHashLength(fieldOrder), 16);
    if (len < minLen || len > 1024)
      throw new Error("expected " + minLen + "-1024 bytes of input, got " + len);
    const num = isLE3 ? bytesToNumberLE(key) : bytesToNumberBE(key);
    const reduced = mod(num, fieldOrder - _1n2) + _1n2;
    return isLE3 ? numberToBytesLE(reduced, fieldLen) : numberToBytesBE2(reduced, fieldLen);
  }

  // node_modules/@noble/curves/abstract/curve.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var _0n3 = /* @__PURE__ */ BigInt(0);
  var _1n3 = /* @__PURE__ */ BigInt(1);
  function negateCt(condition, item) {
    const neg = item.negate();
    return condition ? neg : item;
  }
  function normalizeZ(c, points) {
    const invertedZs = FpInvertBatch(c.Fp, points.map((p) => p.Z));
    return points.map((p, i) => c.fromAffine(p.toAffine(invertedZs[i])));
  }
  function validateW(W, bits) {
    if (!Number.isSafeInteger(W) || W <= 0 || W > bits)
      throw new Error("invalid window size, expected [1.." + bits + "], got W=" + W);
  }
  function calcWOpts(W, scalarBits) {
    validateW(W, scalarBits);
    const windows = Math.ceil(scalarBits / W) + 1;
    const windowSize = 2 ** (W - 1);
    const maxNumber = 2 ** W;
    const mask = bitMask(W);
    const shiftBy = BigInt(W);
    return { windows, windowSize, mask, maxNumber, shiftBy };
  }
  function calcOffsets(n, window2, wOpts) {
    const { windowSize, mask, maxNumber, shiftBy } = wOpts;
    let wbits = Number(n & mask);
    let nextN = n >> shiftBy;
    if (wbits > windowSize) {
      wbits -= maxNumber;
      nextN += _1n3;
    }
    const offsetStart = window2 * windowSize;
    const offset = offsetStart + Math.abs(wbits) - 1;
    const isZero = wbits === 0;
    const isNeg = wbits < 0;
    const isNegF = window2 % 2 !== 0;
    const offsetF = offsetStart;
    return { nextN, offset, isZero, isNeg, isNegF, offsetF };
  }
  var pointPrecomputes = /* @__PURE__ */ new WeakMap();
  var pointWindowSizes = /* @__PURE__ */ new WeakMap();
  function getW(P2) {
    return pointWindowSizes.get(P2) || 1;
  }
  function assert0(n) {
    if (n !== _0n3)
      throw new Error("invalid wNAF");
  }
  var wNAF = class {
    BASE;
    ZERO;
    Fn;
    bits;
    // Parametrized with a given Point class (not individual point)
    constructor(Point, bits) {
      this.BASE = Point.BASE;
      this.ZERO = Point.ZERO;
      this.Fn = Point.Fn;
      this.bits = bits;
    }
    // non-const time multiplication ladder
    _unsafeLadder(elm, n, p = this.ZERO) {
      let d = elm;
      while (n > _0n3) {
        if (n & _1n3)
          p = p.add(d);
        d = d.double();
        n >>= _1n3;
      }
      return p;
    }
    /**
     * Creates a wNAF precomputation window. Used for caching.
     * Default window size is set by `utils.precompute()` and is equal to 8.
     * Number of precomputed points depends on the curve size:
     * 2^(𝑊−1) * (Math.ceil(𝑛 / 𝑊) + 1), where:
     * - 𝑊 is the window size
     * - 𝑛 is the bitlength of the curve order.
     * For a 256-bit curve and window size 8, the number of precomputed points is 128 * 33 = 4224.
     * @param point - Point instance
     * @param W - window size
     * @returns precomputed point tables flattened to a single array
     */
    precomputeWindow(point, W) {
      const { windows, windowSize } = calcWOpts(W, this.bits);
      const points = [];
      let p = point;
      let base = p;
      for (let window2 = 0; window2 < windows; window2++) {
        base = p;
        points.push(base);
        for (let i = 1; i < windowSize; i++) {
          base = base.add(p);
          points.push(base);
        }
        p = base.double();
      }
      return points;
    }
    /**
     * Implements ec multiplication using precomputed tables and w-ary non-adjacent form.
     * More compact implementation:
     * https://github.com/paulmillr/noble-secp256k1/blob/47cb1669b6e506ad66b35fe7d76132ae97465da2/index.ts#L502-L541
     * @returns real and fake (for const-time) points
     */
    wNAF(W, precomputes, n) {
      if (!this.Fn.isValid(n))
        throw new Error("invalid scalar");
      let p = this.ZERO;
      let f = this.BASE;
      const wo = calcWOpts(W, this.bits);
      for (let window2 = 0; window2 < wo.windows; window2++) {
        const { nextN, offset, isZero, isNeg, isNegF, offsetF } = calcOffsets(n, window2, wo);
        n = nextN;
        if (isZero) {
          f = f.add(negateCt(isNegF, precomputes[offsetF]));
        } else {
          p = p.add(negateCt(isNeg, precomputes[offset]));
        }
      }
      assert0(n);
      return { p, f };
    }
    /**
     * Implements unsafe EC multiplication using precomputed tables
     * and w-ary non-adjacent form.
     * @param acc - accumulator point to add result of multiplication
     * @returns point
     */
    wNAFUnsafe(W, precomputes, n, acc = this.ZERO) {
      const wo = calcWOpts(W, this.bits);
      for (let window2 = 0; window2 < wo.windows; window2++) {
        if (n === _0n3)
          break;
        const { nextN, offset, isZero, isNeg } = calcOffsets(n, window2, wo);
        n = nextN;
        if (isZero) {
          continue;
        } else {
          const item = precomputes[offset];
          acc = acc.add(isNeg ? item.negate() : item);
        }
      }
      assert0(n);
      return acc;
    }
    getPrecomputes(W, point, transform) {
      let comp = pointPrecomputes.get(point);
      if (!comp) {
        comp = this.precomputeWindow(point, W);
        if (W !== 1) {
          if (typeof transform === "function")
            comp = transform(comp);
          pointPrecomputes.set(point, comp);
        }
      }
      return comp;
    }
    cached(point, scalar, transform) {
      const W = getW(point);
      return this.wNAF(W, this.getPrecomputes(W, point, transform), scalar);
    }
    unsafe(point, scalar, transform, prev) {
      const W = getW(point);
      if (W === 1)
        return this._unsafeLadder(point, scalar, prev);
      return this.wNAFUnsafe(W, this.getPrecomputes(W, point, transform), scalar, prev);
    }
    // We calculate precomputes for elliptic curve point multiplication
    // using windowed method. This specifies window size and
    // stores precomputed values. Usually only base point would be precomputed.
    createCache(P2, W) {
      validateW(W, this.bits);
      pointWindowSizes.set(P2, W);
      pointPrecomputes.delete(P2);
    }
    hasCache(elm) {
      return getW(elm) !== 1;
    }
  };
  function mulEndoUnsafe(Point, point, k1, k2) {
    let acc = point;
    let p1 = Point.ZERO;
    let p2 = Point.ZERO;
    while (k1 > _0n3 || k2 > _0n3) {
      if (k1 & _1n3)
        p1 = p1.add(acc);
      if (k2 & _1n3)
        p2 = p2.add(acc);
      acc = acc.double();
      k1 >>= _1n3;
      k2 >>= _1n3;
    }
    return { p1, p2 };
  }
  function createField(order, field, isLE3) {
    if (field) {
      if (field.ORDER !== order)
        throw new Error("Field.ORDER must match order: Fp == p, Fn == n");
      validateField(field);
      return field;
    } else {
      return Field(order, { isLE: isLE3 });
    }
  }
  function createCurveFields(type, CURVE, curveOpts = {}, FpFnLE) {
    if (FpFnLE === void 0)
      FpFnLE = type === "edwards";
    if (!CURVE || typeof CURVE !== "object")
      throw new Error(`expected valid ${type} CURVE object`);
    for (const p of ["p", "n", "h"]) {
      const val = CURVE[p];
      if (!(typeof val === "bigint" && val > _0n3))
        throw new Error(`CURVE.${p} must be positive bigint`);
    }
    const Fp2 = createField(CURVE.p, curveOpts.Fp, FpFnLE);
    const Fn2 = createField(CURVE.n, curveOpts.Fn, FpFnLE);
    const _b = type === "weierstrass" ? "b" : "d";
    const params = ["Gx", "Gy", "a", _b];
    for (const p of params) {
      if (!Fp2.isValid(CURVE[p]))
        throw new Error(`CURVE.${p} must be valid field element of CURVE.Fp`);
    }
    CURVE = Object.freeze(Object.assign({}, CURVE));
    return { CURVE, Fp: Fp2, Fn: Fn2 };
  }
  function createKeygen(randomSecretKey, getPublicKey) {
    return function keygen(seed) {
      const secretKey = randomSecretKey(seed);
      return { secretKey, publicKey: getPublicKey(secretKey) };
    };
  }

  // node_modules/@noble/curves/abstract/edwards.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var _0n4 = /* @__PURE__ */ BigInt(0);
  var _1n4 = /* @__PURE__ */ BigInt(1);
  var _2n2 = /* @__PURE__ */ BigInt(2);
  var _8n2 = /* @__PURE__ */ BigInt(8);
  function isEdValidXY(Fp2, CURVE, x, y) {
    const x2 = Fp2.sqr(x);
    const y2 = Fp2.sqr(y);
    const left = Fp2.add(Fp2.mul(CURVE.a, x2), y2);
    const right = Fp2.add(Fp2.ONE, Fp2.mul(CURVE.d, Fp2.mul(x2, y2)));
    return Fp2.eql(left, right);
  }
  function edwards(params, extraOpts = {}) {
    const opts2 = extraOpts;
    const validated = createCurveFields("edwards", params, opts2, opts2.FpFnLE);
    const { Fp: Fp2, Fn: Fn2 } = validated;
    let CURVE = validated.CURVE;
    const { h: cofactor } = CURVE;
    validateObject(opts2, {}, { uvRatio: "function" });
    const MASK = _2n2 << BigInt(Fn2.BYTES * 8) - _1n4;
    const modP = (n) => Fp2.create(n);
    const uvRatio2 = opts2.uvRatio === void 0 ? (u, v) => {
      try {
        return { isValid: true, value: Fp2.sqrt(Fp2.div(u, v)) };
      } catch (e) {
        return { isValid: false, value: _0n4 };
      }
    } : opts2.uvRatio;
    if (!isEdValidXY(Fp2, CURVE, CURVE.Gx, CURVE.Gy))
      throw new Error("bad curve params: generator point");
    function acoord(title, n, banZero = false) {
      const min = banZero ? _1n4 : _0n4;
      aInRange("coordinate " + title, n, min, MASK);
      return n;
    }
    function aedpoint(other) {
      if (!(other instanceof Point))
        throw new Error("EdwardsPoint expected");
    }
    class Point {
      // base / generator point
      static BASE = new Point(CURVE.Gx, CURVE.Gy, _1n4, modP(CURVE.Gx * CURVE.Gy));
      // zero / infinity / identity point
      static ZERO = new Point(_0n4, _1n4, _1n4, _0n4);
      // 0, 1, 1, 0
      // math field
      static Fp = Fp2;
      // scalar field
      static Fn = Fn2;
      X;
      Y;
      Z;
      T;
      constructor(X, Y, Z, T) {
        this.X = acoord("x", X);
        this.Y = acoord("y", Y);
        this.Z = acoord("z", Z, true);
        this.T = acoord("t", T);
        Object.freeze(this);
      }
      static CURVE() {
        return CURVE;
      }
      /**
       * Create one extended Edwards point from affine coordinates.
       * Does NOT validate that the point is on-curve or torsion-free.
       * Use `.assertValidity()` on adversarial inputs.
       */
      static fromAffine(p) {
        if (p instanceof Point)
          throw new Error("extended point not allowed");
        const { x, y } = p || {};
        acoord("x", x);
        acoord("y", y);
        return new Point(x, y, _1n4, modP(x * y));
      }
      // Uses algo from RFC8032 5.1.3.
      static fromBytes(bytes, zip215 = false) {
        const len = Fp2.BYTES;
        const { a, d } = CURVE;
        bytes = copyBytes2(abytes4(bytes, len, "point"));
        abool2(zip215, "zip215");
        const normed = copyBytes2(bytes);
        const lastByte = bytes[len - 1];
        normed[len - 1] = lastByte & ~128;
        const y = bytesToNumberLE(normed);
        const max = zip215 ? MASK : Fp2.ORDER;
        aInRange("point.y", y, _0n4, max);
        const y2 = modP(y * y);
        const u = modP(y2 - _1n4);
        const v = modP(d * y2 - a);
        let { isValid, value: x } = uvRatio2(u, v);
        if (!isValid)
          throw new Error("bad point: invalid y coordinate");
        const isXOdd = (x & _1n4) === _1n4;
        const isLastByteOdd = (lastByte & 128) !== 0;
        if (!zip215 && x === _0n4 && isLastByteOdd)
          throw new Error("bad point: x=0 and x_0=1");
        if (isLastByteOdd !== isXOdd)
          x = modP(-x);
        return Point.fromAffine({ x, y });
      }
      static fromHex(hex2, zip215 = false) {
        return Point.fromBytes(hexToBytes2(hex2), zip215);
      }
      get x() {
        return this.toAffine().x;
      }
      get y() {
        return this.toAffine().y;
      }
      precompute(windowSize = 8, isLazy = true) {
        wnaf.createCache(this, windowSize);
        if (!isLazy)
          this.multiply(_2n2);
        return this;
      }
      // Useful in fromAffine() - not for fromBytes(), which always created valid points.
      assertValidity() {
        const p = this;
        const { a, d } = CURVE;
        if (p.is0())
          throw new Error("bad point: ZERO");
        const { X, Y, Z, T } = p;
        const X2 = modP(X * X);
        const Y2 = modP(Y * Y);
        const Z2 = modP(Z * Z);
        const Z4 = modP(Z2 * Z2);
        const aX2 = modP(X2 * a);
        const left = modP(Z2 * modP(aX2 + Y2));
        const right = modP(Z4 + modP(d * modP(X2 * Y2)));
        if (left !== right)
          throw new Error("bad point: equation left != right (1)");
        const XY = modP(X * Y);
        const ZT = modP(Z * T);
        if (XY !== ZT)
          throw new Error("bad point: equation left != right (2)");
      }
      // Compare one point to another.
      equals(other) {
        aedpoint(other);
        const { X: X1, Y: Y1, Z: Z1 } = this;
        const { X: X2, Y: Y2, Z: Z2 } = other;
        const X1Z2 = modP(X1 * Z2);
        const X2Z1 = modP(X2 * Z1);
        const Y1Z2 = modP(Y1 * Z2);
        const Y2Z1 = modP(Y2 * Z1);
        return X1Z2 === X2Z1 && Y1Z2 === Y2Z1;
      }
      is0() {
        return this.equals(Point.ZERO);
      }
      negate() {
        return new Point(modP(-this.X), this.Y, this.Z, modP(-this.T));
      }
      // Fast algo for doubling Extended Point.
      // https://hyperelliptic.org/EFD/g1p/auto-twisted-extended.html#doubling-dbl-2008-hwcd
      // Cost: 4M + 4S + 1*a + 6add + 1*2.
      double() {
        const { a } = CURVE;
        const { X: X1, Y: Y1, Z: Z1 } = this;
        const A = modP(X1 * X1);
        const B = modP(Y1 * Y1);
        const C = modP(_2n2 * modP(Z1 * Z1));
        const D4 = modP(a * A);
        const x1y1 = X1 + Y1;
        const E = modP(modP(x1y1 * x1y1) - A - B);
        const G2 = D4 + B;
        const F3 = G2 - C;
        const H = D4 - B;
        const X3 = modP(E * F3);
        const Y3 = modP(G2 * H);
        const T3 = modP(E * H);
        const Z3 = modP(F3 * G2);
        return new Point(X3, Y3, Z3, T3);
      }
      // Fast algo for adding 2 Extended Points.
      // https://hyperelliptic.org/EFD/g1p/auto-twisted-extended.html#addition-add-2008-hwcd
      // Cost: 9M + 1*a + 1*d + 7add.
      add(other) {
        aedpoint(other);
        const { a, d } = CURVE;
        const { X: X1, Y: Y1, Z: Z1, T: T1 } = this;
        const { X: X2, Y: Y2, Z: Z2, T: T2 } = other;
        const A = modP(X1 * X2);
        const B = modP(Y1 * Y2);
        const C = modP(T1 * d * T2);
        const D4 = modP(Z1 * Z2);
        const E = modP((X1 + Y1) * (X2 + Y2) - A - B);
        const F3 = D4 - C;
        const G2 = D4 + C;
        const H = modP(B - a * A);
        const X3 = modP(E * F3);
        const Y3 = modP(G2 * H);
        const T3 = modP(E * H);
        const Z3 = modP(F3 * G2);
        return new Point(X3, Y3, Z3, T3);
      }
      subtract(other) {
        aedpoint(other);
        return this.add(other.negate());
      }
      // Constant-time multiplication.
      multiply(scalar) {
        if (!Fn2.isValidNot0(scalar))
          throw new RangeError("invalid scalar: expected 1 <= sc < curve.n");
        const { p, f } = wnaf.cached(this, scalar, (p2) => normalizeZ(Point, p2));
        return normalizeZ(Point, [p, f])[0];
      }
      // Non-constant-time multiplication. Uses double-and-add algorithm.
      // It's faster, but should only be used when you don't care about
      // an exposed private key e.g. sig verification.
      // Keeps the same subgroup-scalar contract: 0 is allowed for public-scalar callers, but
      // n and larger values are rejected instead of being reduced mod n to the identity point.
      multiplyUnsafe(scalar) {
        if (!Fn2.isValid(scalar))
          throw new RangeError("invalid scalar: expected 0 <= sc < curve.n");
        if (scalar === _0n4)
          return Point.ZERO;
        if (this.is0() || scalar === _1n4)
          return this;
        return wnaf.unsafe(this, scalar, (p) => normalizeZ(Point, p));
      }
      // Checks if point is of small order.
      // If you add something to small order point, you will have "dirty"
      // point with torsion component.
      // Clears cofactor and checks if the result is 0.
      isSmallOrder() {
        return this.clearCofactor().is0();
      }
      // Multiplies point by curve order and checks if the result is 0.
      // Returns `false` is the point is dirty.
      isTorsionFree() {
        return wnaf.unsafe(this, CURVE.n).is0();
      }
      // Converts Extended point to default (x, y) coordinates.
      // Can accept precomputed Z^-1 - for example, from invertBatch.
      toAffine(invertedZ) {
        const p = this;
        let iz = invertedZ;
        const { X, Y, Z } = p;
        const is0 = p.is0();
        if (iz == null)
          iz = is0 ? _8n2 : Fp2.inv(Z);
        const x = modP(X * iz);
        const y = modP(Y * iz);
        const zz = Fp2.mul(Z, iz);
        if (is0)
          return { x: _0n4, y: _1n4 };
        if (zz !== _1n4)
          throw new Error("invZ was invalid");
        return { x, y };
      }
      clearCofactor() {
        if (cofactor === _1n4)
          return this;
        return this.multiplyUnsafe(cofactor);
      }
      toBytes() {
        const { x, y } = this.toAffine();
        const bytes = Fp2.toBytes(y);
        bytes[bytes.length - 1] |= x & _1n4 ? 128 : 0;
        return bytes;
      }
      toHex() {
        return bytesToHex3(this.toBytes());
      }
      toString() {
        return `<Point ${this.is0() ? "ZERO" : this.toHex()}>`;
      }
    }
    const wnaf = new wNAF(Point, Fn2.BITS);
    if (Fn2.BITS >= 8)
      Point.BASE.precompute(8);
    Object.freeze(Point.prototype);
    Object.freeze(Point);
    return Point;
  }
  var PrimeEdwardsPoint = class {
    static BASE;
    static ZERO;
    static Fp;
    static Fn;
    ep;
    /**
     * Wrap one internal Edwards representative directly.
     * This is not a canonical encoding boundary: alternate Edwards
     * representatives may still describe the same abstract wrapper element.
     */
    constructor(ep) {
      this.ep = ep;
    }
    // Static methods that must be implemented by subclasses
    static fromBytes(_bytes) {
      notImplemented();
    }
    static fromHex(_hex) {
      notImplemented();
    }
    get x() {
      return this.toAffine().x;
    }
    get y() {
      return this.toAffine().y;
    }
    // Common implementations
    clearCofactor() {
      return this;
    }
    assertValidity() {
      this.ep.assertValidity();
    }
    /**
     * Return affine coordinates of the current internal Edwards representative.
     * This is a convenience helper, not a canonical Ristretto/Decaf encoding.
     * Equal abstract elements may expose different `x` / `y`; use
     * `toBytes()` / `fromBytes()` for canonical roundtrips.
     */
    toAffine(invertedZ) {
      return this.ep.toAffine(invertedZ);
    }
    toHex() {
      return bytesToHex3(this.toBytes());
    }
    toString() {
      return this.toHex();
    }
    isTorsionFree() {
      return true;
    }
    isSmallOrder() {
      return false;
    }
    add(other) {
      this.assertSame(other);
      return this.init(this.ep.add(other.ep));
    }
    subtract(other) {
      this.assertSame(other);
      return this.init(this.ep.subtract(other.ep));
    }
    multiply(scalar) {
      return this.init(this.ep.multiply(scalar));
    }
    multiplyUnsafe(scalar) {
      return this.init(this.ep.multiplyUnsafe(scalar));
    }
    double() {
      return this.init(this.ep.double());
    }
    negate() {
      return this.init(this.ep.negate());
    }
    precompute(windowSize, isLazy) {
      this.ep.precompute(windowSize, isLazy);
      return this;
    }
  };
  function eddsa(Point, cHash, eddsaOpts = {}) {
    if (typeof cHash !== "function")
      throw new Error('"hash" function param is required');
    const hash2 = cHash;
    const opts2 = eddsaOpts;
    validateObject(opts2, {}, {
      adjustScalarBytes: "function",
      randomBytes: "function",
      domain: "function",
      prehash: "function",
      zip215: "boolean",
      mapToCurve: "function"
    });
    const { prehash } = opts2;
    const { BASE, Fp: Fp2, Fn: Fn2 } = Point;
    const outputLen = hash2.outputLen;
    const expectedLen = 2 * Fp2.BYTES;
    if (outputLen !== void 0) {
      asafenumber(outputLen, "hash.outputLen");
      if (outputLen !== expectedLen)
        throw new Error(`hash.outputLen must be ${expectedLen}, got ${outputLen}`);
    }
    const randomBytes5 = opts2.randomBytes === void 0 ? randomBytes3 : opts2.randomBytes;
    const adjustScalarBytes2 = opts2.adjustScalarBytes === void 0 ? (bytes) => bytes : opts2.adjustScalarBytes;
    const domain = opts2.domain === void 0 ? (data, ctx, phflag) => {
      abool2(phflag, "phflag");
      if (ctx.length || phflag)
        throw new Error("Contexts/pre-hash are not supported");
      return data;
    } : opts2.domain;
    function modN_LE(hash3) {
      return Fn2.create(bytesToNumberLE(hash3));
    }
    function getPrivateScalar(key) {
      const len = lengths.secretKey;
      abytes4(key, lengths.secretKey, "secretKey");
      const hashed = abytes4(hash2(key), 2 * len, "hashedSecretKey");
      const head = adjustScalarBytes2(hashed.slice(0, len));
      const prefix = hashed.slice(len, 2 * len);
      const scalar = modN_LE(head);
      return { head, prefix, scalar };
    }
    function getExtendedPublicKey(secretKey) {
      const { head, prefix, scalar } = getPrivateScalar(secretKey);
      const point = BASE.multiply(scalar);
      const pointBytes = point.toBytes();
      return { head, prefix, scalar, point, pointBytes };
    }
    function getPublicKey(secretKey) {
      return getExtendedPublicKey(secretKey).pointBytes;
    }
    function hashDomainToScalar(context = Uint8Array.of(), ...msgs) {
      const msg = concatBytes3(...msgs);
      return modN_LE(hash2(domain(msg, abytes4(context, void 0, "context"), !!prehash)));
    }
    function sign(msg, secretKey, options = {}) {
      msg = abytes4(msg, void 0, "message");
      if (prehash)
        msg = prehash(msg);
      const { prefix, scalar, pointBytes } = getExtendedPublicKey(secretKey);
      const r = hashDomainToScalar(options.context, prefix, msg);
      const R = BASE.multiply(r).toBytes();
      const k = hashDomainToScalar(options.context, R, pointBytes, msg);
      const s = Fn2.create(r + k * scalar);
      if (!Fn2.isValid(s))
        throw new Error("sign failed: invalid s");
      const rs = concatBytes3(R, Fn2.toBytes(s));
      return abytes4(rs, lengths.signature, "result");
    }
    const verifyOpts = {
      zip215: opts2.zip215
    };
    function verify(sig, msg, publicKey, options = verifyOpts) {
      const { context } = options;
      const zip215 = options.zip215 === void 0 ? !!verifyOpts.zip215 : options.zip215;
      const len = lengths.signature;
      sig = abytes4(sig, len, "signature");
      msg = abytes4(msg, void 0, "message");
      publicKey = abytes4(publicKey, lengths.publicKey, "publicKey");
      if (zip215 !== void 0)
        abool2(zip215, "zip215");
      if (prehash)
        msg = prehash(msg);
      const mid = len / 2;
      const r = sig.subarray(0, mid);
      const s = bytesToNumberLE(sig.subarray(mid, len));
      let A, R, SB;
      try {
        A = Point.fromBytes(publicKey, zip215);
        R = Point.fromBytes(r, zip215);
        SB = BASE.multiplyUnsafe(s);
      } catch (error) {
        return false;
      }
      if (!zip215 && A.isSmallOrder())
        return false;
      const k = hashDomainToScalar(context, r, publicKey, msg);
      const RkA = R.add(A.multiplyUnsafe(k));
      return RkA.subtract(SB).clearCofactor().is0();
    }
    const _size = Fp2.BYTES;
    const lengths = {
      secretKey: _size,
      publicKey: _size,
      signature: 2 * _size,
      seed: _size
    };
    function randomSecretKey(seed) {
      seed = seed === void 0 ? randomBytes5(lengths.seed) : seed;
      return abytes4(seed, lengths.seed, "seed");
    }
    function isValidSecretKey(key) {
      return isBytes4(key) && key.length === lengths.secretKey;
    }
    function isValidPublicKey(key, zip215) {
      try {
        return !!Point.fromBytes(key, zip215 === void 0 ? verifyOpts.zip215 : zip215);
      } catch (error) {
        return false;
      }
    }
    const utils = {
      getExtendedPublicKey,
      randomSecretKey,
      isValidSecretKey,
      isValidPublicKey,
      /**
       * Converts ed public key to x public key. Uses formula:
       * - ed25519:
       *   - `(u, v) = ((1+y)/(1-y), sqrt(-486664)*u/x)`
       *   - `(x, y) = (sqrt(-486664)*u/v, (u-1)/(u+1))`
       * - ed448:
       *   - `(u, v) = ((y-1)/(y+1), sqrt(156324)*u/x)`
       *   - `(x, y) = (sqrt(156324)*u/v, (1+u)/(1-u))`
       */
      toMontgomery(publicKey) {
        const { y } = Point.fromBytes(publicKey);
        const size = lengths.publicKey;
        const is25519 = size === 32;
        if (!is25519 && size !== 57)
          throw new Error("only defined for 25519 and 448");
        const u = is25519 ? Fp2.div(_1n4 + y, _1n4 - y) : Fp2.div(y - _1n4, y + _1n4);
        return Fp2.toBytes(u);
      },
      toMontgomerySecret(secretKey) {
        const size = lengths.secretKey;
        abytes4(secretKey, size);
        const hashed = hash2(secretKey.subarray(0, size));
        return adjustScalarBytes2(hashed).subarray(0, size);
      }
    };
    Object.freeze(lengths);
    Object.freeze(utils);
    return Object.freeze({
      keygen: createKeygen(randomSecretKey, getPublicKey),
      getPublicKey,
      sign,
      verify,
      utils,
      Point,
      lengths
    });
  }

  // node_modules/@noble/curves/abstract/montgomery.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var _0n5 = BigInt(0);
  var _1n5 = BigInt(1);
  var _2n3 = BigInt(2);
  function validateOpts(curve) {
    validateObject(curve, {
      P: "bigint",
      type: "string",
      adjustScalarBytes: "function",
      powPminus2: "function"
    }, {
      randomBytes: "function"
    });
    return Object.freeze({ ...curve });
  }
  function montgomery(curveDef) {
    const CURVE = validateOpts(curveDef);
    const { P: P2, type, adjustScalarBytes: adjustScalarBytes2, powPminus2, randomBytes: rand } = CURVE;
    const is25519 = type === "x25519";
    if (!is25519 && type !== "x448")
      throw new Error("invalid type");
    const randomBytes_ = rand === void 0 ? randomBytes3 : rand;
    const montgomeryBits = is25519 ? 255 : 448;
    const fieldLen = is25519 ? 32 : 56;
    const Gu = is25519 ? BigInt(9) : BigInt(5);
    const a24 = is25519 ? BigInt(121665) : BigInt(39081);
    const minScalar = is25519 ? _2n3 ** BigInt(254) : _2n3 ** BigInt(447);
    const maxAdded = is25519 ? BigInt(8) * _2n3 ** BigInt(251) - _1n5 : BigInt(4) * _2n3 ** BigInt(445) - _1n5;
    const maxScalar = minScalar + maxAdded + _1n5;
    const modP = (n) => mod(n, P2);
    const GuBytes = encodeU(Gu);
    function encodeU(u) {
      return numberToBytesLE(modP(u), fieldLen);
    }
    function decodeU(u) {
      const _u = copyBytes2(abytes4(u, fieldLen, "uCoordinate"));
      if (is25519)
        _u[31] &= 127;
      return modP(bytesToNumberLE(_u));
    }
    function decodeScalar(scalar) {
      return bytesToNumberLE(adjustScalarBytes2(copyBytes2(abytes4(scalar, fieldLen, "scalar"))));
    }
    function scalarMult2(scalar, u) {
      const pu = montgomeryLadder(decodeU(u), decodeScalar(scalar));
      if (pu === _0n5)
        throw new Error("invalid private or public key received");
      return encodeU(pu);
    }
    function scalarMultBase2(scalar) {
      return scalarMult2(scalar, GuBytes);
    }
    const getPublicKey = scalarMultBase2;
    const getSharedSecret = scalarMult2;
    function cswap(swap, x_2, x_3) {
      const dummy = modP(swap * (x_2 - x_3));
      x_2 = modP(x_2 - dummy);
      x_3 = modP(x_3 + dummy);
      return { x_2, x_3 };
    }
    function montgomeryLadder(u, scalar) {
      aInRange("u", u, _0n5, P2);
      aInRange("scalar", scalar, minScalar, maxScalar);
      const k = scalar;
      const x_1 = u;
      let x_2 = _1n5;
      let z_2 = _0n5;
      let x_3 = u;
      let z_3 = _1n5;
      let swap = _0n5;
      for (let t = BigInt(montgomeryBits - 1); t >= _0n5; t--) {
        const k_t = k >> t & _1n5;
        swap ^= k_t;
        ({ x_2, x_3 } = cswap(swap, x_2, x_3));
        ({ x_2: z_2, x_3: z_3 } = cswap(swap, z_2, z_3));
        swap = k_t;
        const A = x_2 + z_2;
        const AA = modP(A * A);
        const B = x_2 - z_2;
        const BB = modP(B * B);
        const E = AA - BB;
        const C = x_3 + z_3;
        const D4 = x_3 - z_3;
        const DA = modP(D4 * A);
        const CB = modP(C * B);
        const dacb = DA + CB;
        const da_cb = DA - CB;
        x_3 = modP(dacb * dacb);
        z_3 = modP(x_1 * modP(da_cb * da_cb));
        x_2 = modP(AA * BB);
        z_2 = modP(E * (AA + modP(a24 * E)));
      }
      ({ x_2, x_3 } = cswap(swap, x_2, x_3));
      ({ x_2: z_2, x_3: z_3 } = cswap(swap, z_2, z_3));
      const z2 = powPminus2(z_2);
      return modP(x_2 * z2);
    }
    const lengths = {
      secretKey: fieldLen,
      publicKey: fieldLen,
      seed: fieldLen
    };
    const randomSecretKey = (seed) => {
      seed = seed === void 0 ? randomBytes_(fieldLen) : seed;
      abytes4(seed, lengths.seed, "seed");
      return seed;
    };
    const utils = { randomSecretKey };
    Object.freeze(lengths);
    Object.freeze(utils);
    return Object.freeze({
      keygen: createKeygen(randomSecretKey, getPublicKey),
      getSharedSecret,
      getPublicKey,
      scalarMult: scalarMult2,
      scalarMultBase: scalarMultBase2,
      utils,
      GuBytes: GuBytes.slice(),
      lengths
    });
  }

  // node_modules/@noble/curves/abstract/weierstrass.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var divNearest = (num, den) => (num + (num >= 0 ? den : -den) / _2n4) / den;
  function _splitEndoScalar(k, basis, n) {
    aInRange("scalar", k, _0n6, n);
    const [[a1, b1], [a2, b2]] = basis;
    const c1 = divNearest(b2 * k, n);
    const c2 = divNearest(-b1 * k, n);
    let k1 = k - c1 * a1 - c2 * a2;
    let k2 = -c1 * b1 - c2 * b2;
    const k1neg = k1 < _0n6;
    const k2neg = k2 < _0n6;
    if (k1neg)
      k1 = -k1;
    if (k2neg)
      k2 = -k2;
    const MAX_NUM = bitMask(Math.ceil(bitLen(n) / 2)) + _1n6;
    if (k1 < _0n6 || k1 >= MAX_NUM || k2 < _0n6 || k2 >= MAX_NUM) {
      throw new Error("splitScalar (endomorphism): failed for k");
    }
    return { k1neg, k1, k2neg, k2 };
  }
  function validateSigFormat(format) {
    if (!["compact", "recovered", "der"].includes(format))
      throw new Error('Signature format must be "compact", "recovered", or "der"');
    return format;
  }
  function validateSigOpts(opts2, def) {
    validateObject(opts2);
    const optsn = {};
    for (let optName of Object.keys(def)) {
      optsn[optName] = opts2[optName] === void 0 ? def[optName] : opts2[optName];
    }
    abool2(optsn.lowS, "lowS");
    abool2(optsn.prehash, "prehash");
    if (optsn.format !== void 0)
      validateSigFormat(optsn.format);
    return optsn;
  }
  var DERErr = class extends Error {
    constructor(m = "") {
      super(m);
    }
  };
  var DER = {
    // asn.1 DER encoding utils
    Err: DERErr,
    // Basic building block is TLV (Tag-Length-Value)
    _tlv: {
      encode: (tag, data) => {
        const { Err: E } = DER;
        asafenumber(tag, "tag");
        if (tag < 0 || tag > 255)
          throw new E("tlv.encode: wrong tag");
        if (typeof data !== "string")
          throw new TypeError('"data" expected string, got type=' + typeof data);
        if (data.length & 1)
          throw new E("tlv.encode: unpadded data");
        const dataLen = data.length / 2;
        const len = numberToHexUnpadded(dataLen);
        if (len.length / 2 & 128)
          throw new E("tlv.encode: long form length too big");
        const lenLen = dataLen > 127 ? numberToHexUnpadded(len.length / 2 | 128) : "";
        const t = numberToHexUnpadded(tag);
        return t + lenLen + len + data;
      },
      // v - value, l - left bytes (unparsed)
      decode(tag, data) {
        const { Err: E } = DER;
        data = abytes4(data, void 0, "DER data");
        let pos = 0;
        if (tag < 0 || tag > 255)
          throw new E("tlv.encode: wrong tag");
        if (data.length < 2 || data[pos++] !== tag)
          throw new E("tlv.decode: wrong tlv");
        const first = data[pos++];
        const isLong = !!(first & 128);
        let length = 0;
        if (!isLong)
          length = first;
        else {
          const lenLen = first & 127;
          if (!lenLen)
            throw new E("tlv.decode(long): indefinite length not supported");
          if (lenLen > 4)
            throw new E("tlv.decode(long): byte length is too big");
          const lengthBytes = data.subarray(pos, pos + lenLen);
          if (lengthBytes.length !== lenLen)
            throw new E("tlv.decode: length bytes not complete");
          if (lengthBytes[0] === 0)
            throw new E("tlv.decode(long): zero leftmost byte");
          for (const b of lengthBytes)
            length = length << 8 | b;
          pos += lenLen;
          if (length < 128)
            throw new E("tlv.decode(long): not minimal encoding");
        }
        const v = data.subarray(pos, pos + length);
        if (v.length !== length)
          throw new E("tlv.decode: wrong value length");
        return { v, l: data.subarray(pos + length) };
      }
    },
    // https://crypto.stackexchange.com/a/57734 Leftmost bit of first byte is 'negative' flag,
    // since we always use positive integers here. It must always be empty:
    // - add zero byte if exists
    // - if next byte doesn't have a flag, leading zero is not allowed (minimal encoding)
    _int: {
      encode(num) {
        const { Err: E } = DER;
        abignumber(num);
        if (num < _0n6)
          throw new E("integer: negative integers are not allowed");
        let hex2 = numberToHexUnpadded(num);
        if (Number.parseInt(hex2[0], 16) & 8)
          hex2 = "00" + hex2;
        if (hex2.length & 1)
          throw new E("unexpected DER parsing assertion: unpadded hex");
        return hex2;
      },
      decode(data) {
        const { Err: E } = DER;
        if (data.length < 1)
          throw new E("invalid signature integer: empty");
        if (data[0] & 128)
          throw new E("invalid signature integer: negative");
        if (data.length > 1 && data[0] === 0 && !(data[1] & 128))
          throw new E("invalid signature integer: unnecessary leading zero");
        return bytesToNumberBE(data);
      }
    },
    toSig(bytes) {
      const { Err: E, _int: int, _tlv: tlv } = DER;
      const data = abytes4(bytes, void 0, "signature");
      const { v: seqBytes, l: seqLeftBytes } = tlv.decode(48, data);
      if (seqLeftBytes.length)
        throw new E("invalid signature: left bytes after parsing");
      const { v: rBytes, l: rLeftBytes } = tlv.decode(2, seqBytes);
      const { v: sBytes, l: sLeftBytes } = tlv.decode(2, rLeftBytes);
      if (sLeftBytes.length)
        throw new E("invalid signature: left bytes after parsing");
      return { r: int.decode(rBytes), s: int.decode(sBytes) };
    },
    hexFromSig(sig) {
      const { _tlv: tlv, _int: int } = DER;
      const rs = tlv.encode(2, int.encode(sig.r));
      const ss = tlv.encode(2, int.encode(sig.s));
      const seq = rs + ss;
      return tlv.encode(48, seq);
    }
  };
  Object.freeze(DER._tlv);
  Object.freeze(DER._int);
  Object.freeze(DER);
  var _0n6 = /* @__PURE__ */ BigInt(0);
  var _1n6 = /* @__PURE__ */ BigInt(1);
  var _2n4 = /* @__PURE__ */ BigInt(2);
  var _3n2 = /* @__PURE__ */ BigInt(3);
  var _4n2 = /* @__PURE__ */ BigInt(4);
  function weierstrass(params, extraOpts = {}) {
    const validated = createCurveFields("weierstrass", params, extraOpts);
    const Fp2 = validated.Fp;
    const Fn2 = validated.Fn;
    let CURVE = validated.CURVE;
    const { h: cofactor, n: CURVE_ORDER } = CURVE;
    validateObject(extraOpts, {}, {
      allowInfinityPoint: "boolean",
      clearCofactor: "function",
      isTorsionFree: "function",
      fromBytes: "function",
      toBytes: "function",
      endo: "object"
    });
    const { endo, allowInfinityPoint } = extraOpts;
    if (endo) {
      if (!Fp2.is0(CURVE.a) || typeof endo.beta !== "bigint" || !Array.isArray(endo.basises)) {
        throw new Error('invalid endo: expected "beta": bigint and "basises": array');
      }
    }
    const lengths = getWLengths(Fp2, Fn2);
    function assertCompressionIsSupported() {
      if (!Fp2.isOdd)
        throw new Error("compression is not supported: Field does not have .isOdd()");
    }
    function pointToBytes(_c, point, isCompressed) {
      if (allowInfinityPoint && point.is0())
        return Uint8Array.of(0);
      const { x, y } = point.toAffine();
      const bx = Fp2.toBytes(x);
      abool2(isCompressed, "isCompressed");
      if (isCompressed) {
        assertCompressionIsSupported();
        const hasEvenY = !Fp2.isOdd(y);
        return concatBytes3(pprefix(hasEvenY), bx);
      } else {
        return concatBytes3(Uint8Array.of(4), bx, Fp2.toBytes(y));
      }
    }
    function pointFromBytes(bytes) {
      abytes4(bytes, void 0, "Point");
      const { publicKey: comp, publicKeyUncompressed: uncomp } = lengths;
      const length = bytes.length;
      const head = bytes[0];
      const tail = bytes.subarray(1);
      if (allowInfinityPoint && length === 1 && head === 0)
        return { x: Fp2.ZERO, y: Fp2.ZERO };
      if (length === comp && (head === 2 || head === 3)) {
        const x = Fp2.fromBytes(tail);
        if (!Fp2.isValid(x))
          throw new Error("bad point: is not on curve, wrong x");
        const y2 = weierstrassEquation(x);
        let y;
        try {
          y = Fp2.sqrt(y2);
        } catch (sqrtError) {
          const err = sqrtError instanceof Error ? ": " + sqrtError.message : "";
          throw new Error("bad point: is not on curve, sqrt error" + err);
        }
        assertCompressionIsSupported();
        const evenY = Fp2.isOdd(y);
        const evenH = (head & 1) === 1;
        if (evenH !== evenY)
          y = Fp2.neg(y);
        return { x, y };
      } else if (length === uncomp && head === 4) {
        const L = Fp2.BYTES;
        const x = Fp2.fromBytes(tail.subarray(0, L));
        const y = Fp2.fromBytes(tail.subarray(L, L * 2));
        if (!isValidXY(x, y))
          throw new Error("bad point: is not on curve");
        return { x, y };
      } else {
        throw new Error(`bad point: got length ${length}, expected compressed=${comp} or uncompressed=${uncomp}`);
      }
    }
    const encodePoint = extraOpts.toBytes === void 0 ? pointToBytes : extraOpts.toBytes;
    const decodePoint = extraOpts.fromBytes === void 0 ? pointFromBytes : extraOpts.fromBytes;
    function weierstrassEquation(x) {
      const x2 = Fp2.sqr(x);
      const x3 = Fp2.mul(x2, x);
      return Fp2.add(Fp2.add(x3, Fp2.mul(x, CURVE.a)), CURVE.b);
    }
    function isValidXY(x, y) {
      const left = Fp2.sqr(y);
      const right = weierstrassEquation(x);
      return Fp2.eql(left, right);
    }
    if (!isValidXY(CURVE.Gx, CURVE.Gy))
      throw new Error("bad curve params: generator point");
    const _4a3 = Fp2.mul(Fp2.pow(CURVE.a, _3n2), _4n2);
    const _27b2 = Fp2.mul(Fp2.sqr(CURVE.b), BigInt(27));
    if (Fp2.is0(Fp2.add(_4a3, _27b2)))
      throw new Error("bad curve params: a or b");
    function acoord(title, n, banZero = false) {
      if (!Fp2.isValid(n) || banZero && Fp2.is0(n))
        throw new Error(`bad point coordinate ${title}`);
      return n;
    }
    function aprjpoint(other) {
      if (!(other instanceof Point))
        throw new Error("Weierstrass Point expected");
    }
    function splitEndoScalarN(k) {
      if (!endo || !endo.basises)
        throw new Error("no endo");
      return _splitEndoScalar(k, endo.basises, Fn2.ORDER);
    }
    function finishEndo(endoBeta, k1p, k2p, k1neg, k2neg) {
      k2p = new Point(Fp2.mul(k2p.X, endoBeta), k2p.Y, k2p.Z);
      k1p = negateCt(k1neg, k1p);
      k2p = negateCt(k2neg, k2p);
      return k1p.add(k2p);
    }
    class Point {
      // base / generator point
      static BASE = new Point(CURVE.Gx, CURVE.Gy, Fp2.ONE);
      // zero / infinity / identity point
      static ZERO = new Point(Fp2.ZERO, Fp2.ONE, Fp2.ZERO);
      // 0, 1, 0
      // math field
      static Fp = Fp2;
      // scalar field
      static Fn = Fn2;
      X;
      Y;
      Z;
      /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
      constructor(X, Y, Z) {
        this.X = acoord("x", X);
        this.Y = acoord("y", Y, true);
        this.Z = acoord("z", Z);
        Object.freeze(this);
      }
      static CURVE() {
        return CURVE;
      }
      /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
      static fromAffine(p) {
        const { x, y } = p || {};
        if (!p || !Fp2.isValid(x) || !Fp2.isValid(y))
          throw new Error("invalid affine point");
        if (p instanceof Point)
          throw new Error("projective point not allowed");
        if (Fp2.is0(x) && Fp2.is0(y))
          return Point.ZERO;
        return new Point(x, y, Fp2.ONE);
      }
      static fromBytes(bytes) {
        const P2 = Point.fromAffine(decodePoint(abytes4(bytes, void 0, "point")));
        P2.assertValidity();
        return P2;
      }
      static fromHex(hex2) {
        return Point.fromBytes(hexToBytes2(hex2));
      }
      get x() {
        return this.toAffine().x;
      }
      get y() {
        return this.toAffine().y;
      }
      /**
       *
       * @param windowSize
       * @param isLazy - true will defer table computation until the first multiplication
       * @returns
       */
      precompute(windowSize = 8, isLazy = true) {
        wnaf.createCache(this, windowSize);
        if (!isLazy)
          this.multiply(_3n2);
        return this;
      }
      // TODO: return `this`
      /** A point on curve is valid if it conforms to equation. */
      assertValidity() {
        const p = this;
        if (p.is0()) {
          if (extraOpts.allowInfinityPoint && Fp2.is0(p.X) && Fp2.eql(p.Y, Fp2.ONE) && Fp2.is0(p.Z))
            return;
          throw new Error("bad point: ZERO");
        }
        const { x, y } = p.toAffine();
        if (!Fp2.isValid(x) || !Fp2.isValid(y))
          throw new Error("bad point: x or y not field elements");
        if (!isValidXY(x, y))
          throw new Error("bad point: equation left != right");
        if (!p.isTorsionFree())
          throw new Error("bad point: not in prime-order subgroup");
      }
      hasEvenY() {
        const { y } = this.toAffine();
        if (!Fp2.isOdd)
          throw new Error("Field doesn't support isOdd");
        return !Fp2.isOdd(y);
      }
      /** Compare one point to another. */
      equals(other) {
        aprjpoint(other);
        const { X: X1, Y: Y1, Z: Z1 } = this;
        const { X: X2, Y: Y2, Z: Z2 } = other;
        const U1 = Fp2.eql(Fp2.mul(X1, Z2), Fp2.mul(X2, Z1));
        const U2 = Fp2.eql(Fp2.mul(Y1, Z2), Fp2.mul(Y2, Z1));
        return U1 && U2;
      }
      /** Flips point to one corresponding to (x, -y) in Affine coordinates. */
      negate() {
        return new Point(this.X, Fp2.neg(this.Y), this.Z);
      }
      // Renes-Costello-Batina exception-free doubling formula.
      // There is 30% faster Jacobian formula, but it is not complete.
      // https://eprint.iacr.org/2015/1060, algorithm 3
      // Cost: 8M + 3S + 3*a + 2*b3 + 15add.
      double() {
        const { a, b } = CURVE;
        const b3 = Fp2.mul(b, _3n2);
        const { X: X1, Y: Y1, Z: Z1 } = this;
        let X3 = Fp2.ZERO, Y3 = Fp2.ZERO, Z3 = Fp2.ZERO;
        let t0 = Fp2.mul(X1, X1);
        let t1 = Fp2.mul(Y1, Y1);
        let t2 = Fp2.mul(Z1, Z1);
        let t3 = Fp2.mul(X1, Y1);
        t3 = Fp2.add(t3, t3);
        Z3 = Fp2.mul(X1, Z1);
        Z3 = Fp2.add(Z3, Z3);
        X3 = Fp2.mul(a, Z3);
        Y3 = Fp2.mul(b3, t2);
        Y3 = Fp2.add(X3, Y3);
        X3 = Fp2.sub(t1, Y3);
        Y3 = Fp2.add(t1, Y3);
        Y3 = Fp2.mul(X3, Y3);
        X3 = Fp2.mul(t3, X3);
        Z3 = Fp2.mul(b3, Z3);
        t2 = Fp2.mul(a, t2);
        t3 = Fp2.sub(t0, t2);
        t3 = Fp2.mul(a, t3);
        t3 = Fp2.add(t3, Z3);
        Z3 = Fp2.add(t0, t0);
        t0 = Fp2.add(Z3, t0);
        t0 = Fp2.add(t0, t2);
        t0 = Fp2.mul(t0, t3);
        Y3 = Fp2.add(Y3, t0);
        t2 = Fp2.mul(Y1, Z1);
        t2 = Fp2.add(t2, t2);
        t0 = Fp2.mul(t2, t3);
        X3 = Fp2.sub(X3, t0);
        Z3 = Fp2.mul(t2, t1);
        Z3 = Fp2.add(Z3, Z3);
        Z3 = Fp2.add(Z3, Z3);
        return new Point(X3, Y3, Z3);
      }
      // Renes-Costello-Batina exception-free addition formula.
      // There is 30% faster Jacobian formula, but it is not complete.
      // https://eprint.iacr.org/2015/1060, algorithm 1
      // Cost: 12M + 0S + 3*a + 3*b3 + 23add.
      add(other) {
        aprjpoint(other);
        const { X: X1, Y: Y1, Z: Z1 } = this;
        const { X: X2, Y: Y2, Z: Z2 } = other;
        let X3 = Fp2.ZERO, Y3 = Fp2.ZERO, Z3 = Fp2.ZERO;
        const a = CURVE.a;
        const b3 = Fp2.mul(CURVE.b, _3n2);
        let t0 = Fp2.mul(X1, X2);
        let t1 = Fp2.mul(Y1, Y2);
        let t2 = Fp2.mul(Z1, Z2);
        let t3 = Fp2.add(X1, Y1);
        let t4 = Fp2.add(X2, Y2);
        t3 = Fp2.mul(t3, t4);
        t4 = Fp2.add(t0, t1);
        t3 = Fp2.sub(t3, t4);
        t4 = Fp2.add(X1, Z1);
        let t5 = Fp2.add(X2, Z2);
        t4 = Fp2.mul(t4, t5);
        t5 = Fp2.add(t0, t2);
        t4 = Fp2.sub(t4, t5);
        t5 = Fp2.add(Y1, Z1);
        X3 = Fp2.add(Y2, Z2);
        t5 = Fp2.mul(t5, X3);
        X3 = Fp2.add(t1, t2);
        t5 = Fp2.sub(t5, X3);
        Z3 = Fp2.mul(a, t4);
        X3 = Fp2.mul(b3, t2);
        Z3 = Fp2.add(X3, Z3);
        X3 = Fp2.sub(t1, Z3);
        Z3 = Fp2.add(t1, Z3);
        Y3 = Fp2.mul(X3, Z3);
        t1 = Fp2.add(t0, t0);
        t1 = Fp2.add(t1, t0);
        t2 = Fp2.mul(a, t2);
        t4 = Fp2.mul(b3, t4);
        t1 = Fp2.add(t1, t2);
        t2 = Fp2.sub(t0, t2);
        t2 = Fp2.mul(a, t2);
        t4 = Fp2.add(t4, t2);
        t0 = Fp2.mul(t1, t4);
        Y3 = Fp2.add(Y3, t0);
        t0 = Fp2.mul(t5, t4);
        X3 = Fp2.mul(t3, X3);
        X3 = Fp2.sub(X3, t0);
        t0 = Fp2.mul(t3, t1);
        Z3 = Fp2.mul(t5, Z3);
        Z3 = Fp2.add(Z3, t0);
        return new Point(X3, Y3, Z3);
      }
      subtract(other) {
        aprjpoint(other);
        return this.add(other.negate());
      }
      is0() {
        return this.equals(Point.ZERO);
      }
      /**
       * Constant time multiplication.
       * Uses wNAF method. Windowed method may be 10% faster,
       * but takes 2x longer to generate and consumes 2x memory.
       * Uses precomputes when available.
       * Uses endomorphism for Koblitz curves.
       * @param scalar - by which the point would be multiplied
       * @returns New point
       */
      multiply(scalar) {
        const { endo: endo2 } = extraOpts;
        if (!Fn2.isValidNot0(scalar))
          throw new RangeError("invalid scalar: out of range");
        let point, fake;
        const mul3 = (n) => wnaf.cached(this, n, (p) => normalizeZ(Point, p));
        if (endo2) {
          const { k1neg, k1, k2neg, k2 } = splitEndoScalarN(scalar);
          const { p: k1p, f: k1f } = mul3(k1);
          const { p: k2p, f: k2f } = mul3(k2);
          fake = k1f.add(k2f);
          point = finishEndo(endo2.beta, k1p, k2p, k1neg, k2neg);
        } else {
          const { p, f } = mul3(scalar);
          point = p;
          fake = f;
        }
        return normalizeZ(Point, [point, fake])[0];
      }
      /**
       * Non-constant-time multiplication. Uses double-and-add algorithm.
       * It's faster, but should only be used when you don't care about
       * an exposed secret key e.g. sig verification, which works over *public* keys.
       */
      multiplyUnsafe(scalar) {
        const { endo: endo2 } = extraOpts;
        const p = this;
        const sc = scalar;
        if (!Fn2.isValid(sc))
          throw new RangeError("invalid scalar: out of range");
        if (sc === _0n6 || p.is0())
          return Point.ZERO;
        if (sc === _1n6)
          return p;
        if (wnaf.hasCache(this))
          return this.multiply(sc);
        if (endo2) {
          const { k1neg, k1, k2neg, k2 } = splitEndoScalarN(sc);
          const { p1, p2 } = mulEndoUnsafe(Point, p, k1, k2);
          return finishEndo(endo2.beta, p1, p2, k1neg, k2neg);
        } else {
          return wnaf.unsafe(p, sc);
        }
      }
      /**
       * Converts Projective point to affine (x, y) coordinates.
       * (X, Y, Z) ∋ (x=X/Z, y=Y/Z).
       * @param invertedZ - Z^-1 (inverted zero) - optional, precomputation is useful for invertBatch
       */
      toAffine(invertedZ) {
        const p = this;
        let iz = invertedZ;
        const { X, Y, Z } = p;
        if (Fp2.eql(Z, Fp2.ONE))
          return { x: X, y: Y };
        const is0 = p.is0();
        if (iz == null)
          iz = is0 ? Fp2.ONE : Fp2.inv(Z);
        const x = Fp2.mul(X, iz);
        const y = Fp2.mul(Y, iz);
        const zz = Fp2.mul(Z, iz);
        if (is0)
          return { x: Fp2.ZERO, y: Fp2.ZERO };
        if (!Fp2.eql(zz, Fp2.ONE))
          throw new Error("invZ was invalid");
        return { x, y };
      }
      /**
       * Checks whether Point is free of torsion elements (is in prime subgroup).
       * Always torsion-free for cofactor=1 curves.
       */
      isTorsionFree() {
        const { isTorsionFree } = extraOpts;
        if (cofactor === _1n6)
          return true;
        if (isTorsionFree)
          return isTorsionFree(Point, this);
        return wnaf.unsafe(this, CURVE_ORDER).is0();
      }
      clearCofactor() {
        const { clearCofactor } = extraOpts;
        if (cofactor === _1n6)
          return this;
        if (clearCofactor)
          return clearCofactor(Point, this);
        return this.multiplyUnsafe(cofactor);
      }
      isSmallOrder() {
        if (cofactor === _1n6)
          return this.is0();
        return this.clearCofactor().is0();
      }
      toBytes(isCompressed = true) {
        abool2(isCompressed, "isCompressed");
        this.assertValidity();
        return encodePoint(Point, this, isCompressed);
      }
      toHex(isCompressed = true) {
        return bytesToHex3(this.toBytes(isCompressed));
      }
      toString() {
        return `<Point ${this.is0() ? "ZERO" : this.toHex()}>`;
      }
    }
    const bits = Fn2.BITS;
    const wnaf = new wNAF(Point, extraOpts.endo ? Math.ceil(bits / 2) : bits);
    if (bits >= 8)
      Point.BASE.precompute(8);
    Object.freeze(Point.prototype);
    Object.freeze(Point);
    return Point;
  }
  function pprefix(hasEvenY) {
    return Uint8Array.of(hasEvenY ? 2 : 3);
  }
  function getWLengths(Fp2, Fn2) {
    return {
      secretKey: Fn2.BYTES,
      publicKey: 1 + Fp2.BYTES,
      publicKeyUncompressed: 1 + 2 * Fp2.BYTES,
      publicKeyHasPrefix: true,
      // Raw compact `(r || s)` signature width; DER and recovered signatures use
      // different lengths outside this helper.
      signature: 2 * Fn2.BYTES
    };
  }
  function ecdh(Point, ecdhOpts = {}) {
    const { Fn: Fn2 } = Point;
    const randomBytes_ = ecdhOpts.randomBytes === void 0 ? randomBytes3 : ecdhOpts.randomBytes;
    const lengths = Object.assign(getWLengths(Point.Fp, Fn2), {
      seed: Math.max(getMinHashLength(Fn2.ORDER), 16)
    });
    function isValidSecretKey(secretKey) {
      try {
        const num = Fn2.fromBytes(secretKey);
        return Fn2.isValidNot0(num);
      } catch (error) {
        return false;
      }
    }
    function isValidPublicKey(publicKey, isCompressed) {
      const { publicKey: comp, publicKeyUncompressed } = lengths;
      try {
        const l = publicKey.length;
        if (isCompressed === true && l !== comp)
          return false;
        if (isCompressed === false && l !== publicKeyUncompressed)
          return false;
        return !!Point.fromBytes(publicKey);
      } catch (error) {
        return false;
      }
    }
    function randomSecretKey(seed) {
      seed = seed === void 0 ? randomBytes_(lengths.seed) : seed;
      return mapHashToField(abytes4(seed, lengths.seed, "seed"), Fn2.ORDER);
    }
    function getPublicKey(secretKey, isCompressed = true) {
      return Point.BASE.multiply(Fn2.fromBytes(secretKey)).toBytes(isCompressed);
    }
    function isProbPub(item) {
      const { secretKey, publicKey, publicKeyUncompressed } = lengths;
      const allowedLengths = Fn2._lengths;
      if (!isBytes4(item))
        return void 0;
      const l = abytes4(item, void 0, "key").length;
      const isPub = l === publicKey || l === publicKeyUncompressed;
      const isSec = l === secretKey || !!allowedLengths?.includes(l);
      if (isPub && isSec)
        return void 0;
      return isPub;
    }
    function getSharedSecret(secretKeyA, publicKeyB, isCompressed = true) {
      if (isProbPub(secretKeyA) === true)
        throw new Error("first arg must be private key");
      if (isProbPub(publicKeyB) === false)
        throw new Error("second arg must be public key");
      const s = Fn2.fromBytes(secretKeyA);
      const b = Point.fromBytes(publicKeyB);
      return b.multiply(s).toBytes(isCompressed);
    }
    const utils = {
      isValidSecretKey,
      isValidPublicKey,
      randomSecretKey
    };
    const keygen = createKeygen(randomSecretKey, getPublicKey);
    Object.freeze(utils);
    Object.freeze(lengths);
    return Object.freeze({ getPublicKey, getSharedSecret, keygen, Point, utils, lengths });
  }
  function ecdsa(Point, hash2, ecdsaOpts = {}) {
    const hash_ = hash2;
    ahash(hash_);
    validateObject(ecdsaOpts, {}, {
      hmac: "function",
      lowS: "boolean",
      randomBytes: "function",
      bits2int: "function",
      bits2int_modN: "function"
    });
    ecdsaOpts = Object.assign({}, ecdsaOpts);
    const randomBytes5 = ecdsaOpts.randomBytes === void 0 ? randomBytes3 : ecdsaOpts.randomBytes;
    const hmac2 = ecdsaOpts.hmac === void 0 ? (key, msg) => hmac(hash_, key, msg) : ecdsaOpts.hmac;
    const { Fp: Fp2, Fn: Fn2 } = Point;
    const { ORDER: CURVE_ORDER, BITS: fnBits } = Fn2;
    const { keygen, getPublicKey, getSharedSecret, utils, lengths } = ecdh(Point, ecdsaOpts);
    const defaultSigOpts = {
      prehash: true,
      lowS: typeof ecdsaOpts.lowS === "boolean" ? ecdsaOpts.lowS : true,
      format: "compact",
      extraEntropy: false
    };
    const hasLargeRecoveryLifts = CURVE_ORDER * _2n4 + _1n6 < Fp2.ORDER;
    function isBiggerThanHalfOrder(number) {
      const HALF = CURVE_ORDER >> _1n6;
      return number > HALF;
    }
    function validateRS(title, num) {
      if (!Fn2.isValidNot0(num))
        throw new Error(`invalid signature ${title}: out of range 1..Point.Fn.ORDER`);
      return num;
    }
    function assertRecoverableCurve() {
      if (hasLargeRecoveryLifts)
        throw new Error('"recovered" sig type is not supported for cofactor >2 curves');
    }
    function validateSigLength(bytes, format) {
      validateSigFormat(format);
      const size = lengths.signature;
      const sizer = format === "compact" ? size : format === "recovered" ? size + 1 : void 0;
      return abytes4(bytes, sizer);
    }
    class Signature {
      r;
      s;
      recovery;
      constructor(r, s, recovery) {
        this.r = validateRS("r", r);
        this.s = validateRS("s", s);
        if (recovery != null) {
          assertRecoverableCurve();
          if (![0, 1, 2, 3].includes(recovery))
            throw new Error("invalid recovery id");
          this.recovery = recovery;
        }
        Object.freeze(this);
      }
      static fromBytes(bytes, format = defaultSigOpts.format) {
        validateSigLength(bytes, format);
        let recid;
        if (format === "der") {
          const { r: r2, s: s2 } = DER.toSig(abytes4(bytes));
          return new Signature(r2, s2);
        }
        if (format === "recovered") {
          recid = bytes[0];
          format = "compact";
          bytes = bytes.subarray(1);
        }
        const L = lengths.signature / 2;
        const r = bytes.subarray(0, L);
        const s = bytes.subarray(L, L * 2);
        return new Signature(Fn2.fromBytes(r), Fn2.fromBytes(s), recid);
      }
      static fromHex(hex2, format) {
        return this.fromBytes(hexToBytes2(hex2), format);
      }
      assertRecovery() {
        const { recovery } = this;
        if (recovery == null)
          throw new Error("invalid recovery id: must be present");
        return recovery;
      }
      addRecoveryBit(recovery) {
        return new Signature(this.r, this.s, recovery);
      }
      // Unlike the top-level helper below, this method expects a digest that has
      // already been hashed to the curve's message representative.
      recoverPublicKey(messageHash) {
        const { r, s } = this;
        const recovery = this.assertRecovery();
        const radj = recovery === 2 || recovery === 3 ? r + CURVE_ORDER : r;
        if (!Fp2.isValid(radj))
          throw new Error("invalid recovery id: sig.r+curve.n != R.x");
        const x = Fp2.toBytes(radj);
        const R = Point.fromBytes(concatBytes3(pprefix((recovery & 1) === 0), x));
        const ir = Fn2.inv(radj);
        const h = bits2int_modN(abytes4(messageHash, void 0, "msgHash"));
        const u1 = Fn2.create(-h * ir);
        const u2 = Fn2.create(s * ir);
        const Q3 = Point.BASE.multiplyUnsafe(u1).add(R.multiplyUnsafe(u2));
        if (Q3.is0())
          throw new Error("invalid recovery: point at infinify");
        Q3.assertValidity();
        return Q3;
      }
      // Signatures should be low-s, to prevent malleability.
      hasHighS() {
        return isBiggerThanHalfOrder(this.s);
      }
      toBytes(format = defaultSigOpts.format) {
        validateSigFormat(format);
        if (format === "der")
          return hexToBytes2(DER.hexFromSig(this));
        const { r, s } = this;
        const rb = Fn2.toBytes(r);
        const sb = Fn2.toBytes(s);
        if (format === "recovered") {
          assertRecoverableCurve();
          return concatBytes3(Uint8Array.of(this.assertRecovery()), rb, sb);
        }
        return concatBytes3(rb, sb);
      }
      toHex(format) {
        return bytesToHex3(this.toBytes(format));
      }
    }
    Object.freeze(Signature.prototype);
    Object.freeze(Signature);
    const bits2int = ecdsaOpts.bits2int === void 0 ? function bits2int_def(bytes) {
      if (bytes.length > 8192)
        throw new Error("input is too large");
      const num = bytesToNumberBE(bytes);
      const delta = bytes.length * 8 - fnBits;
      return delta > 0 ? num >> BigInt(delta) : num;
    } : ecdsaOpts.bits2int;
    const bits2int_modN = ecdsaOpts.bits2int_modN === void 0 ? function bits2int_modN_def(bytes) {
      return Fn2.create(bits2int(bytes));
    } : ecdsaOpts.bits2int_modN;
    const ORDER_MASK = bitMask(fnBits);
    function int2octets(num) {
      aInRange("num < 2^" + fnBits, num, _0n6, ORDER_MASK);
      return Fn2.toBytes(num);
    }
    function validateMsgAndHash(message, prehash) {
      abytes4(message, void 0, "message");
      return prehash ? abytes4(hash_(message), void 0, "prehashed message") : message;
    }
    function prepSig(message, secretKey, opts2) {
      const { lowS, prehash, extraEntropy } = validateSigOpts(opts2, defaultSigOpts);
      message = validateMsgAndHash(message, prehash);
      const h1int = bits2int_modN(message);
      const d = Fn2.fromBytes(secretKey);
      if (!Fn2.isValidNot0(d))
        throw new Error("invalid private key");
      const seedArgs = [int2octets(d), int2octets(h1int)];
      if (extraEntropy != null && extraEntropy !== false) {
        const e = extraEntropy === true ? randomBytes5(lengths.secretKey) : extraEntropy;
        seedArgs.push(abytes4(e, void 0, "extraEntropy"));
      }
      const seed = concatBytes3(...seedArgs);
      const m = h1int;
      function k2sig(kBytes) {
        const k = bits2int(kBytes);
        if (!Fn2.isValidNot0(k))
          return;
        const ik = Fn2.inv(k);
        const q = Point.BASE.multiply(k).toAffine();
        const r = Fn2.create(q.x);
        if (r === _0n6)
          return;
        const s = Fn2.create(ik * Fn2.create(m + r * d));
        if (s === _0n6)
          return;
        let recovery = (q.x === r ? 0 : 2) | Number(q.y & _1n6);
        let normS = s;
        if (lowS && isBiggerThanHalfOrder(s)) {
          normS = Fn2.neg(s);
          recovery ^= 1;
        }
        return new Signature(r, normS, hasLargeRecoveryLifts ? void 0 : recovery);
      }
      return { seed, k2sig };
    }
    function sign(message, secretKey, opts2 = {}) {
      const { seed, k2sig } = prepSig(message, secretKey, opts2);
      const drbg = createHmacDrbg(hash_.outputLen, Fn2.BYTES, hmac2);
      const sig = drbg(seed, k2sig);
      return sig.toBytes(opts2.format);
    }
    function verify(signature, message, publicKey, opts2 = {}) {
      const { lowS, prehash, format } = validateSigOpts(opts2, defaultSigOpts);
      publicKey = abytes4(publicKey, void 0, "publicKey");
      message = validateMsgAndHash(message, prehash);
      if (!isBytes4(signature)) {
        const end = signature instanceof Signature ? ", use sig.toBytes()" : "";
        throw new Error("verify expects Uint8Array signature" + end);
      }
      validateSigLength(signature, format);
      try {
        const sig = Signature.fromBytes(signature, format);
        const P2 = Point.fromBytes(publicKey);
        if (lowS && sig.hasHighS())
          return false;
        const { r, s } = sig;
        const h = bits2int_modN(message);
        const is = Fn2.inv(s);
        const u1 = Fn2.create(h * is);
        const u2 = Fn2.create(r * is);
        const R = Point.BASE.multiplyUnsafe(u1).add(P2.multiplyUnsafe(u2));
        if (R.is0())
          return false;
        const v = Fn2.create(R.x);
        return v === r;
      } catch (e) {
        return false;
      }
    }
    function recoverPublicKey(signature, message, opts2 = {}) {
      const { prehash } = validateSigOpts(opts2, defaultSigOpts);
      message = validateMsgAndHash(message, prehash);
      return Signature.fromBytes(signature, "recovered").recoverPublicKey(message).toBytes();
    }
    return Object.freeze({
      keygen,
      getPublicKey,
      getSharedSecret,
      utils,
      lengths,
      Point,
      sign,
      verify,
      recoverPublicKey,
      Signature,
      hash: hash_
    });
  }

  // node_modules/@noble/curves/abstract/fft.js
  function checkU32(n) {
    if (!Number.isSafeInteger(n) || n < 0 || n > 4294967295)
      throw new Error("wrong u32 integer:" + n);
    return n;
  }
  function isPowerOfTwo(x) {
    checkU32(x);
    return (x & x - 1) === 0 && x !== 0;
  }
  function reverseBits(n, bits) {
    checkU32(n);
    if (!Number.isSafeInteger(bits) || bits < 0 || bits > 32)
      throw new Error(`expected integer 0 <= bits <= 32, got ${bits}`);
    let reversed = 0;
    for (let i = 0; i < bits; i++, n >>>= 1)
      reversed = reversed << 1 | n & 1;
    return reversed >>> 0;
  }
  function log2(n) {
    checkU32(n);
    return 31 - Math.clz32(n);
  }
  function bitReversalInplace(values) {
    const n = values.length;
    if (!isPowerOfTwo(n))
      throw new Error("expected positive power-of-two length, got " + n);
    const bits = log2(n);
    for (let i = 0; i < n; i++) {
      const j = reverseBits(i, bits);
      if (i < j) {
        const tmp = values[i];
        values[i] = values[j];
        values[j] = tmp;
      }
    }
    return values;
  }
  var FFTCore = (F3, coreOpts) => {
    const { N: N3, roots, dit, invertButterflies = false, skipStages = 0, brp = true } = coreOpts;
    const bits = log2(N3);
    if (!isPowerOfTwo(N3))
      throw new Error("FFT: Polynomial size should be power of two");
    if (roots.length !== N3)
      throw new Error(`FFT: wrong roots length: expected ${N3}, got ${roots.length}`);
    const isDit = dit !== invertButterflies;
    isDit;
    return (values) => {
      if (values.length !== N3)
        throw new Error("FFT: wrong Polynomial length");
      if (dit && brp)
        bitReversalInplace(values);
      for (let i = 0, g = 1; i < bits - skipStages; i++) {
        const s = dit ? i + 1 + skipStages : bits - i;
        const m = 1 << s;
        const m2 = m >> 1;
        const stride = N3 >> s;
        for (let k = 0; k < N3; k += m) {
          for (let j = 0, grp = g++; j < m2; j++) {
            const rootPos = invertButterflies ? dit ? N3 - grp : grp : j * stride;
            const i0 = k + j;
            const i1 = k + j + m2;
            const omega = roots[rootPos];
            const b = values[i1];
            const a = values[i0];
            if (isDit) {
              const t = F3.mul(b, omega);
              values[i0] = F3.add(a, t);
              values[i1] = F3.sub(a, t);
            } else if (invertButterflies) {
              values[i0] = F3.add(b, a);
              values[i1] = F3.mul(F3.sub(b, a), omega);
            } else {
              values[i0] = F3.add(a, b);
              values[i1] = F3.mul(F3.sub(a, b), omega);
            }
          }
        }
      }
      if (!dit && brp)
        bitReversalInplace(values);
      return values;
    };
  };

  // node_modules/@noble/curves/abstract/hash-to-curve.js
  function i2osp(value, length) {
    asafenumber(value);
    asafenumber(length);
    if (length < 0 || length > 4)
      throw new Error("invalid I2OSP length: " + length);
    if (value < 0 || value > 2 ** (8 * length) - 1)
      throw new Error("invalid I2OSP input: " + value);
    const res = Array.from({ length }).fill(0);
    for (let i = length - 1; i >= 0; i--) {
      res[i] = value & 255;
      value >>>= 8;
    }
    return new Uint8Array(res);
  }
  function strxor(a, b) {
    const arr = new Uint8Array(a.length);
    for (let i = 0; i < a.length; i++) {
      arr[i] = a[i] ^ b[i];
    }
    return arr;
  }
  function normDST(DST) {
    if (!isBytes4(DST) && typeof DST !== "string")
      throw new Error("DST must be Uint8Array or ascii string");
    const dst = typeof DST === "string" ? asciiToBytes(DST) : DST;
    if (dst.length === 0)
      throw new Error("DST must be non-empty");
    return dst;
  }
  function expand_message_xmd(msg, DST, lenInBytes, H) {
    abytes4(msg);
    asafenumber(lenInBytes);
    DST = normDST(DST);
    if (DST.length > 255)
      DST = H(concatBytes3(asciiToBytes("H2C-OVERSIZE-DST-"), DST));
    const { outputLen: b_in_bytes, blockLen: r_in_bytes } = H;
    const ell = Math.ceil(lenInBytes / b_in_bytes);
    if (lenInBytes > 65535 || ell > 255)
      throw new Error("expand_message_xmd: invalid lenInBytes");
    const DST_prime = concatBytes3(DST, i2osp(DST.length, 1));
    const Z_pad = new Uint8Array(r_in_bytes);
    const l_i_b_str = i2osp(lenInBytes, 2);
    const b = new Array(ell);
    const b_0 = H(concatBytes3(Z_pad, msg, l_i_b_str, i2osp(0, 1), DST_prime));
    b[0] = H(concatBytes3(b_0, i2osp(1, 1), DST_prime));
    for (let i = 1; i < ell; i++) {
      const args = [strxor(b_0, b[i - 1]), i2osp(i + 1, 1), DST_prime];
      b[i] = H(concatBytes3(...args));
    }
    const pseudo_random_bytes = concatBytes3(...b);
    return pseudo_random_bytes.slice(0, lenInBytes);
  }
  var _DST_scalar = "HashToScalar-";

  // node_modules/@noble/curves/ed25519.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var _0n7 = /* @__PURE__ */ BigInt(0);
  var _1n7 = /* @__PURE__ */ BigInt(1);
  var _2n5 = /* @__PURE__ */ BigInt(2);
  var _3n3 = /* @__PURE__ */ BigInt(3);
  var _5n2 = /* @__PURE__ */ BigInt(5);
  var _8n3 = /* @__PURE__ */ BigInt(8);
  var ed25519_CURVE_p = /* @__PURE__ */ BigInt("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
  var ed25519_CURVE = /* @__PURE__ */ (() => ({
    p: ed25519_CURVE_p,
    n: BigInt("0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed"),
    h: _8n3,
    a: BigInt("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"),
    d: BigInt("0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3"),
    Gx: BigInt("0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a"),
    Gy: BigInt("0x6666666666666666666666666666666666666666666666666666666666666658")
  }))();
  function ed25519_pow_2_252_3(x) {
    const _10n = BigInt(10), _20n = BigInt(20), _40n = BigInt(40), _80n = BigInt(80);
    const P2 = ed25519_CURVE_p;
    const x2 = x * x % P2;
    const b2 = x2 * x % P2;
    const b4 = pow2(b2, _2n5, P2) * b2 % P2;
    const b5 = pow2(b4, _1n7, P2) * x % P2;
    const b10 = pow2(b5, _5n2, P2) * b5 % P2;
    const b20 = pow2(b10, _10n, P2) * b10 % P2;
    const b40 = pow2(b20, _20n, P2) * b20 % P2;
    const b80 = pow2(b40, _40n, P2) * b40 % P2;
    const b160 = pow2(b80, _80n, P2) * b80 % P2;
    const b240 = pow2(b160, _80n, P2) * b80 % P2;
    const b250 = pow2(b240, _10n, P2) * b10 % P2;
    const pow_p_5_8 = pow2(b250, _2n5, P2) * x % P2;
    return { pow_p_5_8, b2 };
  }
  function adjustScalarBytes(bytes) {
    bytes[0] &= 248;
    bytes[31] &= 127;
    bytes[31] |= 64;
    return bytes;
  }
  var ED25519_SQRT_M1 = /* @__PURE__ */ BigInt("19681161376707505956807079304988542015446066515923890162744021073123829784752");
  function uvRatio(u, v) {
    const P2 = ed25519_CURVE_p;
    const v3 = mod(v * v * v, P2);
    const v7 = mod(v3 * v3 * v, P2);
    const pow = ed25519_pow_2_252_3(u * v7).pow_p_5_8;
    let x = mod(u * v3 * pow, P2);
    const vx2 = mod(v * x * x, P2);
    const root1 = x;
    const root2 = mod(x * ED25519_SQRT_M1, P2);
    const useRoot1 = vx2 === u;
    const useRoot2 = vx2 === mod(-u, P2);
    const noRoot = vx2 === mod(-u * ED25519_SQRT_M1, P2);
    if (useRoot1)
      x = root1;
    if (useRoot2 || noRoot)
      x = root2;
    if (isNegativeLE(x, P2))
      x = mod(-x, P2);
    return { isValid: useRoot1 || useRoot2, value: x };
  }
  var ed25519_Point = /* @__PURE__ */ edwards(ed25519_CURVE, { uvRatio });
  var Fp = /* @__PURE__ */ (() => ed25519_Point.Fp)();
  var Fn = /* @__PURE__ */ (() => ed25519_Point.Fn)();
  function ed(opts2) {
    return eddsa(ed25519_Point, sha512, Object.assign({ adjustScalarBytes, zip215: true }, opts2));
  }
  var ed25519 = /* @__PURE__ */ ed({});
  var x25519 = /* @__PURE__ */ (() => {
    const P2 = ed25519_CURVE_p;
    return montgomery({
      P: P2,
      type: "x25519",
      powPminus2: (x) => {
        const { pow_p_5_8, b2 } = ed25519_pow_2_252_3(x);
        return mod(pow2(pow_p_5_8, _3n3, P2) * b2, P2);
      },
      adjustScalarBytes
    });
  })();
  var SQRT_M1 = ED25519_SQRT_M1;
  var SQRT_AD_MINUS_ONE = /* @__PURE__ */ BigInt("25063068953384623474111414158702152701244531502492656460079210482610430750235");
  var INVSQRT_A_MINUS_D = /* @__PURE__ */ BigInt("54469307008909316920995813868745141605393597292927456921205312896311721017578");
  var ONE_MINUS_D_SQ = /* @__PURE__ */ BigInt("1159843021668779879193775521855586647937357759715417654439879720876111806838");
  var D_MINUS_ONE_SQ = /* @__PURE__ */ BigInt("40440834346308536858101042469323190826248399146238708352240133220865137265952");
  var invertSqrt = (number) => uvRatio(_1n7, number);
  var MAX_255B = /* @__PURE__ */ BigInt("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
  var bytes255ToNumberLE = (bytes) => Fp.create(bytesToNumberLE(bytes) & MAX_255B);
  function calcElligatorRistrettoMap(r0) {
    const { d } = ed25519_CURVE;
    const P2 = ed25519_CURVE_p;
    const mod2 = (n) => Fp.create(n);
    const r = mod2(SQRT_M1 * r0 * r0);
    const Ns = mod2((r + _1n7) * ONE_MINUS_D_SQ);
    let c = BigInt(-1);
    const D4 = mod2((c - d * r) * mod2(r + d));
    let { isValid: Ns_D_is_sq, value: s } = uvRatio(Ns, D4);
    let s_ = mod2(s * r0);
    if (!isNegativeLE(s_, P2))
      s_ = mod2(-s_);
    if (!Ns_D_is_sq)
      s = s_;
    if (!Ns_D_is_sq)
      c = r;
    const Nt = mod2(c * (r - _1n7) * D_MINUS_ONE_SQ - D4);
    const s2 = s * s;
    const W0 = mod2((s + s) * D4);
    const W1 = mod2(Nt * SQRT_AD_MINUS_ONE);
    const W2 = mod2(_1n7 - s2);
    const W3 = mod2(_1n7 + s2);
    return new ed25519_Point(mod2(W0 * W3), mod2(W2 * W1), mod2(W1 * W3), mod2(W0 * W2));
  }
  var _RistrettoPoint = class __RistrettoPoint extends PrimeEdwardsPoint {
    // Do NOT change syntax: the following gymnastics is done,
    // because typescript strips comments, which makes bundlers disable tree-shaking.
    // prettier-ignore
    static BASE = /* @__PURE__ */ (() => new __RistrettoPoint(ed25519_Point.BASE))();
    // prettier-ignore
    static ZERO = /* @__PURE__ */ (() => new __RistrettoPoint(ed25519_Point.ZERO))();
    // prettier-ignore
    static Fp = /* @__PURE__ */ (() => Fp)();
    // prettier-ignore
    static Fn = /* @__PURE__ */ (() => Fn)();
    constructor(ep) {
      super(ep);
    }
    /**
     * Create one Ristretto255 point from affine Edwards coordinates.
     * This wraps the internal Edwards representative directly and is not a
     * canonical ristretto255 decoding path.
     * Use `toBytes()` / `fromBytes()` if canonical ristretto255 bytes matter.
     */
    static fromAffine(ap) {
      return new __RistrettoPoint(ed25519_Point.fromAffine(ap));
    }
    assertSame(other) {
      if (!(other instanceof __RistrettoPoint))
        throw new Error("RistrettoPoint expected");
    }
    init(ep) {
      return new __RistrettoPoint(ep);
    }
    static fromBytes(bytes) {
      abytes(bytes, 32);
      const { a, d } = ed25519_CURVE;
      const P2 = ed25519_CURVE_p;
      const mod2 = (n) => Fp.create(n);
      const s = bytes255ToNumberLE(bytes);
      if (!equalBytes2(Fp.toBytes(s), bytes) || isNegativeLE(s, P2))
        throw new Error("invalid ristretto255 encoding 1");
      const s2 = mod2(s * s);
      const u1 = mod2(_1n7 + a * s2);
      const u2 = mod2(_1n7 - a * s2);
      const u1_2 = mod2(u1 * u1);
      const u2_2 = mod2(u2 * u2);
      const v = mod2(a * d * u1_2 - u2_2);
      const { isValid, value: I } = invertSqrt(mod2(v * u2_2));
      const Dx = mod2(I * u2);
      const Dy = mod2(I * Dx * v);
      let x = mod2((s + s) * Dx);
      if (isNegativeLE(x, P2))
        x = mod2(-x);
      const y = mod2(u1 * Dy);
      const t = mod2(x * y);
      if (!isValid || isNegativeLE(t, P2) || y === _0n7)
        throw new Error("invalid ristretto255 encoding 2");
      return new __RistrettoPoint(new ed25519_Point(x, y, _1n7, t));
    }
    /**
     * Converts ristretto-encoded string to ristretto point.
     * Described in [RFC9496](https://www.rfc-editor.org/rfc/rfc9496#name-decode).
     * @param hex - Ristretto-encoded 32 bytes. Not every 32-byte string is valid ristretto encoding
     */
    static fromHex(hex2) {
      return __RistrettoPoint.fromBytes(hexToBytes(hex2));
    }
    /**
     * Encodes ristretto point to Uint8Array.
     * Described in [RFC9496](https://www.rfc-editor.org/rfc/rfc9496#name-encode).
     */
    toBytes() {
      let { X, Y, Z, T } = this.ep;
      const P2 = ed25519_CURVE_p;
      const mod2 = (n) => Fp.create(n);
      const u1 = mod2(mod2(Z + Y) * mod2(Z - Y));
      const u2 = mod2(X * Y);
      const u2sq = mod2(u2 * u2);
      const { value: invsqrt } = invertSqrt(mod2(u1 * u2sq));
      const D1 = mod2(invsqrt * u1);
      const D22 = mod2(invsqrt * u2);
      const zInv = mod2(D1 * D22 * T);
      let D4;
      if (isNegativeLE(T * zInv, P2)) {
        let _x = mod2(Y * SQRT_M1);
        let _y = mod2(X * SQRT_M1);
        X = _x;
        Y = _y;
        D4 = mod2(D1 * INVSQRT_A_MINUS_D);
      } else {
        D4 = D22;
      }
      if (isNegativeLE(X * zInv, P2))
        Y = mod2(-Y);
      let s = mod2((Z - Y) * D4);
      if (isNegativeLE(s, P2))
        s = mod2(-s);
      return Fp.toBytes(s);
    }
    /**
     * Compares two Ristretto points.
     * Described in [RFC9496](https://www.rfc-editor.org/rfc/rfc9496#name-equals).
     */
    equals(other) {
      this.assertSame(other);
      const { X: X1, Y: Y1 } = this.ep;
      const { X: X2, Y: Y2 } = other.ep;
      const mod2 = (n) => Fp.create(n);
      const one = mod2(X1 * Y2) === mod2(Y1 * X2);
      const two = mod2(Y1 * Y2) === mod2(X1 * X2);
      return one || two;
    }
    is0() {
      return this.equals(__RistrettoPoint.ZERO);
    }
  };
  Object.freeze(_RistrettoPoint.BASE);
  Object.freeze(_RistrettoPoint.ZERO);
  Object.freeze(_RistrettoPoint.prototype);
  Object.freeze(_RistrettoPoint);
  var ristretto255_hasher = Object.freeze({
    Point: _RistrettoPoint,
    /**
    * Spec: https://www.rfc-editor.org/rfc/rfc9380.html#name-hashing-to-ristretto255. Caveats:
    * * There are no test vectors
    * * encodeToCurve / mapToCurve is undefined
    * * mapToCurve would be `calcElligatorRistrettoMap(scalars[0])`, not ristretto255_map!
    * * hashToScalar is undefined too, so we just use OPRF implementation
    * * We cannot re-use 'createHasher', because ristretto255_map is different algorithm/RFC
      (os2ip -> bytes255ToNumberLE)
    * * mapToCurve == calcElligatorRistrettoMap, hashToCurve == ristretto255_map
    * * hashToScalar is undefined in RFC9380 for ristretto, so we use the OPRF
      version here. Using `bytes255ToNumblerLE` will create a different result
      if we use `bytes255ToNumberLE` as os2ip
    * * current version is closest to spec.
    */
    hashToCurve(msg, options) {
      const DST = options?.DST === void 0 ? "ristretto255_XMD:SHA-512_R255MAP_RO_" : options.DST;
      const xmd = expand_message_xmd(msg, DST, 64, sha512);
      return ristretto255_hasher.deriveToCurve(xmd);
    },
    hashToScalar(msg, options = { DST: _DST_scalar }) {
      const xmd = expand_message_xmd(msg, options.DST, 64, sha512);
      return Fn.create(bytesToNumberLE(xmd));
    },
    /**
     * HashToCurve-like construction based on RFC 9496 (Element Derivation).
     * Converts 64 uniform random bytes into a curve point.
     *
     * WARNING: This represents an older hash-to-curve construction from before
     * RFC 9380 was finalized.
     * It was later reused as a component in the newer
     * `hash_to_ristretto255` function defined in RFC 9380.
     */
    deriveToCurve(bytes) {
      abytes(bytes, 64);
      const r1 = bytes255ToNumberLE(bytes.subarray(0, 32));
      const R1 = calcElligatorRistrettoMap(r1);
      const r2 = bytes255ToNumberLE(bytes.subarray(32, 64));
      const R2 = calcElligatorRistrettoMap(r2);
      return new _RistrettoPoint(R1.add(R2));
    }
  });

  // node_modules/@noble/curves/nist.js
  /*! noble-curves - MIT License (c) 2022 Paul Miller (paulmillr.com) */
  var p256_CURVE = /* @__PURE__ */ (() => ({
    p: BigInt("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
    n: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    h: BigInt(1),
    a: BigInt("0xffffffff00000001000000000000000000000000fffffffffffffffffffffffc"),
    b: BigInt("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
    Gx: BigInt("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
    Gy: BigInt("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
  }))();
  var p256_Point = /* @__PURE__ */ weierstrass(p256_CURVE);
  var p256 = /* @__PURE__ */ ecdsa(p256_Point, sha256);

  // node_modules/@noble/hashes/sha3.js
  var _0n8 = BigInt(0);
  var _1n8 = BigInt(1);
  var _2n6 = BigInt(2);
  var _7n2 = BigInt(7);
  var _256n = BigInt(256);
  var _0x71n = BigInt(113);
  var SHA3_PI = [];
  var SHA3_ROTL = [];
  var _SHA3_IOTA = [];
  for (let round = 0, R = _1n8, x = 1, y = 0; round < 24; round++) {
    [x, y] = [y, (2 * x + 3 * y) % 5];
    SHA3_PI.push(2 * (5 * y + x));
    SHA3_ROTL.push((round + 1) * (round + 2) / 2 % 64);
    let t = _0n8;
    for (let j = 0; j < 7; j++) {
      R = (R << _1n8 ^ (R >> _7n2) * _0x71n) % _256n;
      if (R & _2n6)
        t ^= _1n8 << (_1n8 << BigInt(j)) - _1n8;
    }
    _SHA3_IOTA.push(t);
  }
  var IOTAS = split(_SHA3_IOTA, true);
  var SHA3_IOTA_H = IOTAS[0];
  var SHA3_IOTA_L = IOTAS[1];
  var rotlH = (h, l, s) => s > 32 ? rotlBH(h, l, s) : rotlSH(h, l, s);
  var rotlL = (h, l, s) => s > 32 ? rotlBL(h, l, s) : rotlSL(h, l, s);
  function keccakP(s, rounds = 24) {
    anumber(rounds, "rounds");
    if (rounds < 1 || rounds > 24)
      throw new Error('"rounds" expected integer 1..24');
    const B = new Uint32Array(5 * 2);
    for (let round = 24 - rounds; round < 24; round++) {
      for (let x = 0; x < 10; x++)
        B[x] = s[x] ^ s[x + 10] ^ s[x + 20] ^ s[x + 30] ^ s[x + 40];
      for (let x = 0; x < 10; x += 2) {
        const idx1 = (x + 8) % 10;
        const idx0 = (x + 2) % 10;
        const B0 = B[idx0];
        const B1 = B[idx0 + 1];
        const Th = rotlH(B0, B1, 1) ^ B[idx1];
        const Tl = rotlL(B0, B1, 1) ^ B[idx1 + 1];
        for (let y = 0; y < 50; y += 10) {
          s[x + y] ^= Th;
          s[x + y + 1] ^= Tl;
        }
      }
      let curH = s[2];
      let curL = s[3];
      for (let t = 0; t < 24; t++) {
        const shift = SHA3_ROTL[t];
        const Th = rotlH(curH, curL, shift);
        const Tl = rotlL(curH, curL, shift);
        const PI = SHA3_PI[t];
        curH = s[PI];
        curL = s[PI + 1];
        s[PI] = Th;
        s[PI + 1] = Tl;
      }
      for (let y = 0; y < 50; y += 10) {
        const b0 = s[y], b1 = s[y + 1], b2 = s[y + 2], b3 = s[y + 3];
        s[y] ^= ~s[y + 2] & s[y + 4];
        s[y + 1] ^= ~s[y + 3] & s[y + 5];
        s[y + 2] ^= ~s[y + 4] & s[y + 6];
        s[y + 3] ^= ~s[y + 5] & s[y + 7];
        s[y + 4] ^= ~s[y + 6] & s[y + 8];
        s[y + 5] ^= ~s[y + 7] & s[y + 9];
        s[y + 6] ^= ~s[y + 8] & b0;
        s[y + 7] ^= ~s[y + 9] & b1;
        s[y + 8] ^= ~b0 & b2;
        s[y + 9] ^= ~b1 & b3;
      }
      s[0] ^= SHA3_IOTA_H[round];
      s[1] ^= SHA3_IOTA_L[round];
    }
    clean(B);
  }
  var Keccak = class _Keccak {
    state;
    pos = 0;
    posOut = 0;
    finished = false;
    state32;
    destroyed = false;
    blockLen;
    suffix;
    outputLen;
    canXOF;
    enableXOF = false;
    rounds;
    // NOTE: we accept arguments in bytes instead of bits here.
    constructor(blockLen, suffix, outputLen, enableXOF = false, rounds = 24) {
      this.blockLen = blockLen;
      this.suffix = suffix;
      this.outputLen = outputLen;
      this.enableXOF = enableXOF;
      this.canXOF = enableXOF;
      this.rounds = rounds;
      anumber(outputLen, "outputLen");
      if (!(0 < blockLen && blockLen < 200))
        throw new Error("only keccak-f1600 function is supported");
      this.state = new Uint8Array(200);
      this.state32 = u32(this.state);
    }
    clone() {
      return this._cloneInto();
    }
    keccak() {
      swap32IfBE(this.state32);
      keccakP(this.state32, this.rounds);
      swap32IfBE(this.state32);
      this.posOut = 0;
      this.pos = 0;
    }
    update(data) {
      aexists(this);
      abytes(data);
      const { blockLen, state } = this;
      const len = data.length;
      for (let pos = 0; pos < len; ) {
        const take = Math.min(blockLen - this.pos, len - pos);
        for (let i = 0; i < take; i++)
          state[this.pos++] ^= data[pos++];
        if (this.pos === blockLen)
          this.keccak();
      }
      return this;
    }
    finish() {
      if (this.finished)
        return;
      this.finished = true;
      const { state, suffix, pos, blockLen } = this;
      state[pos] ^= suffix;
      if ((suffix & 128) !== 0 && pos === blockLen - 1)
        this.keccak();
      state[blockLen - 1] ^= 128;
      this.keccak();
    }
    writeInto(out) {
      aexists(this, false);
      abytes(out);
      this.finish();
      const bufferOut = this.state;
      const { blockLen } = this;
      for (let pos = 0, len = out.length; pos < len; ) {
        if (this.posOut >= blockLen)
          this.keccak();
        const take = Math.min(blockLen - this.posOut, len - pos);
        out.set(bufferOut.subarray(this.posOut, this.posOut + take), pos);
        this.posOut += take;
        pos += take;
      }
      return out;
    }
    xofInto(out) {
      if (!this.enableXOF)
        throw new Error("XOF is not possible for this instance");
      return this.writeInto(out);
    }
    xof(bytes) {
      anumber(bytes);
      return this.xofInto(new Uint8Array(bytes));
    }
    digestInto(out) {
      aoutput(out, this);
      if (this.finished)
        throw new Error("digest() was already called");
      this.writeInto(out.subarray(0, this.outputLen));
      this.destroy();
    }
    digest() {
      const out = new Uint8Array(this.outputLen);
      this.digestInto(out);
      return out;
    }
    destroy() {
      this.destroyed = true;
      clean(this.state);
    }
    _cloneInto(to) {
      const { blockLen, suffix, outputLen, rounds, enableXOF } = this;
      to ||= new _Keccak(blockLen, suffix, outputLen, enableXOF, rounds);
      to.blockLen = blockLen;
      to.state32.set(this.state32);
      to.pos = this.pos;
      to.posOut = this.posOut;
      to.finished = this.finished;
      to.rounds = rounds;
      to.suffix = suffix;
      to.outputLen = outputLen;
      to.enableXOF = enableXOF;
      to.canXOF = this.canXOF;
      to.destroyed = this.destroyed;
      return to;
    }
  };
  var genKeccak = (suffix, blockLen, outputLen, info = {}) => createHasher(() => new Keccak(blockLen, suffix, outputLen), info);
  var sha3_256 = /* @__PURE__ */ genKeccak(
    6,
    136,
    32,
    /* @__PURE__ */ oidNist(8)
  );
  var sha3_512 = /* @__PURE__ */ genKeccak(
    6,
    72,
    64,
    /* @__PURE__ */ oidNist(10)
  );
  var genShake = (suffix, blockLen, outputLen, info = {}) => createHasher((opts2 = {}) => new Keccak(blockLen, suffix, opts2.dkLen === void 0 ? outputLen : opts2.dkLen, true), info);
  var shake128 = /* @__PURE__ */ genShake(31, 168, 16, /* @__PURE__ */ oidNist(11));
  var shake256 = /* @__PURE__ */ genShake(31, 136, 32, /* @__PURE__ */ oidNist(12));

  // node_modules/@noble/post-quantum/utils.js
  /*! noble-post-quantum - MIT License (c) 2024 Paul Miller (paulmillr.com) */
  var abytesDoc = abytes;
  var randomBytes4 = randomBytes;
  function equalBytes3(a, b) {
    if (a.length !== b.length)
      return false;
    let diff = 0;
    for (let i = 0; i < a.length; i++)
      diff |= a[i] ^ b[i];
    return diff === 0;
  }
  function copyBytes3(bytes) {
    return Uint8Array.from(abytes(bytes));
  }
  function validateOpts2(opts2) {
    if (Object.prototype.toString.call(opts2) !== "[object Object]")
      throw new TypeError("expected valid options object");
  }
  function validateVerOpts(opts2) {
    validateOpts2(opts2);
    if (opts2.context !== void 0)
      abytes(opts2.context, void 0, "opts.context");
  }
  function validateSigOpts2(opts2) {
    validateVerOpts(opts2);
    if (opts2.extraEntropy !== false && opts2.extraEntropy !== void 0)
      abytes(opts2.extraEntropy, void 0, "opts.extraEntropy");
  }
  function splitCoder(label, ...lengths) {
    const getLength = (c) => typeof c === "number" ? c : c.bytesLen;
    const bytesLen = lengths.reduce((sum, a) => sum + getLength(a), 0);
    return {
      bytesLen,
      encode: (bufs) => {
        const res = new Uint8Array(bytesLen);
        for (let i = 0, pos = 0; i < lengths.length; i++) {
          const c = lengths[i];
          const l = getLength(c);
          const b = typeof c === "number" ? bufs[i] : c.encode(bufs[i]);
          abytes(b, l, label);
          res.set(b, pos);
          if (typeof c !== "number")
            b.fill(0);
          pos += l;
        }
        return res;
      },
      decode: (buf) => {
        abytes(buf, bytesLen, label);
        const res = [];
        for (const c of lengths) {
          const l = getLength(c);
          const b = buf.subarray(0, l);
          res.push(typeof c === "number" ? b : c.decode(b));
          buf = buf.subarray(l);
        }
        return res;
      }
    };
  }
  function vecCoder(c, vecLen) {
    const coder = c;
    const bytesLen = vecLen * coder.bytesLen;
    return {
      bytesLen,
      encode: (u) => {
        if (u.length !== vecLen)
          throw new RangeError(`vecCoder.encode: wrong length=${u.length}. Expected: ${vecLen}`);
        const res = new Uint8Array(bytesLen);
        for (let i = 0, pos = 0; i < u.length; i++) {
          const b = coder.encode(u[i]);
          res.set(b, pos);
          b.fill(0);
          pos += b.length;
        }
        return res;
      },
      decode: (a) => {
        abytes(a, bytesLen);
        const r = [];
        for (let i = 0; i < a.length; i += coder.bytesLen)
          r.push(coder.decode(a.subarray(i, i + coder.bytesLen)));
        return r;
      }
    };
  }
  function cleanBytes(...list2) {
    for (const t of list2) {
      if (Array.isArray(t))
        for (const b of t)
          b.fill(0);
      else
        t.fill(0);
    }
  }
  function getMask(bits) {
    if (!Number.isSafeInteger(bits) || bits < 0 || bits > 32)
      throw new RangeError(`expected bits in [0..32], got ${bits}`);
    return bits === 32 ? 4294967295 : ~(-1 << bits) >>> 0;
  }
  var EMPTY = /* @__PURE__ */ Uint8Array.of();
  function getMessage(msg, ctx = EMPTY) {
    abytes(msg);
    abytes(ctx);
    if (ctx.length > 255)
      throw new RangeError("context should be 255 bytes or less");
    return concatBytes(new Uint8Array([0, ctx.length]), ctx, msg);
  }
  var oidNistP = /* @__PURE__ */ Uint8Array.from([6, 9, 96, 134, 72, 1, 101, 3, 4, 2]);
  function checkHash(hash2, requiredStrength = 0) {
    if (!hash2.oid || !equalBytes3(hash2.oid.subarray(0, 10), oidNistP))
      throw new Error("hash.oid is invalid: expected NIST hash");
    const collisionResistance = hash2.outputLen * 8 / 2;
    if (requiredStrength > collisionResistance) {
      throw new Error("Pre-hash security strength too low: " + collisionResistance + ", required: " + requiredStrength);
    }
  }
  function getMessagePrehash(hash2, msg, ctx = EMPTY) {
    abytes(msg);
    abytes(ctx);
    if (ctx.length > 255)
      throw new RangeError("context should be 255 bytes or less");
    const hashed = hash2(msg);
    return concatBytes(new Uint8Array([1, ctx.length]), ctx, hash2.oid, hashed);
  }

  // node_modules/@noble/post-quantum/_crystals.js
  /*! noble-post-quantum - MIT License (c) 2024 Paul Miller (paulmillr.com) */
  var genCrystals = (opts2) => {
    const { newPoly: newPoly2, N: N3, Q: Q3, F: F3, ROOT_OF_UNITY: ROOT_OF_UNITY3, brvBits, isKyber } = opts2;
    const mod2 = (a, modulo = Q3) => {
      const result = a % modulo | 0;
      return (result >= 0 ? result | 0 : modulo + result | 0) | 0;
    };
    const smod = (a, modulo = Q3) => {
      const r = mod2(a, modulo) | 0;
      return (r > modulo >> 1 ? r - modulo | 0 : r) | 0;
    };
    function getZettas() {
      const out = newPoly2(N3);
      for (let i = 0; i < N3; i++) {
        const b = reverseBits(i, brvBits);
        const p = BigInt(ROOT_OF_UNITY3) ** BigInt(b) % BigInt(Q3);
        out[i] = Number(p) | 0;
      }
      return out;
    }
    const nttZetas = getZettas();
    const field = {
      add: (a, b) => mod2((a | 0) + (b | 0)) | 0,
      sub: (a, b) => mod2((a | 0) - (b | 0)) | 0,
      mul: (a, b) => mod2((a | 0) * (b | 0)) | 0,
      inv: (_a) => {
        throw new Error("not implemented");
      }
    };
    const nttOpts = {
      N: N3,
      roots: nttZetas,
      invertButterflies: true,
      skipStages: isKyber ? 1 : 0,
      brp: false
    };
    const dif = FFTCore(field, { dit: false, ...nttOpts });
    const dit = FFTCore(field, { dit: true, ...nttOpts });
    const NTT = {
      encode: (r) => {
        return dif(r);
      },
      decode: (r) => {
        dit(r);
        for (let i = 0; i < r.length; i++)
          r[i] = mod2(F3 * r[i]);
        return r;
      }
    };
    const bitsCoder = (d, c) => {
      const mask = getMask(d);
      const bytesLen = d * (N3 / 8);
      return {
        bytesLen,
        encode: (poly_) => {
          const poly = poly_;
          const r = new Uint8Array(bytesLen);
          for (let i = 0, buf = 0, bufLen = 0, pos = 0; i < poly.length; i++) {
            buf |= (c.encode(poly[i]) & mask) << bufLen;
            bufLen += d;
            for (; bufLen >= 8; bufLen -= 8, buf >>= 8)
              r[pos++] = buf & getMask(bufLen);
          }
          return r;
        },
        decode: (bytes) => {
          const r = newPoly2(N3);
          for (let i = 0, buf = 0, bufLen = 0, pos = 0; i < bytes.length; i++) {
            buf |= bytes[i] << bufLen;
            bufLen += 8;
            for (; bufLen >= d; bufLen -= d, buf >>= d)
              r[pos++] = c.decode(buf & mask);
          }
          return r;
        }
      };
    };
    return {
      mod: mod2,
      smod,
      nttZetas,
      NTT: {
        encode: (r) => NTT.encode(r),
        decode: (r) => NTT.decode(r)
      },
      bitsCoder
    };
  };
  var createXofShake = (shake) => (seed, blockLen) => {
    if (!blockLen)
      blockLen = shake.blockLen;
    const _seed = new Uint8Array(seed.length + 2);
    _seed.set(seed);
    const seedLen = seed.length;
    const buf = new Uint8Array(blockLen);
    let h = shake.create({});
    let calls = 0;
    let xofs = 0;
    return {
      stats: () => ({ calls, xofs }),
      get: (x, y) => {
        _seed[seedLen + 0] = x;
        _seed[seedLen + 1] = y;
        h.destroy();
        h = shake.create({}).update(_seed);
        calls++;
        return () => {
          xofs++;
          return h.xofInto(buf);
        };
      },
      clean: () => {
        h.destroy();
        cleanBytes(buf, _seed);
      }
    };
  };
  var XOF128 = /* @__PURE__ */ createXofShake(shake128);
  var XOF256 = /* @__PURE__ */ createXofShake(shake256);

  // node_modules/@noble/post-quantum/ml-kem.js
  /*! noble-post-quantum - MIT License (c) 2024 Paul Miller (paulmillr.com) */
  var N = 256;
  var Q = 3329;
  var F = 3303;
  var ROOT_OF_UNITY = 17;
  var crystals = /* @__PURE__ */ genCrystals({
    N,
    Q,
    F,
    ROOT_OF_UNITY,
    newPoly: (n) => new Uint16Array(n),
    brvBits: 7,
    isKyber: true
  });
  var PARAMS = /* @__PURE__ */ (() => Object.freeze({
    512: Object.freeze({ N, Q, K: 2, ETA1: 3, ETA2: 2, du: 10, dv: 4, RBGstrength: 128 }),
    768: Object.freeze({ N, Q, K: 3, ETA1: 2, ETA2: 2, du: 10, dv: 4, RBGstrength: 192 }),
    1024: Object.freeze({ N, Q, K: 4, ETA1: 2, ETA2: 2, du: 11, dv: 5, RBGstrength: 256 })
  }))();
  var compress = (d) => {
    if (d >= 12)
      return { encode: (i) => i, decode: (i) => i >= Q ? i - Q : i };
    const a = 2 ** (d - 1);
    return {
      // This only matches standalone Compress_d after bitsCoder masks the result into Z_(2^d).
      encode: (i) => ((i << d) + Q / 2) / Q,
      // const decompress = (i: number) => round((Q / 2 ** d) * i);
      decode: (i) => i * Q + a >>> d
    };
  };
  var byteCoder = (d) => crystals.bitsCoder(d, d === 12 ? { encode: (i) => i, decode: (i) => i >= Q ? i - Q : i } : { encode: (i) => i, decode: (i) => i });
  var polyCoder = (d) => d === 12 ? byteCoder(12) : crystals.bitsCoder(d, compress(d));
  function polyAdd(a_, b_) {
    const a = a_;
    const b = b_;
    for (let i = 0; i < N; i++)
      a[i] = crystals.mod(a[i] + b[i]);
  }
  function polySub(a_, b_) {
    const a = a_;
    const b = b_;
    for (let i = 0; i < N; i++)
      a[i] = crystals.mod(a[i] - b[i]);
  }
  function BaseCaseMultiply(a0, a1, b0, b1, zeta) {
    const c0 = crystals.mod(a1 * b1 * zeta + a0 * b0);
    const c1 = crystals.mod(a0 * b1 + a1 * b0);
    return { c0, c1 };
  }
  function MultiplyNTTs(f_, g_) {
    const f = f_;
    const g = g_;
    for (let i = 0; i < N / 2; i++) {
      let z = crystals.nttZetas[64 + (i >> 1)];
      if (i & 1)
        z = -z;
      const { c0, c1 } = BaseCaseMultiply(f[2 * i + 0], f[2 * i + 1], g[2 * i + 0], g[2 * i + 1], z);
      f[2 * i + 0] = c0;
      f[2 * i + 1] = c1;
    }
    return f;
  }
  function SampleNTT(xof_) {
    const xof = xof_;
    const r = new Uint16Array(N);
    for (let j = 0; j < N; ) {
      const b = xof();
      if (b.length % 3)
        throw new Error("SampleNTT: unaligned block");
      for (let i = 0; j < N && i + 3 <= b.length; i += 3) {
        const d1 = (b[i + 0] >> 0 | b[i + 1] << 8) & 4095;
        const d2 = (b[i + 1] >> 4 | b[i + 2] << 4) & 4095;
        if (d1 < Q)
          r[j++] = d1;
        if (j < N && d2 < Q)
          r[j++] = d2;
      }
    }
    return r;
  }
  var sampleCBDBytes = (buf, eta) => {
    const r = new Uint16Array(N);
    const b32 = u32(buf);
    swap32IfBE(b32);
    let len = 0;
    for (let i = 0, p = 0, bb = 0, t0 = 0; i < b32.length; i++) {
      let b = b32[i];
      for (let j = 0; j < 32; j++) {
        bb += b & 1;
        b >>= 1;
        len += 1;
        if (len === eta) {
          t0 = bb;
          bb = 0;
        } else if (len === 2 * eta) {
          r[p++] = crystals.mod(t0 - bb);
          bb = 0;
          len = 0;
        }
      }
    }
    swap32IfBE(b32);
    if (len)
      throw new Error(`sampleCBD: leftover bits: ${len}`);
    return r;
  };
  function sampleCBD(PRF_, seed, nonce, eta) {
    const PRF = PRF_;
    return sampleCBDBytes(PRF(eta * N / 4, seed, nonce), eta);
  }
  var genKPKE = (opts_) => {
    const opts2 = opts_;
    const { K, PRF, XOF, HASH512, ETA1, ETA2, du, dv } = opts2;
    const poly1 = polyCoder(1);
    const polyV = polyCoder(dv);
    const polyU = polyCoder(du);
    const publicCoder = splitCoder("publicKey", vecCoder(polyCoder(12), K), 32);
    const secretCoder = vecCoder(polyCoder(12), K);
    const cipherCoder = splitCoder("ciphertext", vecCoder(polyU, K), polyV);
    const seedCoder = splitCoder("seed", 32, 32);
    return {
      secretCoder,
      lengths: {
        secretKey: secretCoder.bytesLen,
        publicKey: publicCoder.bytesLen,
        cipherText: cipherCoder.bytesLen
      },
      keygen: (seed) => {
        abytesDoc(seed, 32, "seed");
        const seedDst = new Uint8Array(33);
        seedDst.set(seed);
        seedDst[32] = K;
        const seedHash = HASH512(seedDst);
        const [rho, sigma] = seedCoder.decode(seedHash);
        const sHat = [];
        const tHat = [];
        for (let i = 0; i < K; i++)
          sHat.push(crystals.NTT.encode(sampleCBD(PRF, sigma, i, ETA1)));
        const x = XOF(rho);
        for (let i = 0; i < K; i++) {
          const e = crystals.NTT.encode(sampleCBD(PRF, sigma, K + i, ETA1));
          for (let j = 0; j < K; j++) {
            const aji = SampleNTT(x.get(j, i));
            polyAdd(e, MultiplyNTTs(aji, sHat[j]));
          }
          tHat.push(e);
        }
        x.clean();
        const res = {
          publicKey: publicCoder.encode([tHat, rho]),
          secretKey: secretCoder.encode(sHat)
        };
        cleanBytes(rho, sigma, sHat, tHat, seedDst, seedHash);
        return res;
      },
      encrypt: (publicKey, msg, seed) => {
        const [tHat, rho] = publicCoder.decode(publicKey);
        const rHat = [];
        for (let i = 0; i < K; i++)
          rHat.push(crystals.NTT.encode(sampleCBD(PRF, seed, i, ETA1)));
        const x = XOF(rho);
        const tmp2 = new Uint16Array(N);
        const u = [];
        for (let i = 0; i < K; i++) {
          const e1 = sampleCBD(PRF, seed, K + i, ETA2);
          const tmp = new Uint16Array(N);
          for (let j = 0; j < K; j++) {
            const aij = SampleNTT(x.get(i, j));
            polyAdd(tmp, MultiplyNTTs(aij, rHat[j]));
          }
          polyAdd(e1, crystals.NTT.decode(tmp));
          u.push(e1);
          polyAdd(tmp2, MultiplyNTTs(tHat[i], rHat[i]));
          cleanBytes(tmp);
        }
        x.clean();
        const e2 = sampleCBD(PRF, seed, 2 * K, ETA2);
        polyAdd(e2, crystals.NTT.decode(tmp2));
        const v = poly1.decode(msg);
        polyAdd(v, e2);
        cleanBytes(tHat, rHat, tmp2, e2);
        return cipherCoder.encode([u, v]);
      },
      decrypt: (cipherText, privateKey) => {
        const [u, v] = cipherCoder.decode(cipherText);
        const sk = secretCoder.decode(privateKey);
        const tmp = new Uint16Array(N);
        for (let i = 0; i < K; i++)
          polyAdd(tmp, MultiplyNTTs(sk[i], crystals.NTT.encode(u[i])));
        polySub(v, crystals.NTT.decode(tmp));
        cleanBytes(tmp, sk, u);
        return poly1.encode(v);
      }
    };
  };
  function createKyber(opts2) {
    const rawOpts = opts2;
    const KPKE = genKPKE(rawOpts);
    const { HASH256, HASH512, KDF } = rawOpts;
    const { secretCoder: KPKESecretCoder, lengths } = KPKE;
    const secretCoder = splitCoder("secretKey", lengths.secretKey, lengths.publicKey, 32, 32);
    const msgLen = 32;
    const seedLen = 64;
    const kemLengths = Object.freeze({
      ...lengths,
      seed: 64,
      msg: msgLen,
      msgRand: msgLen,
      secretKey: secretCoder.bytesLen
    });
    return Object.freeze({
      info: Object.freeze({ type: "ml-kem" }),
      lengths: kemLengths,
      keygen: (seed = randomBytes4(seedLen)) => {
        abytesDoc(seed, seedLen, "seed");
        const { publicKey, secretKey: sk } = KPKE.keygen(seed.subarray(0, 32));
        const publicKeyHash = HASH256(publicKey);
        const secretKey = secretCoder.encode([sk, publicKey, publicKeyHash, seed.subarray(32)]);
        cleanBytes(sk, publicKeyHash);
        return {
          publicKey,
          secretKey
        };
      },
      getPublicKey: (secretKey) => {
        const [_sk, publicKey, _publicKeyHash, _z] = secretCoder.decode(secretKey);
        return Uint8Array.from(publicKey);
      },
      encapsulate: (publicKey, msg = randomBytes4(msgLen)) => {
        abytesDoc(publicKey, lengths.publicKey, "publicKey");
        abytesDoc(msg, msgLen, "message");
        const eke = publicKey.subarray(0, 384 * opts2.K);
        const ek = KPKESecretCoder.encode(KPKESecretCoder.decode(copyBytes3(eke)));
        if (!equalBytes3(ek, eke)) {
          cleanBytes(ek);
          throw new Error("ML-KEM.encapsulate: wrong publicKey modulus");
        }
        cleanBytes(ek);
        const kr = HASH512.create().update(msg).update(HASH256(publicKey)).digest();
        const cipherText = KPKE.encrypt(publicKey, msg, kr.subarray(32, 64));
        cleanBytes(kr.subarray(32));
        return {
          cipherText,
          sharedSecret: kr.subarray(0, 32)
        };
      },
      decapsulate: (cipherText, secretKey) => {
        abytesDoc(secretKey, secretCoder.bytesLen, "secretKey");
        abytesDoc(cipherText, lengths.cipherText, "cipherText");
        const k768 = secretCoder.bytesLen - 96;
        const start = k768 + 32;
        const test = HASH256(secretKey.subarray(k768 / 2, start));
        if (!equalBytes3(test, secretKey.subarray(start, start + 32)))
          throw new Error("invalid secretKey: hash check failed");
        const [sk, publicKey, publicKeyHash, z] = secretCoder.decode(secretKey);
        const msg = KPKE.decrypt(cipherText, sk);
        const kr = HASH512.create().update(msg).update(publicKeyHash).digest();
        const Khat = kr.subarray(0, 32);
        const cipherText2 = KPKE.encrypt(publicKey, msg, kr.subarray(32, 64));
        const isValid = equalBytes3(cipherText, cipherText2);
        const Kbar = KDF.create({ dkLen: 32 }).update(z).update(cipherText).digest();
        cleanBytes(msg, cipherText2, !isValid ? Khat : Kbar);
        return isValid ? Khat : Kbar;
      }
    });
  }
  function shakePRF(dkLen, key, nonce) {
    return shake256.create({ dkLen }).update(key).update(new Uint8Array([nonce])).digest();
  }
  var opts = /* @__PURE__ */ (() => ({
    HASH256: sha3_256,
    HASH512: sha3_512,
    KDF: shake256,
    XOF: XOF128,
    PRF: shakePRF
  }))();
  var mk = (params) => createKyber({
    ...opts,
    ...params
  });
  var ml_kem768 = /* @__PURE__ */ (() => mk(PARAMS[768]))();

  // node_modules/@noble/post-quantum/hybrid.js
  /*! noble-post-quantum - MIT License (c) 2024 Paul Miller (paulmillr.com) */
  function ecKeygen(curve, allowZeroKey = false) {
    const lengths = curve.lengths;
    let keygen = curve.keygen;
    if (allowZeroKey) {
      if (!("getSharedSecret" in curve && "sign" in curve && "verify" in curve))
        throw new Error("allowZeroKey requires a Weierstrass curve");
      const wCurve = curve;
      const Fn2 = wCurve.Point.Fn;
      keygen = (seed = randomBytes4(lengths.seed)) => {
        abytes(seed, lengths.seed, "seed");
        const seedScalar = Fn2.isLE ? bytesToNumberLE(seed) : bytesToNumberBE(seed);
        const secretKey = Fn2.toBytes(Fn2.create(seedScalar));
        return {
          secretKey,
          publicKey: curve.getPublicKey(secretKey)
        };
      };
    }
    return {
      lengths: { secretKey: lengths.secretKey, publicKey: lengths.publicKey, seed: lengths.seed },
      keygen: (seed) => keygen(seed),
      getPublicKey: (secretKey) => curve.getPublicKey(secretKey)
    };
  }
  function ecdhKem(curve, allowZeroKey = false) {
    const kg = ecKeygen(curve, allowZeroKey);
    if (!curve.getSharedSecret)
      throw new Error("wrong curve");
    return {
      lengths: { ...kg.lengths, msg: kg.lengths.seed, cipherText: kg.lengths.publicKey },
      keygen: kg.keygen,
      getPublicKey: kg.getPublicKey,
      encapsulate(publicKey, rand = randomBytes4(curve.lengths.seed)) {
        const seed = copyBytes3(rand);
        let ek = void 0;
        try {
          ek = this.keygen(seed).secretKey;
          const sharedSecret = this.decapsulate(publicKey, ek);
          const cipherText = curve.getPublicKey(ek);
          return { sharedSecret, cipherText };
        } finally {
          cleanBytes(seed);
          if (ek)
            cleanBytes(ek);
        }
      },
      decapsulate(cipherText, secretKey) {
        const res = curve.getSharedSecret(secretKey, cipherText);
        return curve.lengths.publicKeyHasPrefix ? res.subarray(1) : res;
      }
    };
  }
  function splitLengths(lst, name) {
    return splitCoder(name, ...lst.map((i) => {
      if (typeof i.lengths[name] !== "number")
        throw new Error("wrong length: " + name);
      return i.lengths[name];
    }));
  }
  function expandSeedXof(xof) {
    return ((seed, seedLen) => xof(seed, { dkLen: seedLen }));
  }
  function combineKeys(realSeedLen, expandSeed_, ...ck_) {
    const expandSeed = expandSeed_;
    const ck = ck_;
    const seedCoder = splitLengths(ck, "seed");
    const pkCoder = splitLengths(ck, "publicKey");
    if (realSeedLen === void 0)
      realSeedLen = seedCoder.bytesLen;
    anumber(realSeedLen);
    function expandDecapsulationKey(seed) {
      abytes(seed, realSeedLen);
      const expandedRaw = expandSeed(seed, seedCoder.bytesLen);
      const expandedSeed = expandedRaw.buffer === seed.buffer ? copyBytes3(expandedRaw) : expandedRaw;
      const expanded = [];
      const keySecret = [];
      const secretKey = [];
      const publicKey = [];
      let ok = false;
      try {
        for (const part of seedCoder.decode(expandedSeed))
          expanded.push(copyBytes3(part));
        for (let i = 0; i < ck.length; i++) {
          const keys = ck[i].keygen(expanded[i]);
          keySecret.push(keys.secretKey);
          secretKey.push(copyBytes3(keys.secretKey));
          publicKey.push(keys.publicKey);
        }
        ok = true;
        return { secretKey, publicKey };
      } finally {
        cleanBytes(expandedSeed, expanded, keySecret);
        if (!ok)
          cleanBytes(secretKey);
      }
    }
    return {
      info: { lengths: { seed: realSeedLen, publicKey: pkCoder.bytesLen, secretKey: realSeedLen } },
      getPublicKey(secretKey) {
        return this.keygen(secretKey).publicKey;
      },
      keygen(seed = randomBytes4(realSeedLen)) {
        const { publicKey: pk, secretKey } = expandDecapsulationKey(seed);
        try {
          const publicKey = pkCoder.encode(pk);
          return { secretKey: seed, publicKey };
        } finally {
          cleanBytes(pk);
          cleanBytes(secretKey);
        }
      },
      expandDecapsulationKey,
      realSeedLen
    };
  }
  function combineKEMS(realSeedLen, realMsgLen, expandSeed, combiner, ...kems) {
    const rawCombiner = combiner;
    const rawKems = kems;
    const keys = combineKeys(realSeedLen, expandSeed, ...rawKems);
    const ctCoder = splitLengths(rawKems, "cipherText");
    const pkCoder = splitLengths(rawKems, "publicKey");
    const msgCoder = splitLengths(rawKems, "msg");
    if (realMsgLen === void 0)
      realMsgLen = msgCoder.bytesLen;
    anumber(realMsgLen);
    const lengths = Object.freeze({
      ...keys.info.lengths,
      msg: realMsgLen,
      msgRand: msgCoder.bytesLen,
      cipherText: ctCoder.bytesLen
    });
    return Object.freeze({
      lengths,
      getPublicKey: keys.getPublicKey,
      keygen: keys.keygen,
      encapsulate(pk, randomness = randomBytes4(msgCoder.bytesLen)) {
        const pks = pkCoder.decode(pk);
        const rand = msgCoder.decode(randomness);
        const sharedSecret = [];
        const cipherText = [];
        try {
          for (let i = 0; i < rawKems.length; i++) {
            const enc = rawKems[i].encapsulate(pks[i], rand[i]);
            sharedSecret.push(enc.sharedSecret);
            cipherText.push(enc.cipherText);
          }
          return {
            // Detach the combiner result before cleanup: a caller-provided combiner may alias one of
            // the child sharedSecret buffers, and those child buffers are zeroized immediately below.
            sharedSecret: copyBytes3(rawCombiner(pks, cipherText, sharedSecret)),
            cipherText: ctCoder.encode(cipherText)
          };
        } finally {
          cleanBytes(sharedSecret, cipherText);
        }
      },
      decapsulate(ct, seed) {
        const cts = ctCoder.decode(ct);
        const { publicKey, secretKey } = keys.expandDecapsulationKey(seed);
        const sharedSecret = rawKems.map((i, j) => i.decapsulate(cts[j], secretKey[j]));
        try {
          return copyBytes3(rawCombiner(publicKey, cts, sharedSecret));
        } finally {
          cleanBytes(secretKey, sharedSecret);
        }
      }
    });
  }
  var x25519kem = /* @__PURE__ */ ecdhKem(x25519);
  var ml_kem768_x25519 = /* @__PURE__ */ (() => combineKEMS(
    32,
    32,
    expandSeedXof(shake256),
    // Awesome label, so much escaping hell in a single line.
    (pk, ct, ss) => sha3_256(concatBytes3(ss[0], ss[1], ct[1], pk[1], asciiToBytes("\\.//^\\"))),
    ml_kem768,
    x25519kem
  ))();
  function nistCurveKem(curve, scalarLen, elemLen, nseed) {
    const Fn2 = curve.Point.Fn;
    if (!Fn2)
      throw new Error("no Point.Fn");
    function rejectionSampling(seed) {
      let sk;
      for (let start = 0, end = scalarLen; ; start = end, end += scalarLen) {
        if (end > seed.length)
          throw new Error("rejection sampling failed");
        sk = Fn2.fromBytes(seed.subarray(start, end), true);
        if (Fn2.isValidNot0(sk))
          break;
      }
      const secretKey = Fn2.toBytes(Fn2.create(sk));
      const publicKey = curve.getPublicKey(secretKey, false);
      return { secretKey, publicKey };
    }
    return {
      lengths: {
        secretKey: scalarLen,
        publicKey: elemLen,
        seed: nseed,
        msg: nseed,
        cipherText: elemLen
      },
      keygen(seed = randomBytes4(nseed)) {
        abytes(seed, nseed, "seed");
        return rejectionSampling(seed);
      },
      getPublicKey(secretKey) {
        return curve.getPublicKey(secretKey, false);
      },
      encapsulate(publicKey, rand = randomBytes4(nseed)) {
        abytes(rand, nseed, "rand");
        let ek = void 0;
        try {
          ek = rejectionSampling(rand).secretKey;
          const sharedSecret = this.decapsulate(publicKey, ek);
          const cipherText = curve.getPublicKey(ek, false);
          return { sharedSecret, cipherText };
        } finally {
          if (ek)
            cleanBytes(ek);
        }
      },
      decapsulate(cipherText, secretKey) {
        const full = curve.getSharedSecret(secretKey, cipherText);
        return full.subarray(1);
      }
    };
  }
  function concreteHybridKem(label, mlkem, curve, nseed) {
    const { secretKey: scalarLen, publicKeyUncompressed: elemLen } = curve.lengths;
    if (!scalarLen || !elemLen)
      throw new Error("wrong curve");
    const curveKem = nistCurveKem(curve, scalarLen, elemLen, nseed);
    const mlkemSeedLen = 64;
    const totalSeedLen = mlkemSeedLen + nseed;
    return combineKEMS(32, 32, (seed) => {
      abytes(seed, 32);
      const expanded = shake256(seed, { dkLen: totalSeedLen });
      const mlkemSeed = expanded.subarray(0, mlkemSeedLen);
      const curveSeed = expanded.subarray(mlkemSeedLen, totalSeedLen);
      return concatBytes3(mlkemSeed, curveSeed);
    }, (pk, ct, ss) => sha3_256(concatBytes3(ss[0], ss[1], ct[1], pk[1], asciiToBytes(label))), mlkem, curveKem);
  }
  var ml_kem768_p256 = /* @__PURE__ */ (() => concreteHybridKem("MLKEM768-P256", ml_kem768, p256, 128))();
  var MLKEM768X25519 = /* @__PURE__ */ (() => ml_kem768_x25519)();
  var MLKEM768P256 = /* @__PURE__ */ (() => ml_kem768_p256)();

  // node_modules/age-encryption/dist/x25519.js
  var exportable = false;
  var webCryptoOff = false;
  async function webCryptoFallback(func, fallback) {
    if (webCryptoOff) {
      return await fallback();
    }
    try {
      return await func();
    } catch (error) {
      if (error instanceof ReferenceError || error instanceof DOMException && error.name === "NotSupportedError") {
        return await fallback();
      } else {
        throw error;
      }
    }
  }
  async function scalarMult(scalar, u) {
    return await webCryptoFallback(async () => {
      const key = isCryptoKey(scalar) ? scalar : await importX25519Key(scalar);
      const peer = await crypto.subtle.importKey("raw", domBuffer(u), { name: "X25519" }, exportable, []);
      return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: peer }, key, 256));
    }, () => {
      if (isCryptoKey(scalar)) {
        throw new Error("CryptoKey provided but X25519 WebCrypto is not supported");
      }
      return x25519.scalarMult(scalar, u);
    });
  }
  async function scalarMultBase(scalar) {
    return await webCryptoFallback(async () => {
      return scalarMult(scalar, x25519.GuBytes);
    }, () => {
      if (isCryptoKey(scalar)) {
        throw new Error("CryptoKey provided but X25519 WebCrypto is not supported");
      }
      return x25519.scalarMultBase(scalar);
    });
  }
  var pkcs8Prefix = /* @__PURE__ */ new Uint8Array([
    48,
    46,
    2,
    1,
    0,
    48,
    5,
    6,
    3,
    43,
    101,
    110,
    4,
    34,
    4,
    32
  ]);
  async function importX25519Key(key) {
    if (key.length !== 32) {
      throw new Error("X25519 private key must be 32 bytes");
    }
    const pkcs8 = new Uint8Array([...pkcs8Prefix, ...key]);
    return crypto.subtle.importKey("pkcs8", pkcs8, { name: "X25519" }, exportable, ["deriveBits"]);
  }
  function isCryptoKey(key) {
    return typeof CryptoKey !== "undefined" && key instanceof CryptoKey;
  }
  function domBuffer(arr) {
    return arr;
  }

  // node_modules/age-encryption/dist/io.js
  var LineReader = class {
    s;
    transcript = [];
    buf = new Uint8Array(0);
    constructor(stream2) {
      this.s = stream2.getReader();
    }
    async readLine() {
      const line3 = [];
      while (true) {
        const i = this.buf.indexOf("\n".charCodeAt(0));
        if (i >= 0) {
          line3.push(this.buf.subarray(0, i));
          this.transcript.push(this.buf.subarray(0, i + 1));
          this.buf = this.buf.subarray(i + 1);
          return asciiString(flatten(line3));
        }
        if (this.buf.length > 0) {
          line3.push(this.buf);
          this.transcript.push(this.buf);
        }
        const next = await this.s.read();
        if (next.done) {
          this.buf = flatten(line3);
          return null;
        }
        this.buf = next.value;
      }
    }
    close() {
      this.s.releaseLock();
      return { rest: this.buf, transcript: flatten(this.transcript) };
    }
  };
  function asciiString(bytes) {
    bytes.forEach((b) => {
      if (b < 32 || b > 126) {
        throw Error("invalid non-ASCII byte in header");
      }
    });
    return new TextDecoder().decode(bytes);
  }
  function flatten(arr) {
    const len = arr.reduce(((sum, line3) => sum + line3.length), 0);
    const out = new Uint8Array(len);
    let n = 0;
    for (const a of arr) {
      out.set(a, n);
      n += a.length;
    }
    return out;
  }
  function prepend(s, ...prefixes) {
    return s.pipeThrough(new TransformStream({
      start(controller) {
        for (const p of prefixes) {
          controller.enqueue(p);
        }
      }
    }));
  }
  function stream(a) {
    return new ReadableStream({
      start(controller) {
        controller.enqueue(a);
        controller.close();
      }
    });
  }
  async function readAll(stream2) {
    if (!(stream2 instanceof ReadableStream)) {
      throw new Error("readAll expects a ReadableStream<Uint8Array>");
    }
    return new Uint8Array(await new Response(stream2).arrayBuffer());
  }
  async function readAllString(stream2) {
    if (!(stream2 instanceof ReadableStream)) {
      throw new Error("readAllString expects a ReadableStream<Uint8Array>");
    }
    return await new Response(stream2).text();
  }
  async function read(stream2, n) {
    const reader = stream2.getReader();
    const chunks = [];
    let readBytes = 0;
    while (readBytes < n) {
      const { done, value } = await reader.read();
      if (done) {
        throw Error("stream ended before reading " + n.toString() + " bytes");
      }
      chunks.push(value);
      readBytes += value.length;
    }
    reader.releaseLock();
    const buf = flatten(chunks);
    const data = buf.subarray(0, n);
    const rest = prepend(stream2, buf.subarray(n));
    return { data, rest };
  }

  // node_modules/age-encryption/dist/format.js
  var Stanza = class {
    /**
     * All space-separated arguments on the first line of the stanza.
     * Each argument is a string that does not contain spaces.
     * The first argument is often a recipient type, which should look like
     * `example.com/...` to avoid collisions.
     */
    args;
    /**
     * The raw body of the stanza. This is automatically base64-encoded and
     * split into lines of 48 characters each.
     */
    body;
    constructor(args, body) {
      this.args = args;
      this.body = body;
    }
  };
  async function parseNextStanza(hdr) {
    const argsLine = await hdr.readLine();
    if (argsLine === null) {
      throw Error("invalid stanza");
    }
    const args = argsLine.split(" ");
    if (args.length < 2 || args.shift() !== "->") {
      return { next: argsLine };
    }
    for (const arg of args) {
      if (arg.length === 0) {
        throw Error("invalid stanza");
      }
    }
    const bodyLines = [];
    for (; ; ) {
      const nextLine = await hdr.readLine();
      if (nextLine === null) {
        throw Error("invalid stanza");
      }
      const line3 = base64nopad.decode(nextLine);
      if (line3.length > 48) {
        throw Error("invalid stanza");
      }
      bodyLines.push(line3);
      if (line3.length < 48) {
        break;
      }
    }
    const body = flatten(bodyLines);
    return { s: new Stanza(args, body) };
  }
  async function parseHeader(header) {
    const hdr = new LineReader(header);
    const versionLine = await hdr.readLine();
    if (versionLine !== "age-encryption.org/v1") {
      throw Error("invalid version " + (versionLine ?? "line"));
    }
    const stanzas = [];
    for (; ; ) {
      const { s, next: macLine } = await parseNextStanza(hdr);
      if (s !== void 0) {
        stanzas.push(s);
        continue;
      }
      if (!macLine.startsWith("--- ")) {
        throw Error("invalid header");
      }
      const MAC = base64nopad.decode(macLine.slice(4));
      const { rest, transcript } = hdr.close();
      const headerNoMAC = transcript.slice(0, transcript.length - 1 - macLine.length + 3);
      return { stanzas, headerNoMAC, MAC, headerSize: transcript.length, rest: prepend(header, rest) };
    }
  }
  function encodeHeaderNoMAC(recipients) {
    const lines2 = [];
    lines2.push("age-encryption.org/v1\n");
    for (const s of recipients) {
      lines2.push("-> " + s.args.join(" ") + "\n");
      for (let i = 0; i < s.body.length; i += 48) {
        let end = i + 48;
        if (end > s.body.length)
          end = s.body.length;
        lines2.push(base64nopad.encode(s.body.subarray(i, end)) + "\n");
      }
      if (s.body.length % 48 === 0)
        lines2.push("\n");
    }
    lines2.push("---");
    return new TextEncoder().encode(lines2.join(""));
  }
  function encodeHeader(recipients, MAC) {
    return flatten([
      encodeHeaderNoMAC(recipients),
      new TextEncoder().encode(" " + base64nopad.encode(MAC) + "\n")
    ]);
  }

  // node_modules/age-encryption/dist/recipients.js
  function generateHybridIdentity() {
    const scalar = randomBytes(32);
    const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", scalar).toUpperCase();
    return Promise.resolve(identity);
  }
  async function identityToRecipient(identity) {
    let scalar;
    if (isCryptoKey2(identity)) {
      scalar = identity;
    } else if (identity.startsWith("AGE-SECRET-KEY-PQ-1")) {
      const res = bech32.decodeToBytes(identity);
      if (res.prefix.toUpperCase() !== "AGE-SECRET-KEY-PQ-" || res.bytes.length !== 32) {
        throw Error("invalid identity");
      }
      const recipient2 = MLKEM768X25519.getPublicKey(res.bytes);
      return bech32.encode("age1pq", bech32.toWords(recipient2), false);
    } else {
      const res = bech32.decodeToBytes(identity);
      if (!identity.startsWith("AGE-SECRET-KEY-1") || res.prefix.toUpperCase() !== "AGE-SECRET-KEY-" || res.bytes.length !== 32) {
        throw Error("invalid identity");
      }
      scalar = res.bytes;
    }
    const recipient = await scalarMultBase(scalar);
    return bech32.encodeFromBytes("age", recipient);
  }
  var HybridRecipient = class {
    recipient;
    constructor(s) {
      const { prefix, words: words2 } = bech32.decode(s, false);
      const bytes = bech32.fromWords(words2);
      if (!s.startsWith("age1pq1") || prefix.toLowerCase() !== "age1pq" || bytes.length !== 1216) {
        throw Error("invalid recipient");
      }
      this.recipient = bytes;
    }
    wrapFileKey(fileKey) {
      const { cipherText: encapsulatedKey, sharedSecret } = MLKEM768X25519.encapsulate(this.recipient);
      const label = new TextEncoder().encode("age-encryption.org/mlkem768x25519");
      const { key, nonce } = hpkeContext(hpkeMLKEM768X25519, sharedSecret, label);
      const ciphertext = chacha20poly1305(key, nonce).encrypt(fileKey);
      return [new Stanza(["mlkem768x25519", base64nopad.encode(encapsulatedKey)], ciphertext)];
    }
  };
  var HybridIdentity = class {
    identity;
    constructor(s) {
      const res = bech32.decodeToBytes(s);
      if (!s.startsWith("AGE-SECRET-KEY-PQ-1") || res.prefix.toUpperCase() !== "AGE-SECRET-KEY-PQ-" || res.bytes.length !== 32) {
        throw Error("invalid identity");
      }
      this.identity = res.bytes;
    }
    unwrapFileKey(stanzas) {
      for (const s of stanzas) {
        if (s.args.length < 1 || s.args[0] !== "mlkem768x25519") {
          continue;
        }
        if (s.args.length !== 2) {
          throw Error("invalid mlkem768x25519 stanza");
        }
        const share = base64nopad.decode(s.args[1]);
        if (share.length !== 1120) {
          throw Error("invalid mlkem768x25519 stanza");
        }
        if (s.body.length !== 32) {
          throw Error("invalid mlkem768x25519 stanza");
        }
        const sharedSecret = MLKEM768X25519.decapsulate(share, this.identity);
        const label = new TextEncoder().encode("age-encryption.org/mlkem768x25519");
        const { key, nonce } = hpkeContext(hpkeMLKEM768X25519, sharedSecret, label);
        try {
          return chacha20poly1305(key, nonce).decrypt(s.body);
        } catch {
          continue;
        }
      }
      return null;
    }
  };
  var hpkeMLKEM768X25519 = 25722;
  var hpkeMLKEM768P256 = 80;
  var hpkeDHKEMP256 = 16;
  function hpkeContext(kemID, sharedSecret, info) {
    const suiteID = hpkeSuiteID(kemID);
    const pskIDHash = hpkeLabeledExtract(suiteID, void 0, "psk_id_hash", new Uint8Array(0));
    const infoHash = hpkeLabeledExtract(suiteID, void 0, "info_hash", info);
    const ksContext = new Uint8Array(1 + pskIDHash.length + infoHash.length);
    ksContext[0] = 0;
    ksContext.set(pskIDHash, 1);
    ksContext.set(infoHash, 1 + pskIDHash.length);
    const secret = hpkeLabeledExtract(suiteID, sharedSecret, "secret", new Uint8Array(0));
    const key = hpkeLabeledExpand(suiteID, secret, "key", ksContext, 32);
    const nonce = hpkeLabeledExpand(suiteID, secret, "base_nonce", ksContext, 12);
    return { key, nonce };
  }
  function hpkeSuiteID(kemID) {
    const suiteID = new Uint8Array(10);
    suiteID.set(new TextEncoder().encode("HPKE"), 0);
    suiteID[4] = kemID >> 8 & 255;
    suiteID[5] = kemID & 255;
    suiteID[6] = 0;
    suiteID[7] = 1;
    suiteID[8] = 0;
    suiteID[9] = 3;
    return suiteID;
  }
  function hpkeLabeledExtract(suiteID, salt, label, ikm) {
    const labeledIKM = new Uint8Array(7 + suiteID.length + label.length + ikm.length);
    let offset = 0;
    labeledIKM.set(new TextEncoder().encode("HPKE-v1"), offset);
    offset += "HPKE-v1".length;
    labeledIKM.set(suiteID, offset);
    offset += suiteID.length;
    labeledIKM.set(new TextEncoder().encode(label), offset);
    offset += label.length;
    labeledIKM.set(ikm, offset);
    return extract(sha256, labeledIKM, salt);
  }
  function hpkeLabeledExpand(suiteID, prk, label, info, length) {
    const labeledInfo = new Uint8Array(2 + 7 + suiteID.length + label.length + info.length);
    let offset = 0;
    labeledInfo[offset] = length >> 8 & 255;
    labeledInfo[offset + 1] = length & 255;
    offset += 2;
    labeledInfo.set(new TextEncoder().encode("HPKE-v1"), offset);
    offset += "HPKE-v1".length;
    labeledInfo.set(suiteID, offset);
    offset += suiteID.length;
    labeledInfo.set(new TextEncoder().encode(label), offset);
    offset += label.length;
    labeledInfo.set(info, offset);
    return expand(sha256, prk, labeledInfo, length);
  }
  function hpkeDHKEMP256Encapsulate(recipient) {
    if (recipient.length !== p256.lengths.publicKeyUncompressed) {
      recipient = p256.Point.fromBytes(recipient).toBytes(false);
    }
    const ephemeral = p256.utils.randomSecretKey();
    const encapsulatedKey = p256.getPublicKey(ephemeral, false);
    const ss = p256.getSharedSecret(ephemeral, recipient, true).subarray(1);
    const kemContext = new Uint8Array(encapsulatedKey.length + recipient.length);
    kemContext.set(encapsulatedKey, 0);
    kemContext.set(recipient, encapsulatedKey.length);
    const suiteID = new Uint8Array(5);
    suiteID.set(new TextEncoder().encode("KEM"), 0);
    suiteID[3] = hpkeDHKEMP256 >> 8;
    suiteID[4] = hpkeDHKEMP256 & 255;
    const eaePRK = hpkeLabeledExtract(suiteID, void 0, "eae_prk", ss);
    const sharedSecret = hpkeLabeledExpand(suiteID, eaePRK, "shared_secret", kemContext, 32);
    return { encapsulatedKey, sharedSecret };
  }
  var TagRecipient = class {
    recipient;
    constructor(s) {
      const res = bech32.decodeToBytes(s);
      if (!s.startsWith("age1tag1") || res.prefix.toLowerCase() !== "age1tag" || res.bytes.length !== 33) {
        throw Error("invalid recipient");
      }
      this.recipient = res.bytes;
    }
    wrapFileKey(fileKey) {
      const { encapsulatedKey, sharedSecret } = hpkeDHKEMP256Encapsulate(this.recipient);
      const label = new TextEncoder().encode("age-encryption.org/p256tag");
      const tag = (() => {
        const recipientHash = sha256(this.recipient).subarray(0, 4);
        const ikm = new Uint8Array(encapsulatedKey.length + recipientHash.length);
        ikm.set(encapsulatedKey, 0);
        ikm.set(recipientHash, encapsulatedKey.length);
        return extract(sha256, ikm, label).subarray(0, 4);
      })();
      const { key, nonce } = hpkeContext(hpkeDHKEMP256, sharedSecret, label);
      const ciphertext = chacha20poly1305(key, nonce).encrypt(fileKey);
      return [new Stanza(["p256tag", base64nopad.encode(tag), base64nopad.encode(encapsulatedKey)], ciphertext)];
    }
  };
  var HybridTagRecipient = class {
    recipient;
    constructor(s) {
      const { prefix, words: words2 } = bech32.decode(s, false);
      const bytes = bech32.fromWords(words2);
      if (!s.startsWith("age1tagpq1") || prefix.toLowerCase() !== "age1tagpq" || bytes.length !== 1249) {
        throw Error("invalid recipient");
      }
      this.recipient = bytes;
    }
    wrapFileKey(fileKey) {
      const { cipherText: encapsulatedKey, sharedSecret } = MLKEM768P256.encapsulate(this.recipient);
      const label = new TextEncoder().encode("age-encryption.org/mlkem768p256tag");
      const tag = (() => {
        const recipientHash = sha256(this.recipient.subarray(1184)).subarray(0, 4);
        const ikm = new Uint8Array(encapsulatedKey.length + recipientHash.length);
        ikm.set(encapsulatedKey, 0);
        ikm.set(recipientHash, encapsulatedKey.length);
        return extract(sha256, ikm, label).subarray(0, 4);
      })();
      const { key, nonce } = hpkeContext(hpkeMLKEM768P256, sharedSecret, label);
      const ciphertext = chacha20poly1305(key, nonce).encrypt(fileKey);
      return [new Stanza(["mlkem768p256tag", base64nopad.encode(tag), base64nopad.encode(encapsulatedKey)], ciphertext)];
    }
  };
  var X25519Recipient = class {
    recipient;
    constructor(s) {
      const res = bech32.decodeToBytes(s);
      if (!s.startsWith("age1") || res.prefix.toLowerCase() !== "age" || res.bytes.length !== 32) {
        throw Error("invalid recipient");
      }
      this.recipient = res.bytes;
    }
    async wrapFileKey(fileKey) {
      const ephemeral = randomBytes(32);
      const share = await scalarMultBase(ephemeral);
      const secret = await scalarMult(ephemeral, this.recipient);
      const salt = new Uint8Array(share.length + this.recipient.length);
      salt.set(share);
      salt.set(this.recipient, share.length);
      const label = new TextEncoder().encode("age-encryption.org/v1/X25519");
      const key = hkdf(sha256, secret, salt, label, 32);
      return [new Stanza(["X25519", base64nopad.encode(share)], encryptFileKey(fileKey, key))];
    }
  };
  var X25519Identity = class {
    identity;
    recipient;
    constructor(s) {
      if (isCryptoKey2(s)) {
        this.identity = s;
        this.recipient = scalarMultBase(s);
        return;
      }
      const res = bech32.decodeToBytes(s);
      if (!s.startsWith("AGE-SECRET-KEY-1") || res.prefix.toUpperCase() !== "AGE-SECRET-KEY-" || res.bytes.length !== 32) {
        throw Error("invalid identity");
      }
      this.identity = res.bytes;
      this.recipient = scalarMultBase(res.bytes);
    }
    async unwrapFileKey(stanzas) {
      for (const s of stanzas) {
        if (s.args.length < 1 || s.args[0] !== "X25519") {
          continue;
        }
        if (s.args.length !== 2) {
          throw Error("invalid X25519 stanza");
        }
        const share = base64nopad.decode(s.args[1]);
        if (share.length !== 32) {
          throw Error("invalid X25519 stanza");
        }
        const secret = await scalarMult(this.identity, share);
        const recipient = await this.recipient;
        const salt = new Uint8Array(share.length + recipient.length);
        salt.set(share);
        salt.set(recipient, share.length);
        const label = new TextEncoder().encode("age-encryption.org/v1/X25519");
        const key = hkdf(sha256, secret, salt, label, 32);
        const fileKey = decryptFileKey(s.body, key);
        if (fileKey !== null)
          return fileKey;
      }
      return null;
    }
  };
  var ScryptRecipient = class {
    passphrase;
    logN;
    constructor(passphrase, logN) {
      this.passphrase = passphrase;
      this.logN = logN;
    }
    wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const label = "age-encryption.org/v1/scrypt";
      const labelAndSalt = new Uint8Array(label.length + 16);
      labelAndSalt.set(new TextEncoder().encode(label));
      labelAndSalt.set(salt, label.length);
      const key = scrypt(this.passphrase, labelAndSalt, { N: 2 ** this.logN, r: 8, p: 1, dkLen: 32 });
      return [new Stanza(["scrypt", base64nopad.encode(salt), this.logN.toString()], encryptFileKey(fileKey, key))];
    }
  };
  var ScryptIdentity = class {
    passphrase;
    constructor(passphrase) {
      this.passphrase = passphrase;
    }
    unwrapFileKey(stanzas) {
      for (const s of stanzas) {
        if (s.args.length < 1 || s.args[0] !== "scrypt") {
          continue;
        }
        if (stanzas.length !== 1) {
          throw Error("scrypt recipient is not the only one in the header");
        }
        if (s.args.length !== 3) {
          throw Error("invalid scrypt stanza");
        }
        if (!/^[1-9][0-9]*$/.test(s.args[2])) {
          throw Error("invalid scrypt stanza");
        }
        const salt = base64nopad.decode(s.args[1]);
        if (salt.length !== 16) {
          throw Error("invalid scrypt stanza");
        }
        const logN = Number(s.args[2]);
        if (logN > 20) {
          throw Error("scrypt work factor is too high");
        }
        const label = "age-encryption.org/v1/scrypt";
        const labelAndSalt = new Uint8Array(label.length + 16);
        labelAndSalt.set(new TextEncoder().encode(label));
        labelAndSalt.set(salt, label.length);
        const key = scrypt(this.passphrase, labelAndSalt, { N: 2 ** logN, r: 8, p: 1, dkLen: 32 });
        const fileKey = decryptFileKey(s.body, key);
        if (fileKey !== null)
          return fileKey;
      }
      return null;
    }
  };
  function encryptFileKey(fileKey, key) {
    const nonce = new Uint8Array(12);
    return chacha20poly1305(key, nonce).encrypt(fileKey);
  }
  function decryptFileKey(body, key) {
    if (body.length !== 32) {
      throw Error("invalid stanza");
    }
    const nonce = new Uint8Array(12);
    try {
      return chacha20poly1305(key, nonce).decrypt(body);
    } catch {
      return null;
    }
  }
  function isCryptoKey2(key) {
    return typeof CryptoKey !== "undefined" && key instanceof CryptoKey;
  }

  // node_modules/age-encryption/dist/stream.js
  var chacha20poly1305Overhead = 16;
  var chunkSize = /* @__PURE__ */ (() => 64 * 1024)();
  var chunkSizeWithOverhead = /* @__PURE__ */ (() => chunkSize + chacha20poly1305Overhead)();
  function decryptSTREAM(key) {
    const streamNonce = new Uint8Array(12);
    const incNonce = () => {
      for (let i = streamNonce.length - 2; i >= 0; i--) {
        streamNonce[i]++;
        if (streamNonce[i] !== 0)
          break;
      }
    };
    let firstChunk = true;
    const ciphertextBuffer = new Uint8Array(chunkSizeWithOverhead);
    let ciphertextBufferUsed = 0;
    return new TransformStream({
      transform(chunk, controller) {
        while (chunk.length > 0) {
          if (ciphertextBufferUsed === ciphertextBuffer.length) {
            const decryptedChunk = chacha20poly1305(key, streamNonce).decrypt(ciphertextBuffer);
            controller.enqueue(decryptedChunk);
            incNonce();
            ciphertextBufferUsed = 0;
            firstChunk = false;
          }
          const n = Math.min(ciphertextBuffer.length - ciphertextBufferUsed, chunk.length);
          ciphertextBuffer.set(chunk.subarray(0, n), ciphertextBufferUsed);
          ciphertextBufferUsed += n;
          chunk = chunk.subarray(n);
        }
      },
      flush(controller) {
        streamNonce[11] = 1;
        const decryptedChunk = chacha20poly1305(key, streamNonce).decrypt(ciphertextBuffer.subarray(0, ciphertextBufferUsed));
        if (!firstChunk && decryptedChunk.length === 0) {
          throw new Error("final chunk is empty");
        }
        controller.enqueue(decryptedChunk);
      }
    });
  }
  function plaintextSize(ciphertextSize2) {
    if (ciphertextSize2 < chacha20poly1305Overhead) {
      throw Error("ciphertext is too small");
    }
    if (ciphertextSize2 === chacha20poly1305Overhead) {
      return 0;
    }
    const fullChunks = Math.floor(ciphertextSize2 / chunkSizeWithOverhead);
    const lastChunk = ciphertextSize2 % chunkSizeWithOverhead;
    if (0 < lastChunk && lastChunk <= chacha20poly1305Overhead) {
      throw Error("ciphertext size is invalid");
    }
    let size = ciphertextSize2;
    size -= fullChunks * chacha20poly1305Overhead;
    size -= lastChunk > 0 ? chacha20poly1305Overhead : 0;
    return size;
  }
  function encryptSTREAM(key) {
    const streamNonce = new Uint8Array(12);
    const incNonce = () => {
      for (let i = streamNonce.length - 2; i >= 0; i--) {
        streamNonce[i]++;
        if (streamNonce[i] !== 0)
          break;
      }
    };
    const plaintextBuffer = new Uint8Array(chunkSize);
    let plaintextBufferUsed = 0;
    return new TransformStream({
      transform(chunk, controller) {
        while (chunk.length > 0) {
          if (plaintextBufferUsed === plaintextBuffer.length) {
            const encryptedChunk = chacha20poly1305(key, streamNonce).encrypt(plaintextBuffer);
            controller.enqueue(encryptedChunk);
            incNonce();
            plaintextBufferUsed = 0;
          }
          const n = Math.min(plaintextBuffer.length - plaintextBufferUsed, chunk.length);
          plaintextBuffer.set(chunk.subarray(0, n), plaintextBufferUsed);
          plaintextBufferUsed += n;
          chunk = chunk.subarray(n);
        }
      },
      flush(controller) {
        streamNonce[11] = 1;
        const encryptedChunk = chacha20poly1305(key, streamNonce).encrypt(plaintextBuffer.subarray(0, plaintextBufferUsed));
        controller.enqueue(encryptedChunk);
      }
    });
  }
  function ciphertextSize(plaintextSize2) {
    const chunks = Math.max(1, Math.ceil(plaintextSize2 / chunkSize));
    return plaintextSize2 + chacha20poly1305Overhead * chunks;
  }

  // node_modules/age-encryption/dist/armor.js
  var armor_exports = {};
  __export(armor_exports, {
    decode: () => decode,
    encode: () => encode2
  });
  function encode2(file) {
    const lines2 = [];
    lines2.push("-----BEGIN AGE ENCRYPTED FILE-----\n");
    for (let i = 0; i < file.length; i += 48) {
      let end = i + 48;
      if (end > file.length)
        end = file.length;
      lines2.push(base64.encode(file.subarray(i, end)) + "\n");
    }
    lines2.push("-----END AGE ENCRYPTED FILE-----\n");
    return lines2.join("");
  }
  function decode(file) {
    const lines2 = file.trim().replaceAll("\r\n", "\n").split("\n");
    if (lines2.shift() !== "-----BEGIN AGE ENCRYPTED FILE-----") {
      throw Error("invalid header");
    }
    if (lines2.pop() !== "-----END AGE ENCRYPTED FILE-----") {
      throw Error("invalid footer");
    }
    function isLineLengthValid(i, l) {
      if (i === lines2.length - 1) {
        return l.length > 0 && l.length <= 64 && l.length % 4 === 0;
      }
      return l.length === 64;
    }
    if (!lines2.every((l, i) => isLineLengthValid(i, l))) {
      throw Error("invalid line length");
    }
    if (!lines2.every((l) => /^[A-Za-z0-9+/=]+$/.test(l))) {
      throw Error("invalid base64");
    }
    return base64.decode(lines2.join(""));
  }

  // node_modules/age-encryption/dist/index.js
  var Encrypter = class {
    passphrase = null;
    scryptWorkFactor = 18;
    recipients = [];
    /**
     * Set the passphrase to encrypt the file(s) with. This method can only be
     * called once, and can't be called if {@link Encrypter.addRecipient} has
     * been called.
     *
     * The passphrase is passed through the scrypt key derivation function, but
     * it needs to have enough entropy to resist offline brute-force attacks.
     * You should use at least 8-10 random alphanumeric characters, or 4-5
     * random words from a list of at least 2000 words.
     *
     * @param s - The passphrase to encrypt the file with.
     */
    setPassphrase(s) {
      if (this.passphrase !== null) {
        throw new Error("can encrypt to at most one passphrase");
      }
      if (this.recipients.length !== 0) {
        throw new Error("can't encrypt to both recipients and passphrases");
      }
      this.passphrase = s;
    }
    /**
     * Set the scrypt work factor to use when encrypting the file(s) with a
     * passphrase. The default is 18. Using a lower value will require stronger
     * passphrases to resist offline brute-force attacks.
     *
     * @param logN - The base-2 logarithm of the scrypt work factor.
     */
    setScryptWorkFactor(logN) {
      this.scryptWorkFactor = logN;
    }
    /**
     * Add a recipient to encrypt the file(s) for. This method can be called
     * multiple times to encrypt the file(s) for multiple recipients.
     *
     * This version supports native X25519 recipients (`age1...`), hybrid
     * post-quantum recipients (`age1pq1...`), tag recipients (`age1tag1...`),
     * and hybrid tag recipients (`age1tagpq1...`).
     *
     * @param s - The recipient to encrypt the file for. Either a string
     * beginning with `age1...` or an object implementing the {@link Recipient}
     * interface.
     */
    addRecipient(s) {
      if (this.passphrase !== null) {
        throw new Error("can't encrypt to both recipients and passphrases");
      }
      if (typeof s === "string") {
        if (s.startsWith("age1pq1")) {
          this.recipients.push(new HybridRecipient(s));
        } else if (s.startsWith("age1tag1")) {
          this.recipients.push(new TagRecipient(s));
        } else if (s.startsWith("age1tagpq1")) {
          this.recipients.push(new HybridTagRecipient(s));
        } else if (s.startsWith("age1")) {
          this.recipients.push(new X25519Recipient(s));
        } else {
          throw new Error("unrecognized recipient type");
        }
      } else {
        this.recipients.push(s);
      }
    }
    async encrypt(file) {
      const fileKey = randomBytes(16);
      const stanzas = [];
      let recipients = this.recipients;
      if (this.passphrase !== null) {
        recipients = [new ScryptRecipient(this.passphrase, this.scryptWorkFactor)];
      }
      for (const recipient of recipients) {
        stanzas.push(...await recipient.wrapFileKey(fileKey));
      }
      const labelHeader = new TextEncoder().encode("header");
      const hmacKey = hkdf(sha256, fileKey, void 0, labelHeader, 32);
      const mac = hmac(sha256, hmacKey, encodeHeaderNoMAC(stanzas));
      const header = encodeHeader(stanzas, mac);
      const nonce = randomBytes(16);
      const labelPayload = new TextEncoder().encode("payload");
      const streamKey = hkdf(sha256, fileKey, nonce, labelPayload, 32);
      const encrypter = encryptSTREAM(streamKey);
      if (!(file instanceof ReadableStream)) {
        if (typeof file === "string")
          file = new TextEncoder().encode(file);
        return await readAll(prepend(stream(file).pipeThrough(encrypter), header, nonce));
      }
      return Object.assign(prepend(file.pipeThrough(encrypter), header, nonce), {
        size: (size) => ciphertextSize(size) + header.length + nonce.length
      });
    }
  };
  var Decrypter = class {
    identities = [];
    /**
     * Add a passphrase to decrypt password-encrypted file(s) with. This method
     * can be called multiple times to try multiple passphrases.
     *
     * @param s - The passphrase to decrypt the file with.
     */
    addPassphrase(s) {
      this.identities.push(new ScryptIdentity(s));
    }
    /**
     * Add an identity to decrypt file(s) with. This method can be called
     * multiple times to try multiple identities.
     *
     * @param s - The identity to decrypt the file with. Either a string
     * beginning with `AGE-SECRET-KEY-PQ-1...` or `AGE-SECRET-KEY-1...`, an
     * X25519 private
     * {@link https://developer.mozilla.org/en-US/docs/Web/API/CryptoKey | CryptoKey}
     * object, or an object implementing the {@link Identity} interface.
     *
     * A CryptoKey object must have
     * {@link https://developer.mozilla.org/en-US/docs/Web/API/CryptoKey/type | type}
     * `private`,
     * {@link https://developer.mozilla.org/en-US/docs/Web/API/CryptoKey/algorithm | algorithm}
     * `{name: 'X25519'}`, and
     * {@link https://developer.mozilla.org/en-US/docs/Web/API/CryptoKey/usages | usages}
     * `["deriveBits"]`. For example:
     * ```js
     * const keyPair = await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"])
     * decrypter.addIdentity(key.privateKey)
     * ```
     */
    addIdentity(s) {
      if (isCryptoKey3(s)) {
        this.identities.push(new X25519Identity(s));
      } else if (typeof s === "string") {
        if (s.startsWith("AGE-SECRET-KEY-1")) {
          this.identities.push(new X25519Identity(s));
        } else if (s.startsWith("AGE-SECRET-KEY-PQ-1")) {
          this.identities.push(new HybridIdentity(s));
        } else {
          throw new Error("unrecognized identity type");
        }
      } else {
        this.identities.push(s);
      }
    }
    async decrypt(file, outputFormat) {
      const s = file instanceof ReadableStream ? file : stream(file);
      const { fileKey, headerSize, rest } = await this.decryptHeaderInternal(s);
      const { data: nonce, rest: payload } = await read(rest, 16);
      const label = new TextEncoder().encode("payload");
      const streamKey = hkdf(sha256, fileKey, nonce, label, 32);
      const decrypter = decryptSTREAM(streamKey);
      const out = payload.pipeThrough(decrypter);
      const outWithSize = Object.assign(out, {
        size: (size) => plaintextSize(size - headerSize - nonce.length)
      });
      if (file instanceof ReadableStream)
        return outWithSize;
      if (outputFormat === "text")
        return await readAllString(out);
      return await readAll(out);
    }
    /**
     * Decrypt the file key from a detached header. This is a low-level
     * function that can be used to implement delegated decryption logic.
     * Most users won't need this.
     *
     * It is the caller's responsibility to keep track of what file the
     * returned file key decrypts, and to ensure the file key is not used
     * for any other purpose.
     *
     * @param header - The file's textual header, including the MAC.
     *
     * @returns The file key used to encrypt the file.
     */
    async decryptHeader(header) {
      return (await this.decryptHeaderInternal(stream(header))).fileKey;
    }
    async decryptHeaderInternal(file) {
      const h = await parseHeader(file);
      const fileKey = await this.unwrapFileKey(h.stanzas);
      if (fileKey === null)
        throw Error("no identity matched any of the file's recipients");
      const label = new TextEncoder().encode("header");
      const hmacKey = hkdf(sha256, fileKey, void 0, label, 32);
      const mac = hmac(sha256, hmacKey, h.headerNoMAC);
      if (!compareBytes(h.MAC, mac))
        throw Error("invalid header HMAC");
      return { fileKey, headerSize: h.headerSize, rest: h.rest };
    }
    async unwrapFileKey(stanzas) {
      for (const identity of this.identities) {
        const fileKey = await identity.unwrapFileKey(stanzas);
        if (fileKey !== null)
          return fileKey;
      }
      return null;
    }
  };
  function compareBytes(a, b) {
    if (a.length !== b.length) {
      return false;
    }
    let acc = 0;
    for (let i = 0; i < a.length; i++) {
      acc |= a[i] ^ b[i];
    }
    return acc === 0;
  }
  function isCryptoKey3(key) {
    return typeof CryptoKey !== "undefined" && key instanceof CryptoKey;
  }

  // src/recipient.ts
  var RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/;
  var KEY_SIZE = 1184 + 32;
  var COEFFICIENTS_SIZE = 1152;
  var MODULUS = 3329;
  function parseRecipient(text) {
    demand(RECIPIENT.test(text), "recipient is not a post-quantum age recipient");
    const key = decode2(text);
    demand(key.length === KEY_SIZE, "recipient is not 1216 bytes");
    for (let i = 0; i < COEFFICIENTS_SIZE; i += 3) {
      const [a, b, c] = key.subarray(i, i + 3);
      const reduced = (a | (b & 15) << 8) < MODULUS && (b >> 4 | c << 4) < MODULUS;
      demand(reduced, "recipient has a value beyond its modulus");
    }
    checkOrder(key.subarray(1184));
    return text;
  }
  function decode2(text) {
    try {
      const { prefix, words: words2 } = bech32.decode(text, false);
      const key = bech32.fromWords(words2);
      demand(bech32.encode(prefix, bech32.toWords(key), false) === text, "another spelling");
      return key;
    } catch {
      throw new MalformedError("recipient's checksum does not hold");
    }
  }
  function checkOrder(share) {
    try {
      x25519.getSharedSecret(new Uint8Array(32).fill(66), share);
    } catch {
      throw new MalformedError("recipient holds a low-order X25519 share");
    }
  }
  function spellIdentity(seed) {
    return bech32.encode("age-secret-key-pq-", bech32.toWords(seed), false).toUpperCase();
  }

  // src/deployment.ts
  var DEPLOYMENT = /^[a-z0-9][a-z0-9-]{0,62}-[a-z2-7]{8}$/;
  function checkDeployment(text) {
    demand(DEPLOYMENT.test(text), "a deployment is a name, a hyphen and 8 characters of a-z2-7");
    return text;
  }

  // src/redaction.ts
  var D = "testimony-intake/redact/v1";
  var SEED_SIZE = 16;
  var WORD = /[\t\n\r ]*[^\t\n\r ]+|[\t\n\r ]+$/g;
  var LEAF = join("\0", D, "/leaf");
  var NODE = join("", D, "/node");
  var SIDES = [join(D, "/ggm\0"), join(D, "/ggm")];
  var VOID = ["v", ""];
  function words(text) {
    return text.match(WORD) ?? [];
  }
  async function root(seed, facts, fields) {
    const breath = new Breath();
    const row = withVoids(seed, tokens(facts, fields));
    let salts = [seed];
    while (salts.length < row.length) {
      salts = await breath.map(
        salts.length * 2,
        (i) => sha2562(SIDES[i % 2], at(salts, i >> 1)).subarray(0, SEED_SIZE)
      );
    }
    let hashes = await breath.map(row.length, (i) => leaf(at(row, i), at(salts, i)));
    while (hashes.length > 1) {
      hashes = await breath.map(
        hashes.length / 2,
        (i) => sha2562(NODE, at(hashes, 2 * i), at(hashes, 2 * i + 1))
      );
    }
    return at(hashes, 0);
  }
  function leaf([kind, value], salt) {
    const bytes = join(value);
    return sha2562(LEAF, kind, salt, u322(bytes.length), bytes);
  }
  function tokens(facts, fields) {
    return [
      ...facts.map((fact) => ["m", fact]),
      ...fields.flatMap(([path, text]) => [
        ["f", path],
        ...words(text).map((word) => ["w", word])
      ])
    ];
  }
  function withVoids(seed, plain) {
    const row = [];
    let counts = new Uint8Array();
    plain.forEach((token, i) => {
      if (i % 32 === 0) counts = new Uint8Array(sha2562(D, "/voids\0", seed, u322(i / 32)));
      row.push(token);
      for (let voids = at(counts, i % 32) % 3; voids > 0; voids--) row.push(VOID);
    });
    let size = 1;
    while (size < row.length) size *= 2;
    while (row.length < size) row.push(VOID);
    return row;
  }
  function at(row, place) {
    return row[place];
  }

  // src/container.ts
  var MAGIC = "INTK1\0\0\0";
  var VERSION = 1;
  var SIZES = [64, 256, 1024, 4096, 8192, 16384, 32768, 65536].map(
    (kib) => kib * 1024
  );
  var MAX_MANIFEST = 1024 * 1024;
  var ROSTER = /^sha256:[0-9a-f]{64}$/;
  async function container(testimony, about) {
    checkDeployment(about.deployment);
    demand(ROSTER.test(about.roster), "a roster is named by its sha256");
    demand(about.seed.length === SEED_SIZE, "a redaction seed is 16 bytes");
    const { kind, form: form2, consent, fields } = testimony;
    const { mailbox, to } = await about.author.holder.reply();
    const facts = [
      ["kind", kind],
      ["mode", about.mode],
      ["form", { ...form2 }],
      ...consent.map((row) => ["consent", row])
    ];
    const redactRoot = await root(about.seed, facts.map((fact) => encode(fact)), fields);
    const manifest = encode({
      v: VERSION,
      kind,
      mode: about.mode,
      form: { ...form2 },
      consent,
      deployment: about.deployment,
      roster: about.roster,
      epoch: about.epoch.toString(),
      fields,
      files: [],
      redact: { root: b64(redactRoot), seed: b64(about.seed) },
      reply: { mailbox: b64(mailbox), to },
      withdraw: b64(about.author.withdrawCommit)
    });
    return { manifest, redactRoot, bytes: padded(manifest) };
  }
  function padded(manifest) {
    const text = join(manifest);
    demand(text.length <= MAX_MANIFEST, "the manifest is larger than 1 MiB");
    const filled = join(MAGIC, u322(text.length), text);
    const bytes = new Uint8Array(sizeFor(filled.length));
    bytes.set(filled);
    return bytes;
  }
  function sizeFor(length) {
    const size = SIZES.find((size2) => length <= size2);
    demand(size !== void 0, "more than fits into 64 MiB");
    return size;
  }

  // src/author.ts
  var D2 = "testimony-intake/codename/v1";
  var STATUS_SIZE = 16;
  var REPLIES = 64;
  var HINT_SIZE = 16;
  var KEY_SIZE2 = 32;
  var WEEKS = 104;
  var IN_A_WEEK = 256;
  var Holder = class _Holder {
    #prk;
    #reply;
    constructor(prk) {
      demand(prk.length === KEY_SIZE2, "32 bytes");
      this.#prk = prk;
    }
    /** Of no code: nobody can come back with it. */
    static fresh() {
      return new _Holder(random(KEY_SIZE2));
    }
    /** The age identity to which replies are sealed. */
    get identity() {
      return spellIdentity(expand2(this.#prk, "reply-seed", "", 32));
    }
    /** For the reviewers alone: the server never sees it. The same under one code. */
    reply() {
      this.#reply ??= this.#makeReply();
      return this.#reply;
    }
    async #makeReply() {
      return { mailbox: this.mailbox, to: await identityToRecipient(this.identity) };
    }
    /** 32 bytes by which replies are found. */
    get mailbox() {
      return expand2(this.#prk, "mailbox", "", 32);
    }
    /**
     * The `withdraw` of every counter of the last 104 weeks, newest week first (docs/format.md 23):
     * nothing is kept of what was sent, so all that can be are tried. Takes its time, in short pieces.
     */
    async withdrawals(now) {
      const all = new Uint8Array(WEEKS * IN_A_WEEK * KEY_SIZE2);
      const keyed = hmac.create(sha256, this.#prk);
      await new Breath().map(WEEKS * IN_A_WEEK, (i) => {
        const week = now.number - Math.floor(i / IN_A_WEEK);
        const context = u322(week * IN_A_WEEK + i % IN_A_WEEK);
        all.set(keyed.clone().update(block("withdraw", context)).digest(), i * KEY_SIZE2);
      });
      return all;
    }
    /** The secrets of one submission under this code. */
    author(counter) {
      return new Author(this.#prk, counter, this);
    }
  };
  var Author = class {
    #prk;
    #counter;
    /** Whose submission it is. */
    holder;
    constructor(prk, counter, holder = new Holder(prk)) {
      const fits = Number.isInteger(counter) && 0 <= counter && counter < 2 ** 32;
      demand(prk.length === KEY_SIZE2 && fits, "32 bytes and a 32-bit counter");
      this.#prk = prk;
      this.#counter = counter;
      this.holder = holder;
    }
    /** New secrets without a code, from the browser's randomness. */
    static fresh(epoch) {
      return Holder.fresh().author(freshCounter(epoch));
    }
    /** 16 bytes; the server keeps only their `status`. */
    get statusId() {
      return this.#expand("status-id", 16);
    }
    /** The 16 bytes under which the server keeps the submission. */
    get status() {
      return sha2562(this.statusId).slice(0, STATUS_SIZE);
    }
    /** 32 bytes that, shown, withdraw the submission. */
    get withdraw() {
      return this.#expand("withdraw", 32);
    }
    /** What stands in the opening and in the container, so that nobody else can withdraw. */
    get withdrawCommit() {
      return sha2562(D2, "/withdraw-commit\0", this.withdraw);
    }
    /** The opening's `salt`, 32 bytes. */
    get leafSalt() {
      return this.#expand("leaf-salt", 32);
    }
    #expand(label, length) {
      return expand2(this.#prk, label, u322(this.#counter), length);
    }
  };
  function freshCounter(epoch) {
    return epoch.number * IN_A_WEEK + random(1)[0];
  }
  function hintOf(mailbox, number) {
    return expand2(mailbox, "reply-hint", u322(number), 16);
  }
  function expand2(key, label, context, length) {
    return hmac(sha256, key, block(label, context)).slice(0, length);
  }
  function block(label, context) {
    return join(D2, "/", label, "\0", context, "");
  }

  // src/opening.ts
  function publicLines({ epoch, redact, salt }) {
    return `event submitted
epoch ${epoch}
redact ${hash(redact)}
salt ${hash(salt)}
`;
  }
  function privateLines({ envelope, roster, withdrawCommit, salt2 }) {
    return `envelope ${hash(envelope)}
roster ${roster}
withdraw-commit ${hash(withdrawCommit)}
salt2 ${hash(salt2)}
`;
  }
  function commitOf(open3, hidden) {
    return sha2562("testimony-intake/leaf/v1\0", open3, "\0", sha2562(hidden));
  }
  function letterHead(status, opening) {
    demand(status.length === STATUS_SIZE, "a status is 16 bytes");
    const lines2 = publicLines(opening) + privateLines(opening);
    return join(`testimony-intake/letter/v1
status ${b64(status)}
${lines2}
`);
  }
  function hash(value) {
    demand(value.length === 32, "an opening's hashes and salts are 32 bytes");
    return b64(value);
  }

  // src/seal.ts
  var STANZA = "-> mlkem768x25519 ";
  var CHUNK = 65536;
  async function seal(testimony, roster, epoch, author, mode2 = "browser") {
    const { bytes, redactRoot } = await container(testimony, {
      mode: mode2,
      deployment: roster.deployment,
      roster: roster.digest,
      epoch,
      seed: random(SEED_SIZE),
      author
    });
    const sealed = await encrypt(bytes, roster.reviewers.map(({ recipient }) => recipient));
    const head = letterHead(author.status, {
      epoch,
      redact: redactRoot,
      salt: author.leafSalt,
      envelope: sha2562(sealed),
      roster: roster.digest,
      withdrawCommit: author.withdrawCommit,
      salt2: random(32)
    });
    return join(head, sealed);
  }
  async function encrypt(plaintext, recipients) {
    demand(recipients.length > 0, "there is no reviewer to seal to");
    demand(new Set(recipients).size === recipients.length, "two reviewers have one recipient");
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(parseRecipient(recipient));
    const sealed = join(await encrypter.encrypt(plaintext));
    const expected = sealedLength(recipients.length, plaintext.length);
    demand(sealed.length === expected, "the sealed object has another length");
    demand(countStanzas(sealed) === recipients.length, "the sealed object has other stanzas");
    return sealed;
  }
  function sealedLength(recipients, plaintext) {
    return 70 + 1557 * recipients + 16 + plaintext + 16 * Math.max(1, Math.ceil(plaintext / CHUNK));
  }
  function countStanzas(sealed) {
    const lines2 = new TextDecoder("windows-1252").decode(sealed.subarray(0, CHUNK)).split("\n");
    const stanzas = lines2.slice(0, lines2.findIndex((line3) => line3.startsWith("--- "))).filter((line3) => line3.startsWith("-> "));
    return stanzas.every((line3) => line3.startsWith(STANZA)) ? stanzas.length : -1;
  }

  // src/selftest.ts
  var KNOWN_SEED = "intake test identity 1";
  var KNOWN_PLAINTEXT = "intake self-test";
  var KNOWN_FILE = [
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IG1sa2VtNzY4eDI1NTE5IGU4MzhEUlN0a2RtOTBldWlsWnV3WmdkZjdm",
    "c1dDQkRQWHhIOVBJVTBrUDB2aGJTS3I2VGYyVUpRYWt4Yld1SUplOVp1MkRMdnlzMU4xWTFxSXRsZWRkOGk1bk1R",
    "WE5zWE1PNkRHcE0rYmdQOFJDTjVzVXlLbUhhVzZTcHcrMVJEcjlBYjJDR1grdDh6Y2pRRWlGelhXR1prVFJjMzJr",
    "MGpzeDc2Ui9ScXUxQ3M4aXZ1K2pBLzhTK1B4UG1nc1p4OVFJcmRMMGxYUERCMnNPdkYxT2dEQU0yOCtrWXVvaXhE",
    "b0Q5bE9QcDFXNDVjSFk1OGh4cjRua1FJdXZtSUJ4RUhOZVBabzFrUEEwbkpSQ0sxOW91ZDNhRXN4ekxrSGdaeWNo",
    "ZkF2K0JndTBxcTNpZE5JWEdIOVVjSW1ISHRLS0JsRGhRUVB1clRMeUYvZXBnb0h2aXA5ZDQ1RUZjem5yOVdYa1RK",
    "ODhhMTU0TU5pMkxEb1A2SkxmMXVUREthbS9ZK05DdnlWb25VQnU2TlpHTlltVG5BSDJIb0VTQTd6NHYyV0JlQVVP",
    "T1lBeDhVSi8yMG1MaHhpZFZWa2huOHFXOFZXUUxmTTFyL3drT1VoMDByQTBma1hTWGtSRjdoeUpZYk1rTldDb1Z6",
    "VXFoYklsU3V2bmF4cE5qR2JaSnBja2tlWUpvdWorSmIxYlIzeGRvQTY1a2hoZUxjR3laWm5NcTh5dFVISk0rS2Ni",
    "QmEwbkh2dFQ2RU1iaGFLcStOc0FOdTIxT2FzandrVlpGUXRUN2JBeGR3Y3BsTFZsSU9YM1hzRHI3Z1FpVmlJSXV3",
    "TlBpdjFUeTBQVVp4QmRja3J2Y1gyNENhSzZkVnI4N2dYcEVKbjAzbjNRRXFMaklZd2ZjSWhDWjdVQjM4L3pJT0JK",
    "ZlBSQ3lEMzQySWN2SEExS0Q0YmlrMHB4OEtpVzNEbnl2Z3NwL1hVakFhVDRXNWI4T0hBM0c2NmJTcW9qeTl6dnBP",
    "R0VJcU83cm5hOVlHbS94RFYxdkYvNExrYUFZc1RsUEpHUHVrNzQ0NG1xMFptSS8wM2JkaGU0YkNqTnk4aWErWlRv",
    "TFJuQ3ZWcEZVaW5HZ0ppOTRlTjZiamVEUjhVSkFOSVlSV0FpdXhUSXQ4UktGWnhQWXdsWUZxRUE0d0tkTmNBZXpL",
    "Y25BK0tJbXJCTGdtSVVhNnJJZWRjeDNOUk1oRnVZaUt1U2NXVkhOeGxieU9IdWM5N1dGU1lwakZuYTJwUDJ0eE5k",
    "S0ZsS21DUURDZ0NhZ08xcmNMSCtWbjF5NHNVYTloenp3ekMxSVd2YmhuWVp4aFl6QXQrRGc3RGJ6VGw0WUd5bDRL",
    "SU5icFR1N3VuSWdZVjdTeVI0bk5SQkw2OGc3WWIxaXl0TjdHOUVzWHAyR1lPcEJWa2RxRVRjUXZ0NFBZVzk0MWxL",
    "cjVyNW5KYzg3YWxIVWdnWVN5QW5jd1dDTllpV0JIbENGOTFjTzljL1pxb2o1RTFra2hjcmR1NDQ0YW91TlpWOTk3",
    "SitnU1hNTlZZMFdDUU9lc2xZQWsyTEZwc1pZQWhPaFhwVjRUMGc2bDBobWNvRHlidlNvTUk2SlhnbUR3MzA3amhO",
    "bXlUeEI4elBLVnNKK3BXWFdZZDQxc2FkaWcycEpFVmVJNlNDUlljd3ZvamliWm9EcHcrSzJZcVV4RTRGR3NLQzNs",
    "bzU5K0hqeFc5UmhOYkV0WGxRTXlYZUxGVHZrMXFzRWVnSDJNVS9tQTR1aVlZZ2U5cXBBc09oYVRMcGtGdkd2ckpJ",
    "R2lmbUZ2UmRxREpXMTVub2dXZks4RGtheS9RRkR0OEthK2JkTUZBYnBhR2tQQWFHazVPNGJCdloveDFZT2lEaVFI",
    "UW9jblJ2NThkUzZlYmkraU0vSGdPWkt2Q1Y1QVdQamVaQlE0eWJlQ0VlVEFZMnhXQnBHQkdYYjJybFkwRnlibDBj",
    "a0JaYmNiL1gzNUR1SmFYUQo2Q2V2RGZOY3BSZW1hSk9WbTJoOFF3TktzYXNpSEJmSnlWTDFGd2Z5VTdBCi0tLSA3",
    "Nm0wMVZiRWl4QWZLZmQ1ZnFnQWp3eGpTRnc0bWp3WnBvSHNVMmsrczlRCoogOn/z4/8OBcHXlNumrFOpl9SgLmO0",
    "i7/XxrOg1bIFaFN93YG2PKk0xE1NX5GV4Q=="
  ].join("");
  async function selfTest() {
    const plaintext = random(32);
    check(!equal(plaintext, random(32)), "the random generator repeats itself");
    const knownIdentity = spellIdentity(sha2562(KNOWN_SEED));
    const known = await open(unb64(KNOWN_FILE, "known file"), knownIdentity);
    check(equal(known, join(KNOWN_PLAINTEXT)), "a known file does not open to what it holds");
    const identity = await generateHybridIdentity();
    const sealed = await encrypt(plaintext, [await identityToRecipient(identity)]);
    const opened = await open(sealed, identity);
    check(equal(opened, plaintext), "what was sealed does not open to the same");
    const byAnother = await open(sealed, knownIdentity).then(
      () => true,
      () => false
    );
    check(!byAnother, "another key opens what was sealed");
  }
  async function open(sealed, identity) {
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    return await decrypter.decrypt(sealed);
  }
  function check(holds, phrase) {
    if (!holds) throw new ProofError(phrase);
  }

  // src/epoch.ts
  var DAY = 864e5;
  var FIRST_MONDAY = Date.UTC(1970, 0, 5);
  var Epoch = class _Epoch {
    constructor(number) {
      this.number = number;
    }
    number;
    /** Read `2026-W47`; the inverse of `toString`. */
    static parse(text) {
      const match = /^([0-9]{4})-W([0-9]{2})$/.exec(text);
      demand(match !== null, "an epoch is written like 2026-W47");
      const year = Number(match[1]);
      const epoch = _Epoch.of(utc(year, 4) + (Number(match[2]) - 1) * 7 * DAY);
      demand(epoch.toString() === text, "no such week");
      return epoch;
    }
    /** The epoch that holds this moment, in milliseconds since 1970. */
    static of(milliseconds) {
      const number = Math.floor((milliseconds - FIRST_MONDAY) / (7 * DAY));
      demand(number >= 0 && Number.isSafeInteger(number), "no such week");
      return new _Epoch(number);
    }
    /** The epoch `weeks` later. */
    plus(weeks) {
      return new _Epoch(this.number + weeks);
    }
    /** Its Sunday, in milliseconds since 1970. */
    get lastDay() {
      return FIRST_MONDAY + (this.number * 7 + 6) * DAY;
    }
    toString() {
      const thursday = new Date(FIRST_MONDAY + this.number * 7 * DAY + 3 * DAY);
      const year = thursday.getUTCFullYear();
      const week = Math.floor((thursday.getTime() - utc(year, 1)) / (7 * DAY)) + 1;
      return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
    }
  };
  function utc(year, dayOfJanuary) {
    return Date.UTC(year < 100 ? 100 : year, 0, dayOfJanuary);
  }

  // node_modules/@noble/post-quantum/ml-dsa.js
  /*! noble-post-quantum - MIT License (c) 2024 Paul Miller (paulmillr.com) */
  function validateInternalOpts(opts2) {
    validateOpts2(opts2);
    if (opts2.externalMu !== void 0)
      abool2(opts2.externalMu, "opts.externalMu");
  }
  var N2 = 256;
  var Q2 = 8380417;
  var ROOT_OF_UNITY2 = 1753;
  var F2 = 8347681;
  var D3 = 13;
  var GAMMA2_1 = Math.floor((Q2 - 1) / 88) | 0;
  var GAMMA2_2 = Math.floor((Q2 - 1) / 32) | 0;
  var PARAMS2 = /* @__PURE__ */ (() => Object.freeze({
    2: Object.freeze({
      K: 4,
      L: 4,
      D: D3,
      GAMMA1: 2 ** 17,
      GAMMA2: GAMMA2_1,
      TAU: 39,
      ETA: 2,
      OMEGA: 80
    }),
    3: Object.freeze({
      K: 6,
      L: 5,
      D: D3,
      GAMMA1: 2 ** 19,
      GAMMA2: GAMMA2_2,
      TAU: 49,
      ETA: 4,
      OMEGA: 55
    }),
    5: Object.freeze({
      K: 8,
      L: 7,
      D: D3,
      GAMMA1: 2 ** 19,
      GAMMA2: GAMMA2_2,
      TAU: 60,
      ETA: 2,
      OMEGA: 75
    })
  }))();
  var newPoly = (n) => new Int32Array(n);
  var crystals2 = /* @__PURE__ */ genCrystals({
    N: N2,
    Q: Q2,
    F: F2,
    ROOT_OF_UNITY: ROOT_OF_UNITY2,
    newPoly,
    isKyber: false,
    brvBits: 8
  });
  var id = (n) => n;
  var polyCoder2 = (d, compress2 = id, verify = id) => crystals2.bitsCoder(d, {
    encode: (i) => compress2(verify(i)),
    decode: (i) => verify(compress2(i))
  });
  var polyAdd2 = (a_, b_) => {
    const a = a_;
    const b = b_;
    for (let i = 0; i < a.length; i++)
      a[i] = crystals2.mod(a[i] + b[i]);
    return a;
  };
  var polySub2 = (a_, b_) => {
    const a = a_;
    const b = b_;
    for (let i = 0; i < a.length; i++)
      a[i] = crystals2.mod(a[i] - b[i]);
    return a;
  };
  var polyShiftl = (p_) => {
    const p = p_;
    for (let i = 0; i < N2; i++)
      p[i] <<= D3;
    return p;
  };
  var polyChknorm = (p_, B) => {
    const p = p_;
    for (let i = 0; i < N2; i++)
      if (Math.abs(crystals2.smod(p[i])) >= B)
        return true;
    return false;
  };
  var MultiplyNTTs2 = (a_, b_) => {
    const a = a_;
    const b = b_;
    const c = newPoly(N2);
    for (let i = 0; i < a.length; i++)
      c[i] = crystals2.mod(a[i] * b[i]);
    return c;
  };
  function RejNTTPoly(xof_) {
    const xof = xof_;
    const r = newPoly(N2);
    for (let j = 0; j < N2; ) {
      const b = xof();
      if (b.length % 3)
        throw new Error("RejNTTPoly: unaligned block");
      for (let i = 0; j < N2 && i <= b.length - 3; i += 3) {
        const t = (b[i + 0] | b[i + 1] << 8 | b[i + 2] << 16) & 8388607;
        if (t < Q2)
          r[j++] = t;
      }
    }
    return r;
  }
  function getDilithium(opts_) {
    const opts2 = opts_;
    const { K, L, GAMMA1, GAMMA2, TAU, ETA, OMEGA } = opts2;
    const { CRH_BYTES, TR_BYTES, C_TILDE_BYTES, XOF128: XOF1282, XOF256: XOF2562, securityLevel } = opts2;
    if (![2, 4].includes(ETA))
      throw new Error("Wrong ETA");
    if (![1 << 17, 1 << 19].includes(GAMMA1))
      throw new Error("Wrong GAMMA1");
    if (![GAMMA2_1, GAMMA2_2].includes(GAMMA2))
      throw new Error("Wrong GAMMA2");
    const BETA = TAU * ETA;
    const decompose = (r) => {
      const rPlus = crystals2.mod(r);
      const r0 = crystals2.smod(rPlus, 2 * GAMMA2) | 0;
      if (rPlus - r0 === Q2 - 1)
        return { r1: 0 | 0, r0: r0 - 1 | 0 };
      const r1 = Math.floor((rPlus - r0) / (2 * GAMMA2)) | 0;
      return { r1, r0 };
    };
    const HighBits = (r) => decompose(r).r1;
    const LowBits = (r) => decompose(r).r0;
    const MakeHint = (z, r) => {
      const res0 = z <= GAMMA2 || z > Q2 - GAMMA2 || z === Q2 - GAMMA2 && r === 0 ? 0 : 1;
      return res0;
    };
    const UseHint = (h, r) => {
      const m = Math.floor((Q2 - 1) / (2 * GAMMA2));
      const { r1, r0 } = decompose(r);
      if (h === 1)
        return r0 > 0 ? crystals2.mod(r1 + 1, m) | 0 : crystals2.mod(r1 - 1, m) | 0;
      return r1 | 0;
    };
    const Power2Round = (r) => {
      const rPlus = crystals2.mod(r);
      const r0 = crystals2.smod(rPlus, 2 ** D3) | 0;
      return { r1: Math.floor((rPlus - r0) / 2 ** D3) | 0, r0 };
    };
    const hintCoder = {
      bytesLen: OMEGA + K,
      encode: (h_) => {
        const h = h_;
        if (h === false)
          throw new Error("hint.encode: hint is false");
        const res = new Uint8Array(OMEGA + K);
        for (let i = 0, k = 0; i < K; i++) {
          for (let j = 0; j < N2; j++)
            if (h[i][j] !== 0)
              res[k++] = j;
          res[OMEGA + i] = k;
        }
        return res;
      },
      decode: (buf) => {
        const h = [];
        let k = 0;
        for (let i = 0; i < K; i++) {
          const hi = newPoly(N2);
          if (buf[OMEGA + i] < k || buf[OMEGA + i] > OMEGA)
            return false;
          for (let j = k; j < buf[OMEGA + i]; j++) {
            if (j > k && buf[j] <= buf[j - 1])
              return false;
            hi[buf[j]] = 1;
          }
          k = buf[OMEGA + i];
          h.push(hi);
        }
        for (let j = k; j < OMEGA; j++)
          if (buf[j] !== 0)
            return false;
        return h;
      }
    };
    const ETACoder = polyCoder2(ETA === 2 ? 3 : 4, (i) => ETA - i, (i) => {
      if (!(-ETA <= i && i <= ETA))
        throw new Error(`malformed key s1/s3 ${i} outside of ETA range [${-ETA}, ${ETA}]`);
      return i;
    });
    const T0Coder = polyCoder2(13, (i) => (1 << D3 - 1) - i);
    const T1Coder = polyCoder2(10);
    const ZCoder = polyCoder2(GAMMA1 === 1 << 17 ? 18 : 20, (i) => crystals2.smod(GAMMA1 - i));
    const W1Coder = polyCoder2(GAMMA2 === GAMMA2_1 ? 6 : 4);
    const W1Vec = vecCoder(W1Coder, K);
    const publicCoder = splitCoder("publicKey", 32, vecCoder(T1Coder, K));
    const secretCoder = splitCoder("secretKey", 32, 32, TR_BYTES, vecCoder(ETACoder, L), vecCoder(ETACoder, K), vecCoder(T0Coder, K));
    const sigCoder = splitCoder("signature", C_TILDE_BYTES, vecCoder(ZCoder, L), hintCoder);
    const CoefFromHalfByte = ETA === 2 ? (n) => n < 15 ? 2 - n % 5 : false : (n) => n < 9 ? 4 - n : false;
    function RejBoundedPoly(xof_) {
      const xof = xof_;
      const r = newPoly(N2);
      for (let j = 0; j < N2; ) {
        const b = xof();
        for (let i = 0; j < N2 && i < b.length; i += 1) {
          const d1 = CoefFromHalfByte(b[i] & 15);
          const d2 = CoefFromHalfByte(b[i] >> 4 & 15);
          if (d1 !== false)
            r[j++] = d1;
          if (j < N2 && d2 !== false)
            r[j++] = d2;
        }
      }
      return r;
    }
    const SampleInBall = (seed) => {
      const pre = newPoly(N2);
      const s = shake256.create({}).update(seed);
      const buf = new Uint8Array(shake256.blockLen);
      s.xofInto(buf);
      const masks = buf.slice(0, 8);
      for (let i = N2 - TAU, pos = 8, maskPos = 0, maskBit = 0; i < N2; i++) {
        let b = i + 1;
        for (; b > i; ) {
          b = buf[pos++];
          if (pos < shake256.blockLen)
            continue;
          s.xofInto(buf);
          pos = 0;
        }
        pre[i] = pre[b];
        pre[b] = 1 - ((masks[maskPos] >> maskBit++ & 1) << 1);
        if (maskBit >= 8) {
          maskPos++;
          maskBit = 0;
        }
      }
      return pre;
    };
    const polyPowerRound = (p_) => {
      const p = p_;
      const res0 = newPoly(N2);
      const res1 = newPoly(N2);
      for (let i = 0; i < p.length; i++) {
        const { r0, r1 } = Power2Round(p[i]);
        res0[i] = r0;
        res1[i] = r1;
      }
      return { r0: res0, r1: res1 };
    };
    const polyUseHint = (u_, h_) => {
      const u = u_;
      const h = h_;
      for (let i = 0; i < N2; i++)
        u[i] = UseHint(h[i], u[i]);
      return u;
    };
    const polyMakeHint = (a_, b_) => {
      const a = a_;
      const b = b_;
      const v = newPoly(N2);
      let cnt = 0;
      for (let i = 0; i < N2; i++) {
        const h = MakeHint(a[i], b[i]);
        v[i] = h;
        cnt += h;
      }
      return { v, cnt };
    };
    const signRandBytes = 32;
    const seedCoder = splitCoder("seed", 32, 64, 32);
    const internal = Object.freeze({
      info: Object.freeze({ type: "internal-ml-dsa" }),
      lengths: Object.freeze({
        secretKey: secretCoder.bytesLen,
        publicKey: publicCoder.bytesLen,
        seed: 32,
        signature: sigCoder.bytesLen,
        signRand: signRandBytes
      }),
      keygen: (seed) => {
        const seedDst = new Uint8Array(32 + 2);
        const randSeed = seed === void 0;
        if (randSeed)
          seed = randomBytes4(32);
        abytesDoc(seed, 32, "seed");
        seedDst.set(seed);
        if (randSeed)
          cleanBytes(seed);
        seedDst[32] = K;
        seedDst[33] = L;
        const [rho, rhoPrime, K_] = seedCoder.decode(shake256(seedDst, { dkLen: seedCoder.bytesLen }));
        const xofPrime = XOF2562(rhoPrime);
        const s1 = [];
        for (let i = 0; i < L; i++)
          s1.push(RejBoundedPoly(xofPrime.get(i & 255, i >> 8 & 255)));
        const s2 = [];
        for (let i = L; i < L + K; i++)
          s2.push(RejBoundedPoly(xofPrime.get(i & 255, i >> 8 & 255)));
        const s1Hat = s1.map((i) => crystals2.NTT.encode(i.slice()));
        const t0 = [];
        const t1 = [];
        const xof = XOF1282(rho);
        const t = newPoly(N2);
        for (let i = 0; i < K; i++) {
          cleanBytes(t);
          for (let j = 0; j < L; j++) {
            const aij = RejNTTPoly(xof.get(j, i));
            polyAdd2(t, MultiplyNTTs2(aij, s1Hat[j]));
          }
          crystals2.NTT.decode(t);
          const { r0, r1 } = polyPowerRound(polyAdd2(t, s2[i]));
          t0.push(r0);
          t1.push(r1);
        }
        const publicKey = publicCoder.encode([rho, t1]);
        const tr = shake256(publicKey, { dkLen: TR_BYTES });
        const secretKey = secretCoder.encode([rho, K_, tr, s1, s2, t0]);
        xof.clean();
        xofPrime.clean();
        cleanBytes(rho, rhoPrime, K_, s1, s2, s1Hat, t, t0, t1, tr, seedDst);
        return {
          publicKey,
          secretKey
        };
      },
      getPublicKey: (secretKey) => {
        const [rho, _K, _tr, s1, s2, _t0] = secretCoder.decode(secretKey);
        const xof = XOF1282(rho);
        const s1Hat = s1.map((p) => crystals2.NTT.encode(p.slice()));
        const t1 = [];
        const tmp = newPoly(N2);
        for (let i = 0; i < K; i++) {
          tmp.fill(0);
          for (let j = 0; j < L; j++) {
            const aij = RejNTTPoly(xof.get(j, i));
            polyAdd2(tmp, MultiplyNTTs2(aij, s1Hat[j]));
          }
          crystals2.NTT.decode(tmp);
          polyAdd2(tmp, s2[i]);
          const { r1 } = polyPowerRound(tmp);
          t1.push(r1);
        }
        xof.clean();
        cleanBytes(tmp, s1Hat, _t0, s1, s2);
        return publicCoder.encode([rho, t1]);
      },
      // NOTE: random is optional.
      sign: (msg, secretKey, opts3 = {}) => {
        validateSigOpts2(opts3);
        validateInternalOpts(opts3);
        let { extraEntropy: random2, externalMu = false } = opts3;
        const [rho, _K, tr, s1, s2, t0] = secretCoder.decode(secretKey);
        const A = [];
        const xof = XOF1282(rho);
        for (let i = 0; i < K; i++) {
          const pv = [];
          for (let j = 0; j < L; j++)
            pv.push(RejNTTPoly(xof.get(j, i)));
          A.push(pv);
        }
        xof.clean();
        for (let i = 0; i < L; i++)
          crystals2.NTT.encode(s1[i]);
        for (let i = 0; i < K; i++) {
          crystals2.NTT.encode(s2[i]);
          crystals2.NTT.encode(t0[i]);
        }
        const mu = externalMu ? msg : (
          // 6: µ ← H(tr||M, 512)
          //    ▷ Compute message representative µ
          shake256.create({ dkLen: CRH_BYTES }).update(tr).update(msg).digest()
        );
        const rnd = random2 === false ? new Uint8Array(32) : random2 === void 0 ? randomBytes4(signRandBytes) : random2;
        abytesDoc(rnd, 32, "extraEntropy");
        const rhoprime = shake256.create({ dkLen: CRH_BYTES }).update(_K).update(rnd).update(mu).digest();
        abytesDoc(rhoprime, CRH_BYTES);
        const x256 = XOF2562(rhoprime, ZCoder.bytesLen);
        main_loop: for (let kappa = 0; ; ) {
          const y = [];
          for (let i = 0; i < L; i++, kappa++)
            y.push(ZCoder.decode(x256.get(kappa & 255, kappa >> 8)()));
          const z = y.map((i) => crystals2.NTT.encode(i.slice()));
          const w = [];
          for (let i = 0; i < K; i++) {
            const wi = newPoly(N2);
            for (let j = 0; j < L; j++)
              polyAdd2(wi, MultiplyNTTs2(A[i][j], z[j]));
            crystals2.NTT.decode(wi);
            w.push(wi);
          }
          const w1 = w.map((j) => j.map(HighBits));
          const cTilde = shake256.create({ dkLen: C_TILDE_BYTES }).update(mu).update(W1Vec.encode(w1)).digest();
          const cHat = crystals2.NTT.encode(SampleInBall(cTilde));
          const cs1 = s1.map((i) => MultiplyNTTs2(i, cHat));
          for (let i = 0; i < L; i++) {
            polyAdd2(crystals2.NTT.decode(cs1[i]), y[i]);
            if (polyChknorm(cs1[i], GAMMA1 - BETA))
              continue main_loop;
          }
          let cnt = 0;
          const h = [];
          for (let i = 0; i < K; i++) {
            const cs2 = crystals2.NTT.decode(MultiplyNTTs2(s2[i], cHat));
            const r0 = polySub2(w[i], cs2).map(LowBits);
            if (polyChknorm(r0, GAMMA2 - BETA))
              continue main_loop;
            const ct0 = crystals2.NTT.decode(MultiplyNTTs2(t0[i], cHat));
            if (polyChknorm(ct0, GAMMA2))
              continue main_loop;
            polyAdd2(r0, ct0);
            const hint = polyMakeHint(r0, w1[i]);
            h.push(hint.v);
            cnt += hint.cnt;
          }
          if (cnt > OMEGA)
            continue;
          x256.clean();
          const res = sigCoder.encode([cTilde, cs1, h]);
          cleanBytes(cTilde, cs1, h, cHat, w1, w, z, y, rhoprime, s1, s2, t0, ...A);
          if (!externalMu)
            cleanBytes(mu);
          return res;
        }
        throw new Error("Unreachable code path reached, report this error");
      },
      verify: (sig, msg, publicKey, opts3 = {}) => {
        validateInternalOpts(opts3);
        const { externalMu = false } = opts3;
        const [rho, t1] = publicCoder.decode(publicKey);
        const tr = shake256(publicKey, { dkLen: TR_BYTES });
        if (sig.length !== sigCoder.bytesLen)
          return false;
        const [cTilde, z, h] = sigCoder.decode(sig);
        if (h === false)
          return false;
        for (let i = 0; i < L; i++)
          if (polyChknorm(z[i], GAMMA1 - BETA))
            return false;
        const mu = externalMu ? msg : (
          // 7: µ ← H(tr||M, 512)
          shake256.create({ dkLen: CRH_BYTES }).update(tr).update(msg).digest()
        );
        const c = crystals2.NTT.encode(SampleInBall(cTilde));
        const zNtt = z.map((i) => i.slice());
        for (let i = 0; i < L; i++)
          crystals2.NTT.encode(zNtt[i]);
        const wTick1 = [];
        const xof = XOF1282(rho);
        for (let i = 0; i < K; i++) {
          const ct12d = MultiplyNTTs2(crystals2.NTT.encode(polyShiftl(t1[i])), c);
          const Az = newPoly(N2);
          for (let j = 0; j < L; j++) {
            const aij = RejNTTPoly(xof.get(j, i));
            polyAdd2(Az, MultiplyNTTs2(aij, zNtt[j]));
          }
          const wApprox = crystals2.NTT.decode(polySub2(Az, ct12d));
          wTick1.push(polyUseHint(wApprox, h[i]));
        }
        xof.clean();
        const c2 = shake256.create({ dkLen: C_TILDE_BYTES }).update(mu).update(W1Vec.encode(wTick1)).digest();
        for (const t of h) {
          const sum = t.reduce((acc, i) => acc + i, 0);
          if (!(sum <= OMEGA))
            return false;
        }
        for (const t of z)
          if (polyChknorm(t, GAMMA1 - BETA))
            return false;
        return equalBytes3(cTilde, c2);
      }
    });
    return Object.freeze({
      info: Object.freeze({ type: "ml-dsa" }),
      internal,
      securityLevel,
      keygen: internal.keygen,
      lengths: internal.lengths,
      getPublicKey: internal.getPublicKey,
      sign: (msg, secretKey, opts3 = {}) => {
        validateSigOpts2(opts3);
        const M = getMessage(msg, opts3.context);
        const res = internal.sign(M, secretKey, opts3);
        cleanBytes(M);
        return res;
      },
      verify: (sig, msg, publicKey, opts3 = {}) => {
        validateVerOpts(opts3);
        return internal.verify(sig, getMessage(msg, opts3.context), publicKey);
      },
      prehash: (hash2) => {
        checkHash(hash2, securityLevel);
        return Object.freeze({
          info: Object.freeze({ type: "hashml-dsa" }),
          securityLevel,
          lengths: internal.lengths,
          keygen: internal.keygen,
          getPublicKey: internal.getPublicKey,
          sign: (msg, secretKey, opts3 = {}) => {
            validateSigOpts2(opts3);
            const M = getMessagePrehash(hash2, msg, opts3.context);
            const res = internal.sign(M, secretKey, opts3);
            cleanBytes(M);
            return res;
          },
          verify: (sig, msg, publicKey, opts3 = {}) => {
            validateVerOpts(opts3);
            return internal.verify(sig, getMessagePrehash(hash2, msg, opts3.context), publicKey);
          }
        });
      }
    });
  }
  var ml_dsa44 = /* @__PURE__ */ (() => getDilithium({
    ...PARAMS2[2],
    CRH_BYTES: 64,
    TR_BYTES: 64,
    C_TILDE_BYTES: 32,
    XOF128,
    XOF256,
    securityLevel: 128
  }))();

  // src/note.ts
  var NOTE_LIMIT = 1e6;
  var SIGNATURE_LIMIT = 100;
  var DASH = "— ";
  var CONTROL = /[\0-\x09\x0b-\x1f]/;
  var VKEY = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;
  var TYPES = [
    ["Ed25519", Uint8Array.of(1), 32],
    ["cosignature-Ed25519", Uint8Array.of(4), 32],
    ["cosignature-ML-DSA-44", Uint8Array.of(6), 1312],
    ["ML-DSA-44", join(Uint8Array.of(255), "testimony-intake/note-ml-dsa-44/v1\n"), 1312]
  ];
  var VerifierKey = class _VerifierKey {
    constructor(vkey, name, algorithm, key, keyHash) {
      this.vkey = vkey;
      this.name = name;
      this.algorithm = algorithm;
      this.key = key;
      this.keyHash = keyHash;
    }
    vkey;
    name;
    algorithm;
    key;
    keyHash;
    /** Read a vkey; throws `MalformedError`, also where its hash is not that of its key. */
    static parse(vkey) {
      const match = VKEY.exec(vkey);
      demand(match !== null, "not a verifier key (name+hash+key)");
      const [, name = "", hash2, encoded = ""] = match;
      checkName(name);
      const tagged = unb64(encoded, "verifier key");
      const type = TYPES.find(([, tag2]) => equal(tagged.subarray(0, tag2.length), tag2));
      demand(type !== void 0, `verifier key of ${name} has an unknown signature type`);
      const [algorithm, tag, length] = type;
      const key = tagged.subarray(tag.length);
      demand(key.length === length, `public key of ${name} has another length`);
      const keyHash = sha2562(name, "\n", tagged).slice(0, 4);
      demand(hex(keyHash) === hash2, `verifier key of ${name} has another key's hash`);
      return new _VerifierKey(vkey, name, algorithm, key, keyHash);
    }
    /** Throw `ProofError` unless `signature` is this key's over `text`. */
    check(text, signature) {
      let holds = false;
      try {
        if (this.algorithm === "Ed25519") {
          holds = ed25519.verify(signature, text, this.key, { zip215: false });
        } else if (this.algorithm === "ML-DSA-44") {
          holds = ml_dsa44.verify(signature, text, this.key);
        }
      } catch {
      }
      if (!holds) throw new ProofError(`signature of ${this.name} does not hold`);
    }
  };
  var Note = class _Note {
    constructor(text, signatures) {
      this.text = text;
      this.signatures = signatures;
    }
    text;
    signatures;
    /** Read a note with at least one signature line; throws `MalformedError`. */
    static parse(data) {
      demand(data.length <= NOTE_LIMIT, `note is longer than ${NOTE_LIMIT} bytes`);
      const whole = decode3(data);
      demand(!CONTROL.test(whole), "note holds a control character");
      const end = whole.lastIndexOf("\n\n");
      const tail = whole.slice(end + 2);
      demand(end >= 0 && tail.endsWith("\n"), "note has no signatures");
      const lines2 = tail.slice(0, -1).split("\n");
      demand(lines2.length <= SIGNATURE_LIMIT, `note has more than ${SIGNATURE_LIMIT} signatures`);
      return new _Note(whole.slice(0, end + 1), lines2.map(parseSignature));
    }
    /**
     * Whether `key` signed the text: false if it has no line here. A line that bears this key's name
     * and hash and does not verify is a `ProofError`, as the spec asks. Lines of other keys are
     * ignored.
     */
    signedBy(key) {
      const lines2 = this.signatures.filter(
        ({ name, keyHash }) => name === key.name && equal(keyHash, key.keyHash)
      );
      for (const { signature } of lines2) key.check(join(this.text), signature);
      return lines2.length > 0;
    }
  };
  function parseSignature(line3) {
    const space = line3.indexOf(" ", DASH.length);
    demand(line3.startsWith(DASH) && space >= 0, "not a signature line");
    const name = line3.slice(DASH.length, space);
    checkName(name);
    const raw = unb64(line3.slice(space + 1), "signature");
    demand(raw.length > 4, `signature of ${name} is too short`);
    return { name, keyHash: raw.subarray(0, 4), signature: raw.subarray(4) };
  }
  function decode3(data) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    } catch {
      throw new MalformedError("note is not valid UTF-8");
    }
  }
  function checkName(name) {
    demand(name !== "" && !/[+\s\x85]/.test(name), "key name is empty or holds a space or '+'");
  }

  // src/acknowledgement.ts
  var MARK = "\nevent submitted\n";
  var OPENING = /^(event submitted\nepoch (.*)\n(redact .*\nsalt .*\n))(envelope .*\nroster .*\nwithdraw-commit .*\nsalt2 .*\n)$/;
  function openingOf(letter) {
    const head = new TextDecoder().decode(letter.subarray(0, 1024));
    const found = OPENING.exec(head.slice(head.indexOf(MARK) + 1, head.indexOf("\n\n") + 1));
    demand(found !== null, "a letter without an opening");
    const [, , epoch = "", open3 = "", hidden = ""] = found;
    return [open3 + hidden, Epoch.parse(epoch)];
  }
  function isOwnAnswer(body) {
    return body.includes(MARK) || /^ +$/.test(body);
  }
  function isOfAnother(answer, made) {
    const opening = OPENING.exec(answer.slice(answer.indexOf(MARK) + 1));
    if (opening === null) return false;
    const [, , , rest = "", hidden = ""] = opening;
    const salt = rest.slice(rest.indexOf("\nsalt "));
    return !made.has(rest + hidden) && [...made.keys()].some((own) => own.includes(salt));
  }
  function isAcknowledged(answer, made, { roster, epoch: now }) {
    const { deployment, log } = roster;
    try {
      const end = answer.indexOf(MARK);
      const opening = OPENING.exec(answer.slice(end + 1));
      demand(end >= 0 && opening !== null, "not an acknowledgement");
      const [, open3 = "", epoch = "", rest = "", hidden = ""] = opening;
      const sealed = made.get(rest + hidden);
      demand(sealed !== void 0, "the opening is of another letter");
      const { number } = Epoch.parse(epoch);
      demand(sealed.number <= number && number <= now.number + 1, "the opening is of another week");
      const note = Note.parse(join(answer.slice(0, end)));
      const origin = `testimony-intake/${deployment}`;
      const promised = b64(commitOf(open3, hidden));
      const text = `testimony-intake/promise/v1
${origin}
${epoch}
${promised}
`;
      demand(note.text === text, "the promise is of something else");
      return log === void 0 || note.signedBy(log);
    } catch {
      return false;
    }
  }

  // src/roots.ts
  var HOLDER_LIMIT = 16;
  var RootSet = class {
    /**
     * Throws `MalformedError` unless each holder has exactly one Ed25519 and one ML-DSA-44 key, no
     * key stands twice, and 1 <= threshold <= holders <= 16.
     */
    constructor(threshold, keys) {
      this.threshold = threshold;
      this.keys = keys;
      checkDistinctKeys(keys);
      const holders = /* @__PURE__ */ new Map();
      for (const key of keys) holders.set(key.name, [...holders.get(key.name) ?? [], key]);
      for (const [name, own] of holders) {
        const algorithms = own.map(({ algorithm }) => algorithm).sort();
        const both = algorithms.join() === "Ed25519,ML-DSA-44";
        demand(both, `root holder ${name} must have one Ed25519 and one ML-DSA-44 key`);
      }
      const fits = Number.isInteger(threshold) && 1 <= threshold && threshold <= holders.size;
      demand(fits, `root threshold does not fit ${holders.size} holders`);
      demand(holders.size <= HOLDER_LIMIT, `more than ${HOLDER_LIMIT} root holders`);
      this.holders = holders;
    }
    threshold;
    keys;
    /** Every holder's keys by name, in the order listed. */
    holders;
    /** 30 digits in 6 groups of 5 (protocol 9.4), equal however the keys are ordered. */
    get fingerprint() {
      const vkeys = this.keys.map(({ vkey }) => `${vkey}
`).sort();
      const label = "testimony-intake/root-fingerprint/v1\0";
      const digest = sha2562(label, `${this.threshold}\0`, vkeys.join(""));
      const digits = (BigInt(`0x${hex(digest)}`) % 10n ** 30n).toString().padStart(30, "0");
      return (digits.match(/.{5}/g) ?? []).join(" ");
    }
    /** Throw unless enough holders signed with all their keys: names are counted, never keys. */
    checkSigned(note) {
      let names = 0;
      for (const keys of this.holders.values()) {
        if (keys.map((key) => note.signedBy(key)).every(Boolean)) names++;
      }
      if (names < this.threshold) {
        throw new RosterError(`roster is signed by ${names} of the ${this.threshold} it needs`);
      }
    }
  };
  function checkDistinctKeys(keys) {
    const bare = new Set(keys.map(({ key }) => hex(key)));
    demand(bare.size === keys.length, "one key is listed twice");
    const marks = new Set(keys.map(({ name, keyHash }) => `${name} ${hex(keyHash)}`));
    demand(marks.size === keys.length, "two keys have one name and hash");
  }
  function parseNumber(text, what) {
    demand(/^[1-9][0-9]{0,8}$/.test(text), `${what} is not a number from 1 to 999999999`);
    return Number(text);
  }

  // src/roster_text.ts
  var HEADER = "testimony-intake/roster/v1";
  var REVIEWER_LIMIT = 32;
  var NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
  var DIGEST = /^sha256:[0-9a-f]{64}$/;
  var DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
  function parseRoster(text) {
    const lines2 = new Lines(text);
    const deployment = checkDeployment(lines2.one("deployment"));
    const version = parseNumber(lines2.one("version"), "version");
    const previous = lines2.all("previous", 1)[0];
    const issued = parseDate(lines2.one("issued"));
    const expires = parseDate(lines2.one("expires"));
    const open3 = parseNumber(lines2.one("open"), "open");
    const reviewers = readReviewers(lines2);
    const revoked = lines2.take("revoked").map((line3) => readRevocation(line3));
    const threshold = parseNumber(lines2.one("root-threshold"), "root-threshold");
    const roots = new RootSet(threshold, lines2.all("root").map(VerifierKey.parse));
    const log = lines2.all("log", 1).map(VerifierKey.parse);
    const quorum = lines2.all("quorum", 1).map((value) => parseNumber(value, "quorum"))[0];
    const witnesses = lines2.all("witness").map(VerifierKey.parse);
    const code = lines2.all("code").map(VerifierKey.parse);
    lines2.end();
    demand(version === 1 === (previous === void 0), "previous is left out in version 1 only");
    if (previous !== void 0) matched(DIGEST, previous, "previous");
    demand(issued <= expires, "roster expires before it is issued");
    checkReviewers(reviewers, revoked);
    demand(open3 <= reviewers.length, "open does not fit the number of reviewers");
    if (open3 !== 1) throw new RosterError(`open ${open3} is not supported by this version`);
    checkAlgorithm("log", ["Ed25519"], log);
    checkAlgorithm("witness", ["cosignature-Ed25519", "cosignature-ML-DSA-44"], witnesses);
    checkAlgorithm("code", ["Ed25519", "ML-DSA-44"], code);
    const signers = reviewers.map(({ signer }) => signer);
    checkDistinctKeys([...signers, ...roots.keys, ...log, ...witnesses, ...code]);
    const witnessed = witnesses.length > 0;
    const together2 = quorum !== void 0 === witnessed && (!witnessed || log.length > 0);
    demand(together2, "a log, a quorum and witnesses belong together");
    demand(quorum === void 0 || quorum <= witnesses.length, "quorum does not fit the witnesses");
    const digest = `sha256:${hex(sha2562(text))}`;
    const dates = { issued, expires };
    return { deployment, version, previous, ...dates, open: open3, reviewers, roots, log: log[0], digest };
  }
  var Lines = class {
    #lines;
    #next = 1;
    constructor(text) {
      demand(/^[\0-\x7f]*$/.test(text), "roster is not ASCII");
      const lines2 = text.split("\n");
      demand(lines2[0] === HEADER, "not a roster");
      demand(lines2.pop() === "", "roster does not end with a newline");
      this.#lines = lines2;
    }
    /** What follows the keyword on each of the next lines that have it. */
    take(keyword, limit = 1e3) {
      const taken = [];
      for (let line3 = this.#lines[this.#next]; taken.length < limit && line3 !== void 0; ) {
        if (!line3.startsWith(`${keyword} `)) break;
        taken.push(line3.slice(keyword.length + 1));
        line3 = this.#lines[++this.#next];
      }
      return taken;
    }
    all(keyword, limit = 1e3) {
      return this.take(keyword, limit).map((rest) => valuesOf(keyword, rest, 1)[0]);
    }
    one(keyword) {
      const [value] = this.all(keyword, 1);
      demand(value !== void 0, `roster's line ${this.#next + 1} is not its ${keyword} line`);
      return value;
    }
    end() {
      const done = this.#next === this.#lines.length;
      demand(done, `roster's line ${this.#next + 1} is unknown or out of order`);
    }
  };
  function valuesOf(keyword, rest, count) {
    const values = rest.split(" ");
    demand(values.length === count, `roster's ${keyword} line does not have ${count} values`);
    return values;
  }
  function readReviewers(lines2) {
    const reviewers = lines2.take("reviewer").map((rest) => valuesOf("reviewer", rest, 2));
    const signers = lines2.take("signer").map((rest) => valuesOf("signer", rest, 2));
    const paired = reviewers.length === signers.length;
    const inOrder = paired && reviewers.every(([name], i) => name === signers[i]?.[0]);
    demand(inOrder, "signer lines do not follow the reviewers one for one");
    const few = reviewers.length >= 1 && reviewers.length <= REVIEWER_LIMIT;
    demand(few, `roster does not have 1 to ${REVIEWER_LIMIT} reviewers`);
    return reviewers.map(([name = "", recipient = ""], i) => {
      matched(NAME, name, "reviewer's name");
      const signer = VerifierKey.parse(signers[i]?.[1] ?? "");
      checkAlgorithm("signer", ["Ed25519"], [signer]);
      demand(signer.name === name, `signer of ${name} bears another name`);
      return { name, recipient: parseRecipient(recipient), signer };
    });
  }
  function readRevocation(rest) {
    const [name = "", recipient = "", on = "", reason = ""] = valuesOf("revoked", rest, 4);
    matched(NAME, name, "reviewer's name");
    matched(DIGEST, recipient, "revoked recipient");
    parseDate(on);
    const known = reason === "retired" || reason === "compromised";
    demand(known, "a key is revoked as retired or as compromised");
    return { name, recipient };
  }
  function checkReviewers(reviewers, revoked) {
    const names = new Set(reviewers.map(({ name }) => name));
    demand(names.size === reviewers.length, "two reviewers have one name");
    const hashes = new Set(reviewers.map(({ recipient }) => `sha256:${hex(sha2562(recipient))}`));
    demand(hashes.size === reviewers.length, "two reviewers have one recipient");
    const current = revoked.some(({ recipient }) => hashes.has(recipient));
    demand(!current, "a reviewer's key is revoked in the same roster");
  }
  function checkAlgorithm(use, allowed, keys) {
    for (const { algorithm, name } of keys) {
      demand(allowed.includes(algorithm), `${use} key ${name} has a type that does not fit`);
    }
  }
  function parseDate(text) {
    matched(DATE, text, "date");
    const time = Date.parse(`${text}T00:00:00Z`);
    const real = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
    demand(real && !text.startsWith("0000"), "date is not in the calendar");
    return text;
  }
  function matched(pattern, text, what) {
    demand(pattern.test(text), `${what} is not in its form`);
    return text;
  }

  // src/roster.ts
  function openRoster(data, trusted, today2, previous) {
    const note = Note.parse(data);
    const roster = parseRoster(note.text);
    trusted.roots.checkSigned(note);
    roster.roots.checkSigned(note);
    previous?.roots.checkSigned(note);
    demand(roster.deployment === trusted.deployment, "roster is of another deployment");
    if (previous !== void 0) checkFollows(roster, previous);
    checkDates(roster, today2);
    return roster;
  }
  function checkFollows(roster, previous) {
    if (roster.version <= previous.version) {
      throw new RosterError("roster does not come after the last one seen");
    }
    if (roster.version === previous.version + 1 && roster.previous !== previous.digest) {
      throw new RosterError("roster does not name the last one seen as its previous one");
    }
  }
  function checkDates(roster, today2) {
    if (today2 < roster.issued) throw new RosterError("roster is not to be used yet");
    if (today2 > roster.expires) throw new RosterError("roster has expired");
  }
  function checkEpoch(roster, epoch) {
    const [first, last] = [epochOf(roster.issued), epochOf(roster.expires)];
    if (epoch.number < first.number || last.number < epoch.number) {
      throw new RosterError(`roster cannot be sealed to in ${epoch}`);
    }
  }
  function epochOf(date) {
    return Epoch.of(Date.parse(`${date}T00:00:00Z`));
  }
  function today() {
    return (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
  }

  // src/caps.ts
  var CAPS = ["other", "minor"];
  var SELF = ["r.self", "r.na"];
  var UNASKED = ["no", "cannot"];
  var ADULT = ["a.18", "a.25", "a.35", "a.na"];
  function heldBack(answers, agreed) {
    const found = [];
    const relation = answers.get("relation") ?? "r.na";
    const unasked = relation !== "r.self" && UNASKED.includes(answers.get("aware") ?? "");
    const another = unasked || !SELF.includes(relation);
    const shown = ["publish", "investigators", "courts"].some((level) => agreed.has(level));
    if (another && answers.get("aware") !== "yes" && shown) found.push("other");
    const adult = ADULT.includes(answers.get("age_band") ?? "a.na");
    if (!adult && agreed.has("publish")) found.push("minor");
    return found;
  }

  // src/screens.ts
  function checkScreen(words2) {
    const send = button("send", words2.say("check.send"));
    const back3 = button("back", words2.say("check.change"));
    back3.className = "plain";
    return together(
      line("h1", words2.say("check.h1")),
      line("p", words2.say("check.p1")),
      line("p", words2.say("check.p2")),
      list("dl", "check-answers"),
      line("h2", words2.say("check.yes")),
      list("ul", "check-yes"),
      line("h2", words2.say("check.no")),
      list("ul", "check-no"),
      ...CAPS.map((cap) => {
        const said = mode(words2.say(`check.cap_${cap}`));
        said.dataset["cap"] = cap;
        said.hidden = true;
        return said;
      }),
      mode(words2.say("check.mode_browser")),
      clone("keys"),
      ...sendingShown(),
      send,
      back3
    );
  }
  function sentScreen(words2, proof, code) {
    const support = [...document.getElementById("support")?.children ?? []];
    const lines2 = support.filter(({ localName }) => localName !== "summary");
    return together(
      line("h1", words2.say("sent.h1")),
      line("p", words2.say("sent.p1")),
      ...lines2.map((element) => element.cloneNode(true)),
      ...code === void 0 ? [] : codeShown(words2, code),
      line("p", words2.say("sent.p5")),
      line("p", words2.say("sent.p6")),
      proofShown(words2, proof)
    );
  }
  function codeShown(words2, code) {
    const shown = line("p", code.join(" "));
    Object.assign(shown, { className: "code", lang: "en", dir: "ltr" });
    return [
      line("h2", words2.say("sent.code")),
      shown,
      line("p", words2.say("sent.p2")),
      line("p", words2.say("sent.p3")),
      line("p", words2.say("sent.p4"))
    ];
  }
  function sendingShown() {
    const moving = document.createElement("div");
    Object.assign(moving, { id: "sending", className: "moving", hidden: true });
    const soon = line("p", "");
    Object.assign(soon, { id: "send-soon", hidden: true });
    soon.setAttribute("role", "status");
    const problem = line("p", "");
    Object.assign(problem, { id: "send-problem", className: "error", hidden: true });
    problem.setAttribute("role", "alert");
    return [moving, soon, problem];
  }
  function proofShown(words2, proof) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = words2.say("sent.proof");
    details.append(summary);
    if (proof === void 0) {
      details.append(line("p", words2.say("sent.proof_none")));
      return details;
    }
    const lines2 = document.createElement("pre");
    Object.assign(lines2, { textContent: proof, dir: "ltr", tabIndex: 0 });
    details.append(
      line("p", words2.say("sent.proof_p1")),
      line("p", words2.say("sent.proof_p2")),
      lines2
    );
    return details;
  }
  function together(...parts) {
    const all = document.createDocumentFragment();
    all.append(...parts);
    return all;
  }
  function line(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }
  function mode(text) {
    const element = line("p", text);
    element.className = "mode";
    return element;
  }
  function list(tag, id2) {
    const element = document.createElement(tag);
    element.id = id2;
    return element;
  }
  function button(id2, text) {
    const element = document.createElement("button");
    element.type = "button";
    element.id = id2;
    element.textContent = text;
    return element;
  }

  // src/offline.ts
  var SENT = "offline-sent";
  var LOCK = "offline-lock";
  var FILE = "letter.txt";
  var WEEKS2 = 6;
  var GRACE = 14;
  function offlineSite(lang, trusted) {
    const note = document.getElementById("offline-roster");
    if (!(note instanceof HTMLTemplateElement)) return void 0;
    return new OfflineSite(lang, trusted, join(note.content.textContent ?? ""));
  }
  var OfflineSite = class {
    constructor(lang, trusted, note) {
      this.lang = lang;
      this.trusted = trusted;
      this.note = note;
      changeWords(lang);
      if (typeof history.state === "number" && !isReload()) location.replace("about:blank");
      addEventListener("pagehide", () => document.body.replaceChildren());
      document.addEventListener("click", ({ target }) => {
        if (!(target instanceof HTMLElement)) return;
        if (target.matches("a.x")) location.replace("about:blank");
        if (target.id === "save") this.#letter?.save();
        if (target.id === "copy") this.#letter?.copy();
      });
    }
    lang;
    trusted;
    note;
    mode = "tool";
    #letter;
    /** The page's own roster, in the epoch of the device's clock: nobody else can be asked. */
    async present() {
      const roster = openRoster(this.note, this.trusted, today());
      const epoch = Epoch.of(Date.now());
      checkEpoch(roster, epoch);
      this.#letter = new Letter(lastDay(roster, epoch));
      return { roster, epoch, fetched: Date.now() };
    }
    /** Put the letter into the view that follows. "sent" is the word for it; the page says sealed. */
    async send(letter) {
      this.#letter?.write(letter);
      return { outcome: this.#letter === void 0 ? "retry" : "sent", said: "" };
    }
  };
  function isReload() {
    const [entry] = performance.getEntriesByType("navigation");
    return entry?.type === "reload";
  }
  var Letter = class {
    constructor(last) {
      this.last = last;
    }
    last;
    #text = "";
    /** Write it into the template of the next view, from which the page makes that view. */
    write(letter) {
      this.#text = asText(letter);
      const { content } = document.getElementById(SENT);
      const box = content.querySelector("#sealed");
      if (box === null) throw new MalformedError("the page lacks a place for the letter");
      box.textContent = this.#text;
      for (const day of content.querySelectorAll("[data-last-day]")) day.textContent = this.last;
    }
    /** Have the browser save it as a file. */
    save() {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([this.#text], { type: "text/plain" }));
      link.download = FILE;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
    }
    /** Select the whole of it and have it copied; where that is refused, it stays selected. */
    copy() {
      const box = document.getElementById("sealed");
      if (!(box instanceof HTMLTextAreaElement)) return;
      box.focus();
      box.select();
      document.execCommand("copy");
    }
  };
  function asText(letter) {
    const head = new TextDecoder("windows-1252").decode(letter.subarray(0, 4096));
    const end = head.indexOf("\n\n") + 2;
    if (end < 2) throw new MalformedError("not a sealed letter");
    return head.slice(0, end) + armor_exports.encode(letter.subarray(end));
  }
  function lastDay(roster, epoch) {
    const ofRoster = Date.parse(`${roster.expires}T00:00:00Z`) + GRACE * DAY;
    return new Date(Math.min(ofRoster, epoch.plus(WEEKS2).lastDay)).toISOString().slice(0, 10);
  }
  function sentOffline(words2, code) {
    if (document.getElementById(SENT) === null) return void 0;
    const view = clone(SENT);
    view.lastElementChild?.before(...codeShown(words2, code));
    return view;
  }
  function changeWords(lang) {
    const phrases = phrasesOf(lang);
    phrases["check.send"] = textOf(clone(LOCK).firstChild);
  }

  // src/site.ts
  var FRESH = 36e5;
  function readSite(form2, roots) {
    const { deployment, lang, roster, epoch, send } = form2.dataset;
    demand(!!lang && !!roster && !!epoch && !!send, "the form lacks an attribute");
    const trusted = readRoots(roots);
    demand(trusted.deployment === deployment, "roots file is of another deployment");
    return offlineSite(lang, trusted) ?? new OnlineSite(lang, trusted, roster, epoch, send);
  }
  function readRoots(value) {
    demand(typeof value === "object" && value !== null, "roots file is missing");
    const { deployment, roots, threshold } = value;
    demand(typeof deployment === "string" && typeof threshold === "number", "roots file is damaged");
    demand(Array.isArray(roots), "roots file is damaged");
    return { deployment, roots: new RootSet(threshold, roots.map((root2) => VerifierKey.parse(String(root2)))) };
  }
  function isFresh({ roster, fetched }) {
    if (fetched === void 0) return false;
    const age = Date.now() - fetched;
    return 0 <= age && age < FRESH && roster.issued <= today() && today() <= roster.expires;
  }
  var OnlineSite = class {
    constructor(lang, trusted, rosterAddress, epochAddress, sendAddress) {
      this.lang = lang;
      this.trusted = trusted;
      this.rosterAddress = rosterAddress;
      this.epochAddress = epochAddress;
      this.sendAddress = sendAddress;
    }
    lang;
    trusted;
    rosterAddress;
    epochAddress;
    sendAddress;
    mode = "browser";
    /** The server counts the epochs, since a phone's date may be years off. */
    async present(seen) {
      const fetched = Date.now();
      const roster = this.#opened(await get(this.rosterAddress), seen);
      const epoch = Epoch.parse(new TextDecoder().decode(await get(this.epochAddress)));
      checkEpoch(roster, epoch);
      return { roster, epoch, fetched };
    }
    #opened(note, seen) {
      const roster = openRoster(note, this.trusted, today());
      if (seen === void 0 || roster.digest === seen.digest) return roster;
      return openRoster(note, this.trusted, today(), seen);
    }
    async send(letter, field) {
      let said = "";
      try {
        const response = await post(letter, this.sendAddress, field);
        if (response.status === 200) said = await response.text();
        return { outcome: outcomeOf(response.status, said), said };
      } catch {
        return { outcome: "unknown", said };
      }
    }
  };
  function outcomeOf(status, said) {
    if (status === 200 && isOwnAnswer(said)) return "sent";
    if (status === 503) return "retry";
    if (status === 507) return "down";
    return status >= 400 && status < 500 ? "refused" : "unknown";
  }

  // src/beginning.ts
  async function begin(form2, offer) {
    neverSubmit(form2);
    try {
      const site = readSite(form2, globalThis.intakeRoots);
      await pause();
      await selfTest();
      offer(site, await patiently(() => site.present()));
    } catch {
      const line3 = document.querySelector("#actions .late");
      line3?.classList.remove("late");
      showNotice(textOf(line3));
    }
  }
  function neverSubmit(form2) {
    form2.addEventListener("submit", (event) => event.preventDefault());
    form2.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
    });
  }
  function tokenOf(form2) {
    return form2.elements.namedItem("csrf_token");
  }

  // src/check_view.ts
  function checkView(form2, testimony, words2, before) {
    const view = checkScreen(words2);
    const answers = view.querySelector("#check-answers");
    for (const [name, text] of testimony.fields) {
      const question = document.createElement("dt");
      question.textContent = before(name) + questionOf(name);
      const answer = document.createElement("dd");
      answer.dir = "auto";
      answer.textContent = choiceOf(form2, name, text) ?? text;
      answers?.append(question, answer);
    }
    for (const [level, agreed2] of testimony.consent) {
      const item = document.createElement("li");
      item.textContent = labelOf(form2, level);
      view.querySelector(agreed2 ? "#check-yes" : "#check-no")?.append(item);
    }
    const agreed = testimony.consent.filter((row) => row[1]).map(([level]) => level);
    for (const cap of heldBack(new Map(testimony.fields), new Set(agreed))) {
      view.querySelector(`[data-cap="${cap}"]`)?.removeAttribute("hidden");
    }
    return view;
  }
  function questionOf(name) {
    const field = document.getElementById(`field-${name}`);
    return textOf(field?.querySelector("legend") ?? field?.querySelector("label") ?? null);
  }
  function choiceOf(form2, name, value) {
    const inputs = form2.querySelectorAll(`input[type="radio"],input[type="checkbox"]`);
    const offered = [...inputs].filter((input) => input.name === name);
    if (offered.length === 0) return void 0;
    const chosen = offered.filter((input) => value.split(" ").includes(input.value));
    return chosen.map(wordsOf).join("; ");
  }
  function labelOf(form2, level) {
    const boxes = [...form2.querySelectorAll('input[name="consent"]')];
    const box = boxes.find(({ value }) => value === level);
    return box === void 0 ? level : wordsOf(box);
  }
  function wordsOf(input) {
    return input.labels?.[0]?.querySelector("span")?.firstChild?.textContent ?? input.value;
  }

  // node_modules/@noble/hashes/_blake.js
  var BSIGMA = /* @__PURE__ */ Uint8Array.from([
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    14,
    10,
    4,
    8,
    9,
    15,
    13,
    6,
    1,
    12,
    0,
    2,
    11,
    7,
    5,
    3,
    11,
    8,
    12,
    0,
    5,
    2,
    15,
    13,
    10,
    14,
    3,
    6,
    7,
    1,
    9,
    4,
    7,
    9,
    3,
    1,
    13,
    12,
    11,
    14,
    2,
    6,
    5,
    10,
    4,
    0,
    15,
    8,
    9,
    0,
    5,
    7,
    2,
    4,
    10,
    15,
    14,
    1,
    11,
    12,
    6,
    8,
    3,
    13,
    2,
    12,
    6,
    10,
    0,
    11,
    8,
    3,
    4,
    13,
    7,
    5,
    15,
    14,
    1,
    9,
    12,
    5,
    1,
    15,
    14,
    13,
    4,
    10,
    0,
    7,
    6,
    3,
    9,
    2,
    8,
    11,
    13,
    11,
    7,
    14,
    12,
    1,
    3,
    9,
    5,
    0,
    15,
    4,
    8,
    6,
    2,
    10,
    6,
    15,
    14,
    9,
    11,
    3,
    0,
    8,
    12,
    2,
    13,
    7,
    1,
    4,
    10,
    5,
    10,
    2,
    8,
    4,
    7,
    6,
    1,
    5,
    15,
    11,
    9,
    14,
    3,
    12,
    13,
    0,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    14,
    10,
    4,
    8,
    9,
    15,
    13,
    6,
    1,
    12,
    0,
    2,
    11,
    7,
    5,
    3,
    // Blake1, unused in others
    11,
    8,
    12,
    0,
    5,
    2,
    15,
    13,
    10,
    14,
    3,
    6,
    7,
    1,
    9,
    4,
    7,
    9,
    3,
    1,
    13,
    12,
    11,
    14,
    2,
    6,
    5,
    10,
    4,
    0,
    15,
    8,
    9,
    0,
    5,
    7,
    2,
    4,
    10,
    15,
    14,
    1,
    11,
    12,
    6,
    8,
    3,
    13,
    2,
    12,
    6,
    10,
    0,
    11,
    8,
    3,
    4,
    13,
    7,
    5,
    15,
    14,
    1,
    9
  ]);

  // node_modules/@noble/hashes/blake2.js
  var B2B_IV = /* @__PURE__ */ Uint32Array.from([
    4089235720,
    1779033703,
    2227873595,
    3144134277,
    4271175723,
    1013904242,
    1595750129,
    2773480762,
    2917565137,
    1359893119,
    725511199,
    2600822924,
    4215389547,
    528734635,
    327033209,
    1541459225
  ]);
  var BBUF = /* @__PURE__ */ new Uint32Array(32);
  function G1b(a, b, c, d, msg, x) {
    const Xl = msg[x], Xh = msg[x + 1];
    let Al = BBUF[2 * a], Ah = BBUF[2 * a + 1];
    let Bl = BBUF[2 * b], Bh = BBUF[2 * b + 1];
    let Cl = BBUF[2 * c], Ch = BBUF[2 * c + 1];
    let Dl = BBUF[2 * d], Dh = BBUF[2 * d + 1];
    let ll = add3L(Al, Bl, Xl);
    Ah = add3H(ll, Ah, Bh, Xh);
    Al = ll | 0;
    ({ Dh, Dl } = { Dh: Dh ^ Ah, Dl: Dl ^ Al });
    ({ Dh, Dl } = { Dh: rotr32H(Dh, Dl), Dl: rotr32L(Dh, Dl) });
    ({ h: Ch, l: Cl } = add(Ch, Cl, Dh, Dl));
    ({ Bh, Bl } = { Bh: Bh ^ Ch, Bl: Bl ^ Cl });
    ({ Bh, Bl } = { Bh: rotrSH(Bh, Bl, 24), Bl: rotrSL(Bh, Bl, 24) });
    BBUF[2 * a] = Al, BBUF[2 * a + 1] = Ah;
    BBUF[2 * b] = Bl, BBUF[2 * b + 1] = Bh;
    BBUF[2 * c] = Cl, BBUF[2 * c + 1] = Ch;
    BBUF[2 * d] = Dl, BBUF[2 * d + 1] = Dh;
  }
  function G2b(a, b, c, d, msg, x) {
    const Xl = msg[x], Xh = msg[x + 1];
    let Al = BBUF[2 * a], Ah = BBUF[2 * a + 1];
    let Bl = BBUF[2 * b], Bh = BBUF[2 * b + 1];
    let Cl = BBUF[2 * c], Ch = BBUF[2 * c + 1];
    let Dl = BBUF[2 * d], Dh = BBUF[2 * d + 1];
    let ll = add3L(Al, Bl, Xl);
    Ah = add3H(ll, Ah, Bh, Xh);
    Al = ll | 0;
    ({ Dh, Dl } = { Dh: Dh ^ Ah, Dl: Dl ^ Al });
    ({ Dh, Dl } = { Dh: rotrSH(Dh, Dl, 16), Dl: rotrSL(Dh, Dl, 16) });
    ({ h: Ch, l: Cl } = add(Ch, Cl, Dh, Dl));
    ({ Bh, Bl } = { Bh: Bh ^ Ch, Bl: Bl ^ Cl });
    ({ Bh, Bl } = { Bh: rotrBH(Bh, Bl, 63), Bl: rotrBL(Bh, Bl, 63) });
    BBUF[2 * a] = Al, BBUF[2 * a + 1] = Ah;
    BBUF[2 * b] = Bl, BBUF[2 * b + 1] = Bh;
    BBUF[2 * c] = Cl, BBUF[2 * c + 1] = Ch;
    BBUF[2 * d] = Dl, BBUF[2 * d + 1] = Dh;
  }
  function checkBlake2Opts(outputLen, opts2 = {}, keyLen, saltLen, persLen) {
    anumber(keyLen);
    if (outputLen <= 0 || outputLen > keyLen)
      throw new Error("outputLen bigger than keyLen");
    const { key, salt, personalization } = opts2;
    if (key !== void 0 && (key.length < 1 || key.length > keyLen))
      throw new Error('"key" expected to be undefined or of length=1..' + keyLen);
    if (salt !== void 0)
      abytes(salt, saltLen, "salt");
    if (personalization !== void 0)
      abytes(personalization, persLen, "personalization");
  }
  var _BLAKE2 = class {
    buffer;
    buffer32;
    finished = false;
    destroyed = false;
    length = 0;
    pos = 0;
    blockLen;
    outputLen;
    canXOF = false;
    constructor(blockLen, outputLen) {
      anumber(blockLen);
      anumber(outputLen);
      this.blockLen = blockLen;
      this.outputLen = outputLen;
      this.buffer = new Uint8Array(blockLen);
      this.buffer32 = u32(this.buffer);
    }
    update(data) {
      aexists(this);
      abytes(data);
      const { blockLen, buffer, buffer32 } = this;
      const len = data.length;
      const offset = data.byteOffset;
      const buf = data.buffer;
      for (let pos = 0; pos < len; ) {
        if (this.pos === blockLen) {
          swap32IfBE(buffer32);
          this.compress(buffer32, 0, false);
          swap32IfBE(buffer32);
          this.pos = 0;
        }
        const take = Math.min(blockLen - this.pos, len - pos);
        const dataOffset = offset + pos;
        if (take === blockLen && !(dataOffset % 4) && pos + take < len) {
          const data32 = new Uint32Array(buf, dataOffset, Math.floor((len - pos) / 4));
          swap32IfBE(data32);
          for (let pos32 = 0; pos + blockLen < len; pos32 += buffer32.length, pos += blockLen) {
            this.length += blockLen;
            this.compress(data32, pos32, false);
          }
          swap32IfBE(data32);
          continue;
        }
        buffer.set(data.subarray(pos, pos + take), this.pos);
        this.pos += take;
        this.length += take;
        pos += take;
      }
      return this;
    }
    digestInto(out) {
      aexists(this);
      aoutput(out, this);
      const { pos, buffer32 } = this;
      this.finished = true;
      clean(this.buffer.subarray(pos));
      swap32IfBE(buffer32);
      this.compress(buffer32, 0, true);
      swap32IfBE(buffer32);
      if (out.byteOffset & 3)
        throw new RangeError('"digestInto() output" expected 4-byte aligned byteOffset, got ' + out.byteOffset);
      const state = this.get();
      const out32 = u32(out);
      const full = Math.floor(this.outputLen / 4);
      for (let i = 0; i < full; i++)
        out32[i] = swap8IfBE(state[i]);
      const tail = this.outputLen % 4;
      if (!tail)
        return;
      const off = full * 4;
      const word = state[full];
      for (let i = 0; i < tail; i++)
        out[off + i] = word >>> 8 * i;
    }
    digest() {
      const { buffer, outputLen } = this;
      this.digestInto(buffer);
      const res = buffer.slice(0, outputLen);
      this.destroy();
      return res;
    }
    _cloneInto(to) {
      const { buffer, length, finished, destroyed, outputLen, pos } = this;
      to ||= new this.constructor({ dkLen: outputLen });
      to.set(...this.get());
      to.buffer.set(buffer);
      to.destroyed = destroyed;
      to.finished = finished;
      to.length = length;
      to.pos = pos;
      to.outputLen = outputLen;
      return to;
    }
    clone() {
      return this._cloneInto();
    }
  };
  var _BLAKE2b = class extends _BLAKE2 {
    // Same IV words as SHA-512 / BLAKE2b, encoded as LE u32 low/high halves.
    v0l = B2B_IV[0] | 0;
    v0h = B2B_IV[1] | 0;
    v1l = B2B_IV[2] | 0;
    v1h = B2B_IV[3] | 0;
    v2l = B2B_IV[4] | 0;
    v2h = B2B_IV[5] | 0;
    v3l = B2B_IV[6] | 0;
    v3h = B2B_IV[7] | 0;
    v4l = B2B_IV[8] | 0;
    v4h = B2B_IV[9] | 0;
    v5l = B2B_IV[10] | 0;
    v5h = B2B_IV[11] | 0;
    v6l = B2B_IV[12] | 0;
    v6h = B2B_IV[13] | 0;
    v7l = B2B_IV[14] | 0;
    v7h = B2B_IV[15] | 0;
    constructor(opts2 = {}) {
      const olen = opts2.dkLen === void 0 ? 64 : opts2.dkLen;
      super(128, olen);
      checkBlake2Opts(olen, opts2, 64, 16, 16);
      let { key, personalization, salt } = opts2;
      let keyLength = 0;
      if (key !== void 0) {
        abytes(key, void 0, "key");
        keyLength = key.length;
      }
      this.v0l ^= this.outputLen | keyLength << 8 | 1 << 16 | 1 << 24;
      if (salt !== void 0) {
        abytes(salt, void 0, "salt");
        const slt = u32(salt);
        this.v4l ^= swap8IfBE(slt[0]);
        this.v4h ^= swap8IfBE(slt[1]);
        this.v5l ^= swap8IfBE(slt[2]);
        this.v5h ^= swap8IfBE(slt[3]);
      }
      if (personalization !== void 0) {
        abytes(personalization, void 0, "personalization");
        const pers = u32(personalization);
        this.v6l ^= swap8IfBE(pers[0]);
        this.v6h ^= swap8IfBE(pers[1]);
        this.v7l ^= swap8IfBE(pers[2]);
        this.v7h ^= swap8IfBE(pers[3]);
      }
      if (key !== void 0) {
        const tmp = new Uint8Array(this.blockLen);
        tmp.set(key);
        this.update(tmp);
      }
    }
    // prettier-ignore
    get() {
      let { v0l, v0h, v1l, v1h, v2l, v2h, v3l, v3h, v4l, v4h, v5l, v5h, v6l, v6h, v7l, v7h } = this;
      return [v0l, v0h, v1l, v1h, v2l, v2h, v3l, v3h, v4l, v4h, v5l, v5h, v6l, v6h, v7l, v7h];
    }
    // prettier-ignore
    set(v0l, v0h, v1l, v1h, v2l, v2h, v3l, v3h, v4l, v4h, v5l, v5h, v6l, v6h, v7l, v7h) {
      this.v0l = v0l | 0;
      this.v0h = v0h | 0;
      this.v1l = v1l | 0;
      this.v1h = v1h | 0;
      this.v2l = v2l | 0;
      this.v2h = v2h | 0;
      this.v3l = v3l | 0;
      this.v3h = v3h | 0;
      this.v4l = v4l | 0;
      this.v4h = v4h | 0;
      this.v5l = v5l | 0;
      this.v5h = v5h | 0;
      this.v6l = v6l | 0;
      this.v6h = v6h | 0;
      this.v7l = v7l | 0;
      this.v7h = v7h | 0;
    }
    compress(msg, offset, isLast) {
      this.get().forEach((v, i) => BBUF[i] = v);
      BBUF.set(B2B_IV, 16);
      let { h, l } = fromBig(BigInt(this.length));
      BBUF[24] = B2B_IV[8] ^ l;
      BBUF[25] = B2B_IV[9] ^ h;
      if (isLast) {
        BBUF[28] = ~BBUF[28];
        BBUF[29] = ~BBUF[29];
      }
      let j = 0;
      const s = BSIGMA;
      for (let i = 0; i < 12; i++) {
        G1b(0, 4, 8, 12, msg, offset + 2 * s[j++]);
        G2b(0, 4, 8, 12, msg, offset + 2 * s[j++]);
        G1b(1, 5, 9, 13, msg, offset + 2 * s[j++]);
        G2b(1, 5, 9, 13, msg, offset + 2 * s[j++]);
        G1b(2, 6, 10, 14, msg, offset + 2 * s[j++]);
        G2b(2, 6, 10, 14, msg, offset + 2 * s[j++]);
        G1b(3, 7, 11, 15, msg, offset + 2 * s[j++]);
        G2b(3, 7, 11, 15, msg, offset + 2 * s[j++]);
        G1b(0, 5, 10, 15, msg, offset + 2 * s[j++]);
        G2b(0, 5, 10, 15, msg, offset + 2 * s[j++]);
        G1b(1, 6, 11, 12, msg, offset + 2 * s[j++]);
        G2b(1, 6, 11, 12, msg, offset + 2 * s[j++]);
        G1b(2, 7, 8, 13, msg, offset + 2 * s[j++]);
        G2b(2, 7, 8, 13, msg, offset + 2 * s[j++]);
        G1b(3, 4, 9, 14, msg, offset + 2 * s[j++]);
        G2b(3, 4, 9, 14, msg, offset + 2 * s[j++]);
      }
      this.v0l ^= BBUF[0] ^ BBUF[16];
      this.v0h ^= BBUF[1] ^ BBUF[17];
      this.v1l ^= BBUF[2] ^ BBUF[18];
      this.v1h ^= BBUF[3] ^ BBUF[19];
      this.v2l ^= BBUF[4] ^ BBUF[20];
      this.v2h ^= BBUF[5] ^ BBUF[21];
      this.v3l ^= BBUF[6] ^ BBUF[22];
      this.v3h ^= BBUF[7] ^ BBUF[23];
      this.v4l ^= BBUF[8] ^ BBUF[24];
      this.v4h ^= BBUF[9] ^ BBUF[25];
      this.v5l ^= BBUF[10] ^ BBUF[26];
      this.v5h ^= BBUF[11] ^ BBUF[27];
      this.v6l ^= BBUF[12] ^ BBUF[28];
      this.v6h ^= BBUF[13] ^ BBUF[29];
      this.v7l ^= BBUF[14] ^ BBUF[30];
      this.v7h ^= BBUF[15] ^ BBUF[31];
      clean(BBUF);
    }
    destroy() {
      this.destroyed = true;
      clean(this.buffer32);
      this.set(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
  };
  var blake2b = /* @__PURE__ */ createHasher((opts2) => new _BLAKE2b(opts2));

  // node_modules/@noble/hashes/argon2.js
  var AT = { Argond2d: 0, Argon2i: 1, Argon2id: 2 };
  var ARGON2_SYNC_POINTS = 4;
  var abytesOrZero = (buf, errorTitle = "") => {
    if (buf === void 0)
      return Uint8Array.of();
    return kdfInputToBytes(buf, errorTitle);
  };
  function mul(a, b) {
    const aL = a & 65535;
    const aH = a >>> 16;
    const bL = b & 65535;
    const bH = b >>> 16;
    const ll = Math.imul(aL, bL);
    const hl = Math.imul(aH, bL);
    const lh = Math.imul(aL, bH);
    const hh = Math.imul(aH, bH);
    const carry = (ll >>> 16) + (hl & 65535) + lh;
    const high = hh + (hl >>> 16) + (carry >>> 16) | 0;
    const low = carry << 16 | ll & 65535;
    return { h: high, l: low };
  }
  function mul2(a, b) {
    const { h, l } = mul(a, b);
    return { h: (h << 1 | l >>> 31) & 4294967295, l: l << 1 & 4294967295 };
  }
  function blamka(Ah, Al, Bh, Bl) {
    const { h: Ch, l: Cl } = mul2(Al, Bl);
    const Rll = add3L(Al, Bl, Cl);
    return { h: add3H(Rll, Ah, Bh, Ch), l: Rll | 0 };
  }
  var A2_BUF = new Uint32Array(256);
  function G(a, b, c, d) {
    let Al = A2_BUF[2 * a], Ah = A2_BUF[2 * a + 1];
    let Bl = A2_BUF[2 * b], Bh = A2_BUF[2 * b + 1];
    let Cl = A2_BUF[2 * c], Ch = A2_BUF[2 * c + 1];
    let Dl = A2_BUF[2 * d], Dh = A2_BUF[2 * d + 1];
    ({ h: Ah, l: Al } = blamka(Ah, Al, Bh, Bl));
    ({ Dh, Dl } = { Dh: Dh ^ Ah, Dl: Dl ^ Al });
    ({ Dh, Dl } = { Dh: rotr32H(Dh, Dl), Dl: rotr32L(Dh, Dl) });
    ({ h: Ch, l: Cl } = blamka(Ch, Cl, Dh, Dl));
    ({ Bh, Bl } = { Bh: Bh ^ Ch, Bl: Bl ^ Cl });
    ({ Bh, Bl } = { Bh: rotrSH(Bh, Bl, 24), Bl: rotrSL(Bh, Bl, 24) });
    ({ h: Ah, l: Al } = blamka(Ah, Al, Bh, Bl));
    ({ Dh, Dl } = { Dh: Dh ^ Ah, Dl: Dl ^ Al });
    ({ Dh, Dl } = { Dh: rotrSH(Dh, Dl, 16), Dl: rotrSL(Dh, Dl, 16) });
    ({ h: Ch, l: Cl } = blamka(Ch, Cl, Dh, Dl));
    ({ Bh, Bl } = { Bh: Bh ^ Ch, Bl: Bl ^ Cl });
    ({ Bh, Bl } = { Bh: rotrBH(Bh, Bl, 63), Bl: rotrBL(Bh, Bl, 63) });
    A2_BUF[2 * a] = Al, A2_BUF[2 * a + 1] = Ah;
    A2_BUF[2 * b] = Bl, A2_BUF[2 * b + 1] = Bh;
    A2_BUF[2 * c] = Cl, A2_BUF[2 * c + 1] = Ch;
    A2_BUF[2 * d] = Dl, A2_BUF[2 * d + 1] = Dh;
  }
  function P(v00, v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11, v12, v13, v14, v15) {
    G(v00, v04, v08, v12);
    G(v01, v05, v09, v13);
    G(v02, v06, v10, v14);
    G(v03, v07, v11, v15);
    G(v00, v05, v10, v15);
    G(v01, v06, v11, v12);
    G(v02, v07, v08, v13);
    G(v03, v04, v09, v14);
  }
  function block2(x, xPos, yPos, outPos, needXor) {
    for (let i = 0; i < 256; i++)
      A2_BUF[i] = x[xPos + i] ^ x[yPos + i];
    for (let i = 0; i < 128; i += 16) {
      P(i, i + 1, i + 2, i + 3, i + 4, i + 5, i + 6, i + 7, i + 8, i + 9, i + 10, i + 11, i + 12, i + 13, i + 14, i + 15);
    }
    for (let i = 0; i < 16; i += 2) {
      P(i, i + 1, i + 16, i + 17, i + 32, i + 33, i + 48, i + 49, i + 64, i + 65, i + 80, i + 81, i + 96, i + 97, i + 112, i + 113);
    }
    if (needXor)
      for (let i = 0; i < 256; i++)
        x[outPos + i] ^= A2_BUF[i] ^ x[xPos + i] ^ x[yPos + i];
    else
      for (let i = 0; i < 256; i++)
        x[outPos + i] = A2_BUF[i] ^ x[xPos + i] ^ x[yPos + i];
    clean(A2_BUF);
  }
  function Hp(A, dkLen) {
    const A8 = u8(A);
    const T = new Uint32Array(1);
    const T8 = u8(T);
    T[0] = swap8IfBE(dkLen);
    if (dkLen <= 64)
      return blake2b.create({ dkLen }).update(T8).update(A8).digest();
    const out = new Uint8Array(dkLen);
    let V = blake2b.create({}).update(T8).update(A8).digest();
    let pos = 0;
    out.set(V.subarray(0, 32));
    pos += 32;
    for (; dkLen - pos > 64; pos += 32) {
      const Vh = blake2b.create({}).update(V);
      Vh.digestInto(V);
      Vh.destroy();
      out.set(V.subarray(0, 32), pos);
    }
    out.set(blake2b(V, { dkLen: dkLen - pos }), pos);
    clean(V, T);
    return out;
  }
  function indexAlpha(r, s, laneLen, segmentLen, index, randL, sameLane = false) {
    let area;
    if (r === 0) {
      if (s === 0)
        area = index - 1;
      else if (sameLane)
        area = s * segmentLen + index - 1;
      else
        area = s * segmentLen + (index == 0 ? -1 : 0);
    } else if (sameLane)
      area = laneLen - segmentLen + index - 1;
    else
      area = laneLen - segmentLen + (index == 0 ? -1 : 0);
    const startPos = r !== 0 && s !== ARGON2_SYNC_POINTS - 1 ? (s + 1) * segmentLen : 0;
    const rel = area - 1 - mul(area, mul(randL, randL).h).h;
    return (startPos + rel) % laneLen;
  }
  var maxUint32 = Math.pow(2, 32);
  function isU32(num) {
    return Number.isSafeInteger(num) && num >= 0 && num < maxUint32;
  }
  function argon2Opts(opts2) {
    const merged = {
      version: 19,
      dkLen: 32,
      maxmem: maxUint32 - 1,
      asyncTick: 10
    };
    for (let [k, v] of Object.entries(opts2))
      if (v !== void 0)
        merged[k] = v;
    const { dkLen, p, m, t, version, onProgress, asyncTick } = merged;
    if (!isU32(dkLen) || dkLen < 4)
      throw new Error('"dkLen" must be 4..');
    if (!isU32(p) || p < 1 || p >= Math.pow(2, 24))
      throw new Error('"p" must be 1..2^24');
    if (!isU32(m))
      throw new Error('"m" must be 0..2^32');
    if (!isU32(t) || t < 1)
      throw new Error('"t" (iterations) must be 1..2^32');
    if (onProgress !== void 0 && typeof onProgress !== "function")
      throw new Error('"progressCb" must be a function');
    anumber(asyncTick, "asyncTick");
    if (!isU32(m) || m < 8 * p)
      throw new Error('"m" (memory) must be at least 8*p bytes');
    if (version !== 16 && version !== 19)
      throw new Error('"version" must be 0x10 or 0x13, got ' + version);
    return merged;
  }
  function argon2Init(password, salt, type, opts2) {
    password = kdfInputToBytes(password, "password");
    salt = kdfInputToBytes(salt, "salt");
    if (!isU32(password.length))
      throw new Error('"password" must be less of length 1..4Gb');
    if (!isU32(salt.length) || salt.length < 8)
      throw new Error('"salt" must be of length 8..4Gb');
    if (!Object.values(AT).includes(type))
      throw new Error('"type" was invalid');
    let { p, dkLen, m, t, version, key, personalization, maxmem, onProgress, asyncTick } = argon2Opts(opts2);
    key = abytesOrZero(key, "key");
    personalization = abytesOrZero(personalization, "personalization");
    const h = blake2b.create();
    const BUF = new Uint32Array(1);
    const BUF8 = u8(BUF);
    for (let item of [p, dkLen, m, t, version, type]) {
      BUF[0] = swap8IfBE(item);
      h.update(BUF8);
    }
    for (let i of [password, salt, key, personalization]) {
      BUF[0] = swap8IfBE(i.length);
      h.update(BUF8).update(i);
    }
    const H0 = new Uint32Array(18);
    const H0_8 = u8(H0);
    h.digestInto(H0_8);
    const lanes = p;
    const mP = 4 * p * Math.floor(m / (ARGON2_SYNC_POINTS * p));
    const laneLen = Math.floor(mP / p);
    const segmentLen = Math.floor(laneLen / ARGON2_SYNC_POINTS);
    const memUsed = mP * 1024;
    if (!isU32(maxmem))
      throw new Error('"maxmem" expected <2**32, got ' + maxmem);
    if (memUsed > maxmem)
      throw new Error('"maxmem" limit was hit: memUsed(mP*1024)=' + memUsed + ", maxmem=" + maxmem);
    const B = new Uint32Array(memUsed / 4);
    for (let l = 0; l < p; l++) {
      const i = 256 * laneLen * l;
      H0[17] = swap8IfBE(l);
      H0[16] = swap8IfBE(0);
      B.set(swap32IfBE(u32(Hp(H0, 1024))), i);
      H0[16] = swap8IfBE(1);
      B.set(swap32IfBE(u32(Hp(H0, 1024))), i + 256);
    }
    let perBlock = () => {
    };
    if (onProgress) {
      const totalBlock = t * ARGON2_SYNC_POINTS * p * segmentLen - 2 * p;
      const callbackPer = Math.max(Math.floor(totalBlock / 1e4), 1);
      let blockCnt = 0;
      perBlock = () => {
        blockCnt++;
        if (onProgress && (!(blockCnt % callbackPer) || blockCnt === totalBlock))
          onProgress(blockCnt / totalBlock);
      };
    }
    clean(BUF, H0);
    return { type, mP, p, t, version, B, laneLen, lanes, segmentLen, dkLen, perBlock, asyncTick };
  }
  function argon2Output(B, p, laneLen, dkLen) {
    const B_final = new Uint32Array(256);
    for (let l = 0; l < p; l++)
      for (let j = 0; j < 256; j++)
        B_final[j] ^= B[256 * (laneLen * l + laneLen - 1) + j];
    const res = Hp(swap32IfBE(B_final), dkLen);
    clean(B, B_final);
    return res;
  }
  function processBlock(B, address, l, r, s, index, laneLen, segmentLen, lanes, offset, prev, dataIndependent, needXor) {
    if (offset % laneLen)
      prev = offset - 1;
    let randL, randH;
    if (dataIndependent) {
      let i128 = index % 128;
      if (i128 === 0) {
        address[256 + 12]++;
        block2(address, 256, 2 * 256, 0, false);
        block2(address, 0, 2 * 256, 0, false);
      }
      randL = address[2 * i128];
      randH = address[2 * i128 + 1];
    } else {
      const T = 256 * prev;
      randL = B[T];
      randH = B[T + 1];
    }
    const refLane = r === 0 && s === 0 ? l : randH % lanes;
    const refPos = indexAlpha(r, s, laneLen, segmentLen, index, randL, refLane == l);
    const refBlock = laneLen * refLane + refPos;
    block2(B, 256 * prev, 256 * refBlock, offset * 256, needXor);
  }
  function argon2(type, password, salt, opts2) {
    const { mP, p, t, version, B, laneLen, lanes, segmentLen, dkLen, perBlock } = argon2Init(password, salt, type, opts2);
    const address = new Uint32Array(3 * 256);
    address[256 + 6] = mP;
    address[256 + 8] = t;
    address[256 + 10] = type;
    for (let r = 0; r < t; r++) {
      const needXor = r !== 0 && version === 19;
      address[256 + 0] = r;
      for (let s = 0; s < ARGON2_SYNC_POINTS; s++) {
        address[256 + 4] = s;
        const dataIndependent = type == AT.Argon2i || type == AT.Argon2id && r === 0 && s < 2;
        for (let l = 0; l < p; l++) {
          address[256 + 2] = l;
          address[256 + 12] = 0;
          let startPos = 0;
          if (r === 0 && s === 0) {
            startPos = 2;
            if (dataIndependent) {
              address[256 + 12]++;
              block2(address, 256, 2 * 256, 0, false);
              block2(address, 0, 2 * 256, 0, false);
            }
          }
          let offset = l * laneLen + s * segmentLen + startPos;
          let prev = offset % laneLen ? offset - 1 : offset + laneLen - 1;
          for (let index = startPos; index < segmentLen; index++, offset++, prev++) {
            perBlock();
            processBlock(B, address, l, r, s, index, laneLen, segmentLen, lanes, offset, prev, dataIndependent, needXor);
          }
        }
      }
    }
    clean(address);
    return argon2Output(B, p, laneLen, dkLen);
  }
  var argon2id = (password, salt, opts2) => argon2(AT.Argon2id, password, salt, opts2);

  // src/argon.ts
  var MEMORY = 19456;
  var PASSES = 2;
  function stretched({ secret, salt }) {
    return argon2id(secret, salt, { m: MEMORY, t: PASSES, p: 1, dkLen: 32 });
  }

  // src/codename.ts
  var WORDS = 8;
  var LIST_SIZE = 7776;
  var SECRET_SIZE = 13;
  var MOST_TYPED = 1e3;
  var FAIR = Math.floor(65536 / LIST_SIZE) * LIST_SIZE;
  var WORD2 = /[\p{L}\p{Nl}\p{No}]+(?:-[\p{L}\p{Nl}\p{No}]+)*/gu;
  var DASHES = /[\u2010-\u2015\u2212]/g;
  var LETTERS = "abcdefghijklmnopqrstuvwxyz-";
  var NotACode = class extends MalformedError {
    constructor(count, unknown) {
      super("not a code of eight words");
      this.count = count;
      this.unknown = unknown;
    }
    count;
    unknown;
    name = "NotACode";
  };
  var Codename = class _Codename {
    #indexes;
    constructor(indexes) {
      const fits = indexes.every((n) => Number.isInteger(n) && 0 <= n && n < LIST_SIZE);
      demand(indexes.length === WORDS && fits, "a code is eight numbers below 7776");
      this.#indexes = indexes;
    }
    /** A new one, from the browser's randomness; nobody ever chooses its words. */
    static fresh() {
      const indexes = [];
      while (indexes.length < WORDS) {
        const [number = FAIR] = crypto.getRandomValues(new Uint16Array(1));
        if (number < FAIR) indexes.push(number % LIST_SIZE);
      }
      return new _Codename(indexes);
    }
    /** The 13 bytes that the words stand for, big endian. */
    get secret() {
      let number = this.#indexes.reduce((sum, n) => sum * BigInt(LIST_SIZE) + BigInt(n), 0n);
      const bytes = new Uint8Array(SECRET_SIZE);
      for (let i = SECRET_SIZE - 1; i >= 0; i--) {
        bytes[i] = Number(number & 0xffn);
        number >>= 8n;
      }
      return bytes;
    }
    /** The words in a list, as they are shown to the one person whose they are. */
    in(list2) {
      return this.#indexes.map((n) => list2.words[n]);
    }
  };
  var WordList = class _WordList {
    constructor(words2) {
      this.words = words2;
      this.#numbers = new Map(words2.map((word, n) => [word, n]));
      this.#longest = Math.max(...words2.map(({ length }) => length));
      demand(this.#numbers.size === LIST_SIZE && words2.length === LIST_SIZE, "not a list of words");
    }
    words;
    #numbers;
    #longest;
    /** Read the list's file, a JSON array. */
    static parse(text) {
      const words2 = JSON.parse(text);
      demand(Array.isArray(words2) && words2.every((w) => typeof w === "string"), "not a list of words");
      return new _WordList(words2);
    }
    /** Read what a person typed or pasted; throws `NotACode`. */
    read(text) {
      const found = isLongerThan(text, MOST_TYPED) ? [] : typed(text);
      const unknown = found.filter((word) => !this.#numbers.has(word)).map((word) => [word, this.nearest(word)]);
      if (unknown.length > 0 || found.length !== WORDS) throw new NotACode(found.length, unknown);
      return new Codename(found.map((word) => this.#numbers.get(word)));
    }
    /** Whether eight words of the list stand in a row in a text: somebody wrote a code into it. */
    isCodeIn(text) {
      let row = 0;
      for (const word of typed(text)) {
        row = this.#numbers.has(word) ? row + 1 : 0;
        if (row === WORDS) return true;
      }
      return false;
    }
    /**
     * The word of the list that differs from a folded one by one slip of a finger: a letter too many,
     * too few, another one, or two changed about. Of several the first in order. None at once for what
     * is longer than that can be, or has two letters of no list: what is pasted may be one word of six
     * thousand letters, and the page would stand still.
     */
    nearest(word) {
      const letters = [...word];
      const foreign = letters.filter((letter) => !LETTERS.includes(letter)).length;
      if (letters.length > this.#longest + 1 || foreign > 1) return void 0;
      let first;
      for (const near of slips(word)) {
        if (this.#numbers.has(near) && (first === void 0 || near < first)) first = near;
      }
      return first;
    }
  };
  function saltOf(deployment) {
    return sha2562(D2, "/salt\0", deployment).slice(0, 16);
  }
  function typed(text) {
    const folded = text.normalize("NFKC").toLowerCase().replaceAll("ё", "е");
    return folded.replace(DASHES, "-").match(WORD2) ?? [];
  }
  function* slips(word) {
    const letters = [...word];
    for (let at2 = 0; at2 <= letters.length; at2++) {
      const before = letters.slice(0, at2).join("");
      const [one = "", two = ""] = letters.slice(at2);
      const [after, rest] = [letters.slice(at2 + 1).join(""), letters.slice(at2 + 2).join("")];
      yield before + after;
      yield before + two + one + rest;
      for (const letter of LETTERS) {
        yield before + letter + one + after;
        yield before + letter + after;
      }
    }
  }
  function isLongerThan(text, most) {
    return text.length > most && [...text].length > most;
  }

  // src/once.ts
  var Once = class {
    constructor(have) {
      this.have = have;
    }
    have;
    #had;
    get() {
      this.#had ??= this.have().catch((error) => {
        this.#had = void 0;
        throw error;
      });
      return this.#had;
    }
  };

  // src/code_files.ts
  var CodeFiles = class {
    #list;
    #program;
    /** The list, if it is here already. */
    here;
    constructor({ list: list2 = "", listIntegrity = "", stretch = "", stretchIntegrity = "" }) {
      this.#list = new Once(async () => {
        this.here = WordList.parse(await fileOf("words", list2, listIntegrity));
        return this.here;
      });
      this.#program = new Once(() => fileOf("stretch", stretch, stretchIntegrity));
    }
    /** Fetch both in the background; what fails now is tried again when it is wanted. */
    begin() {
      this.list().catch(() => void 0);
      this.#program.get().catch(() => void 0);
    }
    /** The list of words; throws where it cannot be had now. */
    list() {
      return this.#list.get();
    }
    /**
     * Whoever has this code. Throws where the program cannot be had now; and where no Worker can be
     * made, unless somebody is waiting: then the page itself does it, and stands still for so long.
     * That is bad, but not to be able to send is worse. (argon2idAsync would stand still too: it
     * pauses between microtasks alone.)
     */
    async holderOf(code, deployment, somebodyWaits = () => true) {
      const program = await this.#program.get();
      const asked = { secret: code.secret, salt: saltOf(deployment) };
      try {
        return new Holder(await inWorker(program, asked));
      } catch (error) {
        if (!somebodyWaits()) throw error;
        await pause();
        return new Holder(stretched(asked));
      }
    }
  };
  async function fileOf(id2, address, integrity) {
    const inside = document.querySelector(`script#${id2}`);
    if (inside !== null) return inside.textContent ?? "";
    if (integrity === "") throw new Error(`the page does not say which ${id2}`);
    return new TextDecoder().decode(await get(address, integrity));
  }
  var policy;
  function trusting() {
    const { trustedTypes } = globalThis;
    const rules = { createScriptURL: (url) => url };
    policy ??= trustedTypes?.createPolicy("stretch", rules) ?? rules;
    return policy;
  }
  async function inWorker(program, asked) {
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    let worker;
    try {
      const made = worker = new Worker(trusting().createScriptURL(url));
      return await new Promise((resolve, reject) => {
        made.onmessage = ({ data }) => resolve(data);
        made.onerror = made.onmessageerror = () => reject(new Error("the Worker failed"));
        made.postMessage(asked);
      });
    } finally {
      worker?.terminate();
      URL.revokeObjectURL(url);
    }
  }

  // src/delivery.ts
  var TRIES = 8;
  var Delivery = class {
    constructor(site, sealer, token) {
      this.site = site;
      this.sealer = sealer;
      this.token = token;
    }
    site;
    sealer;
    token;
    /** Whether anything, sealed, has left this page. */
    #left = false;
    /**
     * Send it; never throws. A letter that is refused, as one of another week or roster is, is
     * sealed anew under the same status and sent once more: if the first was kept before and only
     * its answer was lost, the server keeps that one and says so. One under whose number another
     * is kept is sent under a new number.
     */
    async send(testimony) {
      let answer = await this.#attempt(testimony);
      if (answer.outcome === "refused") {
        this.sealer.renew();
        answer = await this.#attempt(testimony);
      }
      for (let tries = 0; tries < TRIES && this.sealer.renumbered(answer.said); tries++) {
        answer = await this.#attempt(testimony);
      }
      const { outcome, said } = answer;
      if (outcome === "sent") return { said: outcome, proof: this.sealer.proofIn(said) };
      return { said: this.sealer.inDoubt ? "unknown" : outcome, proof: void 0 };
    }
    /** What is said where nothing can be sent now; `not_sent` says also that nothing left the page. */
    get nothing() {
      return { said: this.#left ? "retry" : "not_sent", proof: void 0 };
    }
    async #attempt(testimony) {
      let letter;
      try {
        letter = await this.sealer.letter(testimony);
      } catch {
        return { outcome: this.nothing.said, said: "" };
      }
      this.#left = true;
      const answer = await this.site.send(letter, this.token);
      if (answer.outcome === "unknown") this.sealer.doubt();
      return answer;
    }
  };

  // src/form_words.ts
  async function fetchFormWords(dataset) {
    const { words: address = "", integrity = "" } = dataset;
    demand(integrity !== "", "the page does not say which words");
    const words2 = JSON.parse(new TextDecoder().decode(await get(address, integrity)));
    const { form: form2, lang, questions } = words2;
    demand(form2.id === dataset["form"], "the words are of another form");
    demand(String(form2.version) === dataset["version"], "the words are of another form");
    demand(lang === dataset["lang"], "the words are of another language");
    const asked = paths(form2, 1).map(([, field]) => field.name);
    demand(asked.every((name) => name in questions), "the words lack a question");
    demand(form2.levels.every(([level]) => level in words2.uses), "the words lack a use");
    return words2;
  }

  // src/views.ts
  var Views = class {
    constructor(form2, texts) {
      this.form = form2;
      this.texts = texts;
      this.#definition = texts.form;
      this.#heading = document.querySelector("h1")?.textContent ?? "";
      const first = document.getElementById("first-page");
      if (first !== null) this.#views.set(keyOf(firstPlace(this.#definition)), first);
    }
    form;
    texts;
    #views = /* @__PURE__ */ new Map();
    #definition;
    #heading;
    /** Show a page, and none of the others. */
    show(place) {
      this.make(place);
      for (const [key, view] of this.#views) view.hidden = key !== keyOf(place);
      const heading = document.querySelector("h1");
      if (heading !== null) heading.textContent = this.#headingOf(place);
    }
    /** Make a page, if there is none yet, with what the form carries for it. */
    make(place) {
      if (this.#views.has(keyOf(place))) return;
      const view = document.createElement("div");
      view.hidden = true;
      const introduction = this.texts.introductions[place.page.id];
      if (introduction !== void 0) view.append(line2("p", introduction));
      for (const [path, field] of pathsOf(this.#definition, place)) {
        const question = this.texts.questions[field.name];
        view.append(
          field.kind === "text" ? writing(path, question) : this.#choosing(path, question, field)
        );
      }
      if (place.page.consent) view.append(this.#consent());
      this.#views.set(keyOf(place), view);
      const carried = this.#takeCarried(place);
      document.getElementById("actions")?.before(view);
      fillIn(this.form, carried.texts, carried.agreed);
    }
    #headingOf({ page, time }) {
      if (page === firstPlace(this.#definition).page) return this.#heading;
      return time > 0 ? this.timeOf(time) : this.texts.heading;
    }
    /** The name of a time, by its number. */
    timeOf(time) {
      return this.texts.time.replace("{n}", String(time));
    }
    /** What pages without script handed on in hidden fields: each goes into its own field instead. */
    #takeCarried(place) {
      const paths2 = new Set(pathsOf(this.#definition, place).map(([path]) => path));
      const texts = /* @__PURE__ */ new Map();
      const agreed = /* @__PURE__ */ new Set();
      for (const field of this.form.querySelectorAll('input[type="hidden"]')) {
        if (paths2.has(field.name)) texts.set(field.name, field.value);
        else if (field.name === "consent" && place.page.consent) agreed.add(field.value);
        else continue;
        field.remove();
      }
      return { texts, agreed };
    }
    #choosing(path, question, { kind, codes }) {
      const box = document.createElement("fieldset");
      framed(box, path, question, line2("legend", question.label));
      codes.forEach((code, n) => {
        const words2 = this.texts.codes[code] ?? code;
        const input = document.createElement("input");
        input.type = kind === "multi" ? "checkbox" : "radio";
        input.id = `${path}-${n + 1}`;
        input.name = path;
        input.value = code;
        box.append(tick(input, words2, this.texts.notes[code] ?? "", "note"));
      });
      box.setAttribute("aria-describedby", described(path, question));
      return box;
    }
    #consent() {
      const box = document.createElement("fieldset");
      box.id = "field-consent";
      box.className = "field";
      const base = line2("p", this.texts.consent.base);
      base.id = "hint-consent";
      box.setAttribute("aria-describedby", base.id);
      box.append(line2("legend", this.texts.consent.legend), base);
      for (const [level] of this.#definition.levels) {
        const { label = level, hint = "" } = this.texts.uses[level] ?? {};
        const input = document.createElement("input");
        input.type = "checkbox";
        input.name = "consent";
        input.value = level;
        box.append(tick(input, label, hint));
      }
      return box;
    }
  };
  function fillIn(form2, texts, agreed) {
    for (const field of form2.elements) {
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) continue;
      const text = texts.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") {
        const chosen = field.name === "consent" ? agreed.has(field.value) : void 0;
        const ticked = chosen ?? text?.split(" ").includes(field.value);
        if (ticked === true && field instanceof HTMLInputElement) field.checked = true;
      } else if (text !== void 0 && field.type !== "hidden") {
        field.value = text;
      }
    }
  }
  function tick(input, words2, under, kind = "") {
    const label = line2("label", "");
    label.className = "tick";
    const said = line2("span", words2);
    if (under !== "") {
      const small = line2("small", under);
      small.className = kind;
      said.append(small);
    }
    label.append(input, said);
    return label;
  }
  function writing(path, question) {
    const label = document.createElement("label");
    label.textContent = question.label;
    label.htmlFor = path;
    const box = framed(document.createElement("div"), path, question, label);
    const field = document.createElement(question.rows > 1 ? "textarea" : "input");
    if (field instanceof HTMLTextAreaElement) field.rows = question.rows;
    else field.type = "text";
    field.id = path;
    field.name = path;
    field.dir = "auto";
    field.autocomplete = "off";
    field.spellcheck = false;
    field.setAttribute("aria-describedby", described(path, question));
    box.append(field);
    return box;
  }
  function framed(box, path, question, label) {
    box.id = `field-${path}`;
    box.className = "field";
    box.append(label);
    if (question.hint !== "") {
      const hint = line2("p", question.hint);
      hint.id = `hint-${path}`;
      hint.className = "hint";
      box.append(hint);
    }
    const error = line2("p", "");
    error.id = `error-${path}`;
    error.className = "error";
    error.hidden = true;
    box.append(error);
    return box;
  }
  function described(path, { hint }) {
    return hint === "" ? `error-${path}` : `hint-${path} error-${path}`;
  }
  function line2(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  // src/guide.ts
  async function openGuide({ dataset }) {
    if (dataset["words"] !== void 0) {
      const texts = await fetchFormWords(dataset);
      return (form2) => new Pages(form2, texts);
    }
    checkKnown(dataset);
    return (form2) => new OnePage(form2);
  }
  function checkKnown({ form: form2, version, words: words2 }) {
    const held = form2 === MINIMAL.id && version === String(MINIMAL.version);
    demand(held || words2 !== void 0, "this script fills in another form");
  }
  var OnePage = class {
    constructor(form2) {
      this.form = form2;
    }
    form;
    definition = MINIMAL;
    place = firstPlace(MINIMAL);
    last = true;
    go() {
    }
    show() {
    }
    pageOf = (problems) => problems;
    here = this.pageOf;
    complete() {
    }
    restore(answers, agreed) {
      fillIn(this.form, answers, agreed);
    }
    before() {
      return "";
    }
  };
  var Pages = class {
    constructor(form2, texts) {
      this.form = form2;
      this.definition = texts.form;
      this.#views = new Views(form2, texts);
      this.place = firstPlace(this.definition);
    }
    form;
    definition;
    #views;
    place;
    get last() {
      return this.place.page.consent === true;
    }
    go(way) {
      this.#to(gone(this.definition, this.#answers(), this.place, way === "skip" ? "next" : way));
    }
    show(key = "") {
      const all = places(this.definition, this.definition.most);
      this.#to(all.find((place) => keyOf(place) === key) ?? firstPlace(this.definition));
    }
    pageOf(problems) {
      const path = problems[0]?.field;
      const all = places(this.definition, this.definition.most);
      const place = all.find((one) => pathsOf(this.definition, one).some(([own]) => own === path));
      if (place !== void 0 && keyOf(place) !== keyOf(this.place)) this.#to(place);
      return this.here(problems);
    }
    here(problems) {
      const own = pathsOf(this.definition, this.place).map(([path]) => path);
      return problems.filter(({ field }) => own.includes(field));
    }
    complete(answers = this.#answers()) {
      for (const place of places(this.definition, times(this.definition, answers))) {
        if (place.page.consent || isAnswered(this.definition, answers, place)) this.#views.make(place);
      }
    }
    restore(answers, agreed, key) {
      this.complete(answers);
      fillIn(this.form, answers, agreed);
      this.show(key);
    }
    before(path) {
      const [group, time] = path.split(".");
      return group === this.definition.repeat && time ? `${this.#views.timeOf(Number(time))}. ` : "";
    }
    #answers() {
      return readAnswers(this.form, paths(this.definition));
    }
    #to(place) {
      this.place = place;
      this.#views.show(place);
      const first = keyOf(place) === keyOf(firstPlace(this.definition));
      const ways = {
        again: mayAdd(this.definition, this.#answers(), place),
        skip: !first && !this.last && place.page.fields.length > 0,
        back: !first,
        end: !this.last
      };
      for (const button2 of document.querySelectorAll("#actions [data-go]")) {
        button2.hidden = ways[button2.dataset["go"] ?? ""] !== true;
      }
      const heading = document.querySelector("h1");
      if (heading !== null) {
        heading.tabIndex = -1;
        heading.focus();
        scrollTo(0, 0);
      }
    }
  };

  // src/language.ts
  async function fetchForm(lang, old) {
    const page = await fetchDocument("/1", new URLSearchParams({ lang }));
    const form2 = page.getElementById("form");
    demand(form2 instanceof HTMLFormElement && page.documentElement.lang === lang, "no form came");
    for (const name of ["deployment", "form", "version"]) {
      demand(form2.dataset[name] === old.dataset[name], "the form of another site came");
    }
    return { page, form: form2 };
  }
  function takeItsPlace({ page, form: form2 }, token) {
    for (const dead of page.querySelectorAll("noscript, script")) dead.remove();
    const given = form2.elements.namedItem("csrf_token");
    if (given instanceof HTMLInputElement) {
      token.value = given.value;
      given.replaceWith(token);
    }
    const ways = document.querySelectorAll("a.x");
    page.body.querySelectorAll("a.x").forEach((way, n) => {
      const kept = ways[n];
      if (kept === void 0) return;
      kept.textContent = way.textContent;
      way.replaceWith(kept);
    });
    document.documentElement.lang = page.documentElement.lang;
    document.documentElement.dir = page.documentElement.dir;
    document.title = page.title;
    document.body.replaceChildren(...page.body.childNodes);
    return form2;
  }
  function keepPlace(otherwise) {
    const at2 = document.activeElement;
    const writes = at2 instanceof HTMLTextAreaElement || at2 instanceof HTMLInputElement;
    const caret = at2 instanceof HTMLTextAreaElement ? [at2.selectionStart, at2.selectionEnd] : [];
    return () => {
      const box = writes ? document.getElementById(at2.id) : null;
      if (box !== null) box.focus({ preventScroll: true });
      else if (document.activeElement === document.body) {
        document.querySelector(otherwise)?.focus({ preventScroll: true });
      }
      const [begin2, end] = caret;
      if (box instanceof HTMLTextAreaElement && begin2 !== void 0 && end !== void 0) {
        box.setSelectionRange(begin2, end);
      }
    };
  }
  function fetchDocument(address, body) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", address);
      request.responseType = "document";
      request.timeout = PATIENCE;
      const fail = () => reject(new Error(`${address} cannot be had`));
      request.onerror = request.ontimeout = request.onabort = fail;
      request.onload = () => {
        const fresh = request.status === 200 ? request.responseXML : null;
        if (fresh === null) fail();
        else resolve(fresh);
      };
      request.send(body);
    });
  }

  // src/own_code.ts
  var OwnCode = class {
    constructor(files, deployment) {
      this.files = files;
      this.deployment = deployment;
    }
    files;
    deployment;
    #code = Codename.fresh();
    #wanted = false;
    #holder = new Once(() => this.#stretch());
    /** Whether it is stretched. */
    ready = false;
    /**
     * Fetch what it needs, and stretch it from the first letter that is written on, or at once where
     * some were before this script was here: whoever only reads a page does not pay for a code. What
     * fails now is tried again later.
     */
    begin(form2) {
      this.files.begin();
      const stretch = () => void this.#holder.get().catch(() => void 0);
      if ([...form2.querySelectorAll("textarea")].some((box) => box.value !== "")) stretch();
      else form2.addEventListener("input", stretch, { once: true });
    }
    /** Whoever has it; throws where it cannot be stretched now. */
    holder() {
      this.#wanted = true;
      return this.#holder.get();
    }
    /** Its words; throws where the list is not here. */
    async words() {
      return this.#known.in(await this.files.list());
    }
    /** Let go of it, and of whoever has it. */
    forget() {
      this.#code = void 0;
      this.#holder = new Once(() => this.#stretch());
    }
    get #known() {
      if (this.#code === void 0) throw new Error("the code is forgotten");
      return this.#code;
    }
    async #stretch() {
      const holder = await this.files.holderOf(this.#known, this.deployment, () => this.#wanted);
      this.ready = true;
      return holder;
    }
  };

  // src/sealer.ts
  var TRIES2 = 100;
  var Sealer = class {
    constructor(site, present, holder, used) {
      this.site = site;
      this.holder = holder;
      this.used = used;
      this.#present = present;
    }
    site;
    holder;
    used;
    #present;
    #draft;
    #counters = /* @__PURE__ */ new Set();
    /** The letter of this testimony, as it may be sent now; throws where it cannot be sealed now. */
    letter(testimony) {
      const draft = this.#draftOf(testimony);
      const letter = draft.turn.then(() => this.#letter(draft, testimony));
      draft.turn = letter.catch(() => void 0);
      return letter;
    }
    /** The server refused the letter: the next is sealed anew, to what the server says then. */
    renew() {
      this.#present = { ...this.#present, fetched: void 0 };
      if (this.#draft !== void 0) this.#draft.made = void 0;
    }
    /** Nobody knows whether the server has the letter: from now on, the same bytes go first. */
    doubt() {
      if (this.#draft !== void 0) this.#draft.inDoubt = true;
    }
    /** Whether the testimony may be kept already. */
    get inDoubt() {
      return this.#draft?.inDoubt ?? false;
    }
    /** The server's answer where it is the log's promise for this testimony; undefined for others. */
    proofIn(answer) {
      const openings = this.#draft?.openings ?? /* @__PURE__ */ new Map();
      return isAcknowledged(answer, openings, this.#present) ? answer : void 0;
    }
    /**
     * Whether the server says that it keeps something else under this one's number, so that this one
     * is not kept; then it has a new number, and can be sent again. Of a code that is new it cannot be.
     */
    renumbered(answer) {
      const draft = this.#draft;
      if (!this.used || draft === void 0 || !isOfAnother(answer, draft.openings)) return false;
      draft.counter = this.#freshCounter();
      draft.made = void 0;
      draft.openings.clear();
      draft.inDoubt = false;
      return true;
    }
    /** Let go of everything that tells of a testimony. */
    forget() {
      this.#draft = void 0;
    }
    #draftOf(testimony) {
      const answers = encode({ ...testimony });
      if (this.#draft?.answers !== answers) {
        const counter = this.#freshCounter();
        const turn = Promise.resolve();
        const openings = /* @__PURE__ */ new Map();
        this.#draft = { answers, counter, made: void 0, openings, inDoubt: false, turn };
      }
      return this.#draft;
    }
    /** A number that nothing from this page has had: of two with one, the server keeps the first. */
    #freshCounter() {
      let counter = freshCounter(this.#present.epoch);
      for (let tries = 0; tries < TRIES2 && this.#counters.has(counter); tries++) {
        counter = freshCounter(this.#present.epoch);
      }
      this.#counters.add(counter);
      return counter;
    }
    async #letter(draft, testimony) {
      if (draft.made !== void 0 && draft.inDoubt) return draft.made.letter;
      const author = (await this.holder()).author(draft.counter);
      if (!isFresh(this.#present)) {
        this.#present = await this.site.present(this.#present.roster);
      }
      const present = this.#present;
      if (draft.made === void 0 || !areSame(draft.made.present, present)) {
        const letter = await seal(
          testimony,
          present.roster,
          present.epoch,
          author,
          this.site.mode
        );
        draft.made = { letter, present };
        draft.openings.set(...openingOf(letter));
      }
      return draft.made.letter;
    }
  };
  function areSame(one, other) {
    return one.roster.digest === other.roster.digest && one.epoch.number === other.epoch.number;
  }

  // src/stage.ts
  function main() {
    return document.querySelector("main");
  }
  function show(view, title) {
    main().replaceChildren(view);
    document.title = title;
    const heading = main().querySelector("h1");
    if (heading === null) return;
    heading.tabIndex = -1;
    heading.focus();
  }
  function takeOut() {
    const range = document.createRange();
    range.selectNodeContents(main());
    return range.extractContents();
  }
  async function busy(act) {
    const release = hold(main().querySelectorAll("button"));
    const moving = document.getElementById("sending");
    moving?.toggleAttribute("hidden", false);
    try {
      return await act();
    } finally {
      moving?.toggleAttribute("hidden", true);
      release();
    }
  }
  function hold(buttons) {
    const held = [...buttons].filter(({ disabled }) => !disabled);
    const pressed = held.find((button2) => button2 === document.activeElement);
    const around = main();
    if (pressed !== void 0) around.focus({ preventScroll: true });
    for (const button2 of held) button2.disabled = true;
    return () => {
      for (const button2 of held) button2.disabled = false;
      if (document.activeElement === around) pressed?.focus({ preventScroll: true });
    };
  }
  function say(id2, text) {
    const line3 = document.getElementById(id2);
    if (line3 === null) return;
    line3.textContent = text;
    line3.hidden = text === "";
  }
  function onClick(id2, act) {
    document.getElementById(id2)?.addEventListener("click", act);
  }
  function empty(form2) {
    for (const element of form2.elements) {
      if (element instanceof HTMLTextAreaElement) element.value = "";
      if (element instanceof HTMLInputElement && element.type === "text") element.value = "";
    }
    form2.reset();
  }

  // src/steps.ts
  var Steps = class {
    /** `show` shows where a step began; it says whether it could. */
    constructor(show2) {
      this.show = show2;
      addEventListener("popstate", ({ state }) => this.#to(typeof state === "number" ? state : 0));
    }
    show;
    /** Where each step began, the first one first; as many as there are entries. */
    #trail = [];
    #ended = false;
    /** A step from `where`. Called while somebody presses a button: else browsers pass over the entry. */
    forward(where) {
      if (this.#trail.length === 0) history.replaceState(0, "");
      this.#trail.push(where);
      history.pushState(this.#trail.length, "");
    }
    /** A step back, as the browser's button does it. */
    back() {
      history.back();
    }
    /** The form is done: Back leaves the page. */
    end() {
      this.#ended = true;
      if (this.#trail.length > 0) history.go(-this.#trail.length);
    }
    #to(depth) {
      if (this.#ended) return;
      while (this.#trail.length > depth) {
        if (!this.show(this.#trail[this.#trail.length - 1])) break;
        this.#trail.pop();
      }
      if (this.#trail.length !== depth) history.go(this.#trail.length - depth);
    }
  };

  // src/page.ts
  async function takeOver(form2) {
    await begin(form2, (site, present) => {
      checkKnown(form2.dataset);
      const code = new OwnCode(new CodeFiles(form2.dataset), present.roster.deployment);
      const sealer = new Sealer(site, present, () => code.holder(), false);
      const token = tokenOf(form2);
      const words2 = new Words(site.lang);
      const delivery = new Delivery(site, sealer, token);
      const page = new Page(form2, site.lang, words2, sealer, delivery, code, token);
      page.offer(site.mode === "browser");
      code.begin(form2);
    });
  }
  var Page = class {
    constructor(form2, lang, words2, sealer, delivery, code, token) {
      this.form = form2;
      this.lang = lang;
      this.words = words2;
      this.sealer = sealer;
      this.delivery = delivery;
      this.code = code;
      this.token = token;
    }
    form;
    lang;
    words;
    sealer;
    delivery;
    code;
    token;
    /** What the form page shows, kept out of sight while the check view is there. */
    #formView;
    /** Undefined until the form's words are here. */
    #guide;
    #waiting = false;
    #sending = false;
    /** Whether the way back from the check page was the button to change it, not the browser's. */
    #toStory = false;
    #steps = new Steps((where) => this.#stepBack(where));
    /** Put the buttons on the page; other languages only where a server has them. */
    offer(online) {
      this.#offer(online);
      void this.#open();
      addEventListener("pagehide", () => this.#wipe());
    }
    #offer(online) {
      document.getElementById("actions")?.replaceChildren(clone("continue-template"));
      onClick("continue", () => void this.#on("next"));
      for (const button2 of buttonsOf("[data-go]")) {
        button2.addEventListener("click", () => void this.#on(button2.dataset["go"]));
      }
      for (const button2 of buttonsOf("[data-switch]")) {
        if (!online) button2.remove();
        button2.addEventListener("click", () => void this.#switch(button2.dataset["switch"] ?? ""));
      }
    }
    /** The guide, once its words are here; without them, it is said, and undefined. */
    async #open() {
      try {
        this.#guide ??= (await openGuide(this.form))(this.form);
      } catch {
        return void 0;
      }
      return this.#guide;
    }
    async #on(way) {
      if (this.#waiting) return;
      this.#clear();
      this.#waiting = true;
      const guide = await this.#open();
      this.#waiting = false;
      if (guide === void 0) return showNotice(this.words.error("down"));
      if (way !== "next") return this.#go(guide, way);
      const answered = readForm(this.form, guide.definition, this.lang, this.code.files.here);
      if (guide.last) return this.#check(guide, answered);
      const problems = "problems" in answered ? guide.here(answered.problems) : [];
      if (problems.length === 0) return this.#go(guide, "next");
      this.#refuse(guide, answered);
    }
    #go(guide, way) {
      const where = keyOf(guide.place);
      guide.go(way);
      if (keyOf(guide.place) !== where) this.#steps.forward(where);
    }
    /** Show the page with this key again; false while there is no way back. */
    #stepBack(where) {
      if (this.#sending) return false;
      this.#clear();
      if (this.#formView !== void 0) this.#back(where);
      else this.#guide?.show(where);
      return true;
    }
    /** Take away what was said of the page, from its title too. */
    #clear() {
      clearProblems();
      document.title = this.words.title(1);
    }
    /** Say what is wrong; on the page shown, or else on the first page where something is. */
    #refuse(guide, answered) {
      if (!("problems" in answered)) return;
      writeBack(this.form, answered.tidied);
      const here = guide.here(answered.problems);
      showProblems(here.length > 0 ? here : guide.pageOf(answered.problems), this.words);
    }
    #check(guide, answered) {
      if ("problems" in answered) return this.#refuse(guide, answered);
      guide.complete();
      const { testimony } = answered;
      const view = checkView(this.form, testimony, this.words, (path) => guide.before(path));
      this.#formView = takeOut();
      show(view, this.words.title(2));
      this.#steps.forward(keyOf(guide.place));
      onClick("back", () => {
        this.#toStory = true;
        this.#steps.back();
      });
      onClick("send", () => void this.#send(testimony));
      pause().then(() => this.sealer.letter(testimony)).catch(() => void 0);
    }
    /** The same form in another language, with everything that is written in it. */
    async #switch(lang) {
      clearProblems();
      const release = hold(buttonsOf("button"));
      try {
        const old = await this.#open();
        if (old === void 0) throw new Error("the form's words cannot be had");
        const fresh = await fetchForm(lang, this.form);
        const make = await openGuide(fresh.form);
        demand(document.querySelector(".cover") === null, "the page is covered");
        const key = keyOf(old.place);
        const answers = readAnswers(this.form, paths(old.definition));
        const agreed = readAgreed(this.form);
        const writeOn = keepPlace(`[data-switch="${this.lang}"]`);
        empty(this.form);
        this.form = takeItsPlace(fresh, this.token);
        this.words = new Words(lang);
        this.lang = lang;
        this.#guide = make(this.form);
        neverSubmit(this.form);
        this.#offer(true);
        this.#guide.restore(answers, agreed, key);
        writeOn();
      } catch {
        showNotice(this.words.error("down"));
      }
      release();
    }
    /** From the check page to the page with this key, or to the story if that was asked for. */
    #back(where) {
      if (this.#formView === void 0) return;
      show(this.#formView, this.words.title(1));
      this.#formView = void 0;
      this.#guide?.show(this.#toStory ? "" : where);
      this.#toStory = false;
    }
    async #send(testimony) {
      say("send-problem", "");
      say("send-soon", this.code.ready ? "" : this.words.say("sent.code_soon"));
      this.#sending = true;
      const { said, proof } = await busy(() => this.#deliver(testimony));
      this.#sending = false;
      say("send-soon", "");
      if (said === "sent") await this.#sent(proof);
      else say("send-problem", this.words.error(said));
    }
    /** Send it, once it is known that no code is in it; nobody sends under one that cannot be shown. */
    async #deliver(testimony) {
      const list2 = await this.code.files.list().catch(() => void 0);
      if (list2 === void 0) return this.delivery.nothing;
      if (holdsCode(testimony, list2)) return { said: "code_in_text", proof: void 0 };
      return this.delivery.send(testimony);
    }
    async #sent(proof) {
      const code = await this.code.words();
      this.#wipe();
      this.#formView = void 0;
      const view = sentOffline(this.words, code) ?? sentScreen(this.words, proof, code);
      show(view, this.words.title(3));
      this.#steps.end();
    }
    /** Empty the form and let go of the letter and of the code. */
    #wipe() {
      empty(this.form);
      this.sealer.forget();
      this.code.forget();
    }
  };
  function buttonsOf(selector) {
    return [...document.querySelectorAll(`#actions ${selector}`)];
  }

  // src/board.ts
  var PLAINTEXT = 9216;
  var ROW = HINT_SIZE + sealedLength(1, PLAINTEXT);
  var TITLE = "testimony-intake/board/v1";
  var PART = 128;
  var MOST_ROWS = 1e6;
  var Index = class _Index {
    constructor(rows, parts) {
      this.rows = rows;
      this.parts = parts;
    }
    rows;
    parts;
    /** Read the file of this deployment's board strictly; throws `MalformedError`. */
    static parse(data, deployment) {
      const lines2 = new TextDecoder().decode(data).split("\n");
      const [title, of, count = "", ...parts] = lines2;
      demand(title === TITLE && parts.pop() === "", "not a board's index");
      demand(of === `deployment ${checkDeployment(deployment)}`, "the board is of another deployment");
      demand(/^rows (?:0|[1-9][0-9]{0,6})$/.test(count), "a line of a board's index is malformed");
      const rows = Number(count.slice("rows ".length));
      const fits = rows <= MOST_ROWS && parts.length === Math.ceil(rows / PART);
      demand(fits, "a board has another number of parts");
      return new _Index(rows, parts.map(digestOf));
    }
    /** The length in bytes of a part, from 0. */
    lengthOf(part) {
      return Math.min(PART, this.rows - part * PART) * ROW;
    }
  };
  function digestOf(line3) {
    const match = /^part sha256:([0-9a-f]{64})$/.exec(line3);
    if (match === null) throw new MalformedError("a line of a board's index is malformed");
    return Uint8Array.from((match[1] ?? "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
  }
  async function fetchBoard(address, deployment) {
    try {
      return await fetchOnce(address, deployment);
    } catch {
      return await fetchOnce(address, deployment);
    }
  }
  async function fetchOnce(address, deployment) {
    const index = Index.parse(await get(`${address}index`), deployment);
    const parts = [];
    for (const [number, digest] of index.parts.entries()) {
      const part = await get(`${address}${number}`, `sha256-${b64(digest)}`);
      demand(part.length === index.lengthOf(number), "a part of the board has another length");
      parts.push(part);
    }
    return parts;
  }
  function* rowsOf(parts) {
    for (const part of parts) {
      for (let start = 0; start < part.length; start += ROW) yield part.subarray(start, start + ROW);
    }
  }

  // src/reply.ts
  var REPLY = /^testimony-intake\/reply\/v1\ndeployment ([^\n]*)\nto ([A-Za-z0-9+/]{43}=)\nepoch ([^\n]*)\n(?:question ("[^\n]*")\n)?text ("[^\n]*")\n$/;
  var TEXT_MOST = 4e3;
  var QUESTION_MOST = 250;
  var TEXT_BYTES2 = 8192;
  var QUESTION_BYTES = 512;
  var ReplyNote = class _ReplyNote {
    constructor(deployment, to, epoch, text, question, digest) {
      this.deployment = deployment;
      this.to = to;
      this.epoch = epoch;
      this.text = text;
      this.question = question;
      this.digest = digest;
    }
    deployment;
    to;
    epoch;
    text;
    question;
    digest;
    /** Read the text of a note strictly; throws `MalformedError`. */
    static parse(note) {
      const match = REPLY.exec(note);
      demand(match !== null, "not a reply");
      const [, deployment = "", to = "", epoch = "", asked, said = ""] = match;
      demand(btoa(atob(to)) === to, "a reply names its recipient by a hash of 32 bytes");
      const text = stringOf(said, TEXT_MOST, TEXT_BYTES2);
      const question = asked === void 0 ? "" : stringOf(asked, QUESTION_MOST, QUESTION_BYTES);
      demand(asked === void 0 || question !== "", "a reply has one spelling");
      demand(/\S|\ufeff/.test(text), "a reply is a text");
      demand(!question.includes("\n"), "a question is one line");
      const digest = `sha256:${hex(sha2562(note))}`;
      return new _ReplyNote(checkDeployment(deployment), to, Epoch.parse(epoch), text, question, digest);
    }
  };
  function stringOf(json, most, mostBytes) {
    let text;
    try {
      text = JSON.parse(json);
    } catch {
      text = void 0;
    }
    demand(typeof text === "string" && encode(text) === json, "a reply's text has one spelling");
    demand(tidy(text) === text, "a reply has no control characters");
    demand([...text].length <= most && join(json).length <= mostBytes, "a reply is too long");
    return text;
  }
  async function repliesOn(board, holder, roster) {
    const { mailbox } = holder;
    const hints = /* @__PURE__ */ new Map();
    for (let number = 0; number < REPLIES; number++) hints.set(hex(hintOf(mailbox, number)), number);
    const mine = [];
    for (const row of board) {
      const number = hints.get(hex(row.subarray(0, HINT_SIZE)));
      if (number !== void 0) mine.push([number, row]);
    }
    const found = /* @__PURE__ */ new Map();
    for (const [number, row] of mine) {
      try {
        const note = await open2(row, holder, roster);
        if (!found.has(note.digest)) found.set(note.digest, { number, note });
      } catch {
      }
    }
    return [...found.values()].sort(
      (one, other) => one.number - other.number || one.note.epoch.number - other.note.epoch.number
    );
  }
  async function open2(row, holder, roster) {
    const sealed = join(row.subarray(HINT_SIZE));
    demand(row.length === ROW && countStanzas(sealed) === 1, "a row is sealed to one code");
    const decrypter = new Decrypter();
    decrypter.addIdentity(holder.identity);
    const padded2 = await decrypter.decrypt(sealed);
    demand(padded2.length === PLAINTEXT, "a reply has one length");
    let end = padded2.length;
    while (end > 0 && padded2[end - 1] === 0) end--;
    const note = Note.parse(padded2.subarray(0, end));
    const reply = ReplyNote.parse(note.text);
    demand(reply.deployment === roster.deployment, "the reply is of another deployment");
    const by = roster.reviewers.filter(({ signer }) => note.signedBy(signer));
    if (by.length !== 1) throw new ProofError("no reviewer of the roster signed the reply");
    const { to } = await holder.reply();
    demand(reply.to === b64(sha2562(to)), "the reply is to somebody else");
    return reply;
  }

  // src/return_view.ts
  var SHOWN = 8;
  function wrongWith({ count, unknown }, words2) {
    const lines2 = unknown.slice(0, SHOWN).flatMap(([word, near]) => [
      words2.error("code").replace("{word}", () => word),
      ...near === void 0 ? [] : [words2.error("code_near").replace("{word}", () => near)]
    ]);
    if (unknown.length > 0) return lines2;
    return [words2.error("code_count").replace("{n}", String(count))];
  }
  function messagesView(words2, replies) {
    const consent = button("consent", words2.say("return.consent"));
    const withdraw = button("withdraw", words2.say("return.withdraw"));
    consent.className = withdraw.className = "plain";
    return together(
      line("h1", replies.length > 0 ? words2.say("return.msg1") : words2.say("return.msg0")),
      ...replies.map((reply, place) => messageShown(words2, reply, place)),
      mode(words2.say("return.mode_browser")),
      ...sendingShown(),
      button("more", words2.say("return.more")),
      consent,
      withdraw
    );
  }
  function messageShown(words2, { note }, place) {
    const section = document.createElement("section");
    const week = words2.say("return.from").replace("{week}", note.epoch.toString());
    section.append(line("h2", week), asWritten(note.text));
    if (note.question === "") return section;
    const question = asWritten(note.question);
    question.id = `question-${place}`;
    const choices = { yes: words2.say("return.yes"), no: words2.say("return.no") };
    const answers = Object.entries(choices).map(([answer, said]) => {
      const choice = button(`${answer}-${place}`, said);
      Object.assign(choice.dataset, { answer, question: note.digest });
      choice.setAttribute("aria-describedby", question.id);
      return choice;
    });
    section.append(
      line("p", words2.say("return.question")),
      question,
      line("p", words2.say("return.question_p")),
      ...answers
    );
    return section;
  }
  function asWritten(text) {
    const element = line("p", text);
    Object.assign(element, { className: "said", dir: "auto" });
    return element;
  }
  function moreView(words2) {
    const summary = document.createElement("div");
    summary.id = "summary";
    const form2 = document.createElement("div");
    form2.id = "form";
    form2.append(
      writing("narrative", {
        label: words2.say("form.text"),
        hint: words2.say("form.text_hint"),
        rows: 12
      })
    );
    return together(
      summary,
      line("h1", words2.say("return.more")),
      line("p", words2.say("return.more_p")),
      form2,
      ...sealing(words2)
    );
  }
  function consentView(words2) {
    const box = document.createElement("fieldset");
    box.className = "field";
    box.append(line("legend", words2.say("form.consent")));
    const uses = usesIn(words2);
    for (const [level] of MINIMAL.levels) {
      const [label, hint = ""] = uses[level] ?? [];
      demand(label !== void 0, "a use has no words");
      const input = document.createElement("input");
      Object.assign(input, { type: "checkbox", name: "consent", value: level });
      box.append(tick(input, label, hint));
    }
    return together(
      line("h1", words2.say("return.consent")),
      line("p", words2.say("return.consent_p")),
      box,
      ...sealing(words2)
    );
  }
  function usesIn(words2) {
    return {
      stats: [words2.say("form.c_stats")],
      publish: [words2.say("form.c_publish"), words2.say("form.c_publish_h")],
      investigators: [words2.say("form.c_invest"), words2.say("form.c_invest_h")],
      courts: [words2.say("form.c_court"), words2.say("form.c_court_h")],
      message: [words2.say("form.c_msg"), words2.say("form.c_msg_h")]
    };
  }
  function sealing(words2) {
    const send = button("send", words2.say("check.send"));
    return [mode(words2.say("check.mode_browser")), clone("keys"), ...sendingShown(), send, back(words2)];
  }
  function withdrawView(words2, days) {
    const keep = button("back", words2.say("withdraw.no"));
    keep.className = "plain";
    return together(
      line("h1", words2.say("withdraw.h1")),
      line("p", words2.say("withdraw.p1").replace("{n}", days)),
      line("p", words2.say("withdraw.p2")),
      line("p", words2.say("withdraw.p3")),
      line("p", words2.say("withdraw.all")),
      ...sendingShown(),
      button("yes", words2.say("withdraw.yes")),
      keep
    );
  }
  function doneView(said) {
    return together(line("h1", said));
  }
  function changedView(words2) {
    return together(line("h1", words2.say("return.changed")), back(words2));
  }
  function back(words2) {
    const element = button("back", words2.say("return.again"));
    element.className = "plain";
    return element;
  }

  // src/return.ts
  var CODE = "code";
  var MESSAGES = "messages";
  async function comeBack(form2) {
    await begin(form2, (site, present) => {
      const files = new CodeFiles(form2.dataset);
      new ReturnPage(form2, site, present, files, new Words(site.lang)).offer();
      files.begin();
    });
  }
  var ReturnPage = class {
    constructor(form2, site, present, files, words2) {
      this.form = form2;
      this.site = site;
      this.files = files;
      this.words = words2;
      this.#present = present;
    }
    form;
    site;
    files;
    words;
    /** What the page shows for the code, kept out of sight while a code is open. */
    #codeView;
    #opened;
    /** The view in which something is being added, while another is shown, of each code that was open. */
    #begun = /* @__PURE__ */ new Map();
    #present;
    #busy = false;
    #title = document.title;
    #steps = new Steps((where) => this.#stepBack(where));
    /** Put the button on the page. */
    offer() {
      const said = mode(this.words.say("return.mode_browser"));
      document.getElementById("actions")?.replaceChildren(said, ...sendingShown(), clone("continue-template"));
      onClick("open", () => void this.#open());
      this.#box.addEventListener("keydown", (event) => {
        if (event.key === "Enter") void this.#open();
      });
      addEventListener("pagehide", () => this.#wipe());
    }
    get #box() {
      return this.form.elements.namedItem("code");
    }
    /** Open the code in the box; what is wrong with it is said here, and nobody is asked. */
    async #open() {
      if (this.#busy) return;
      this.#clear();
      try {
        this.#opened = await this.#while(() => this.#openedWith(this.#box.value));
      } catch (error) {
        if (!(error instanceof NotACode)) return showNotice(this.words.error("board"));
        const wrong = wrongWith(error, this.words).map((text) => ["code", text]);
        return showWrong(wrong, this.words, this.#title);
      }
      this.#box.value = "";
      this.#codeView = takeOut();
      this.#showMessages();
      this.#steps.forward(CODE);
    }
    async #openedWith(typed2) {
      const code = (await this.files.list()).read(typed2);
      const { deployment } = this.#present.roster;
      const holder = await this.files.holderOf(code, deployment);
      if (!isFresh(this.#present)) this.#present = await this.site.present(this.#present.roster);
      const board = await fetchBoard(this.form.dataset["board"] ?? "", deployment);
      const replies = await repliesOn(rowsOf(board), holder, this.#present.roster);
      const sealer = new Sealer(this.site, this.#present, async () => holder, true);
      const delivery = new Delivery(this.site, sealer, tokenOf(this.form));
      return { holder, replies, sealer, delivery, who: hex(sha2562(holder.mailbox)) };
    }
    #clear() {
      clearProblems();
      document.title = this.#title;
    }
    #showMessages() {
      const { replies } = this.#known;
      show(messagesView(this.words, replies), this.#title);
      onClick("more", () => this.#toMore());
      onClick("consent", () => this.#toConsent());
      onClick("withdraw", () => this.#toWithdraw());
      for (const choice of main().querySelectorAll("[data-question]")) {
        const { question = "", answer } = choice.dataset;
        const said = consentAnswer(this.site.lang, question, answer === "yes");
        choice.addEventListener("click", () => void this.#answer(said));
      }
    }
    #toMore() {
      const begun = this.#begun.get(this.#known.who);
      show(begun ?? moreView(this.words), this.#title);
      this.#steps.forward(MESSAGES);
      if (begun !== void 0) return;
      onClick("back", () => this.#steps.back());
      onClick("send", () => void this.#sendMore());
    }
    #toConsent() {
      show(consentView(this.words), this.#title);
      this.#step();
      onClick("send", async () => {
        const ticked = main().querySelectorAll("input:checked");
        const agreed = new Set([...ticked].map(({ value }) => value));
        if (!await this.#sent(consentChange(this.site.lang, agreed))) return;
        show(changedView(this.words), this.#title);
        onClick("back", () => this.#steps.back());
      });
    }
    #toWithdraw() {
      show(withdrawView(this.words, this.form.dataset["days"] ?? ""), this.#title);
      this.#step();
      onClick("yes", () => void this.#withdraw());
    }
    /** A step from the messages; the view that is shown now has a button for the way back. */
    #step() {
      this.#steps.forward(MESSAGES);
      onClick("back", () => this.#steps.back());
    }
    /** Seal what is in the box and send it; whatever fails, it stays there. */
    async #sendMore() {
      clearProblems();
      const box = main().querySelector("textarea");
      const answers = /* @__PURE__ */ new Map([["narrative", box.value]]);
      const { lang } = this.site;
      const list2 = await this.files.list();
      const answered = fromAnswers(lang, answers, /* @__PURE__ */ new Set(), ADDITION, list2);
      if ("problems" in answered) {
        const tidied = answered.tidied.get("narrative") ?? "";
        if (box.value !== tidied) box.value = tidied;
        return showProblems(answered.problems, this.words, this.#title);
      }
      document.title = this.#title;
      const { said, proof } = await this.#deliver(answered.testimony);
      if (said === "sent") this.#end(sentScreen(this.words, proof));
    }
    /** Seal and send the answer to a question that stands in a message. */
    async #answer(said) {
      if (!await this.#sent(said)) return;
      show(changedView(this.words), this.#title);
      this.#step();
    }
    async #sent(said) {
      return (await this.#deliver(said)).said === "sent";
    }
    async #deliver(said) {
      say("send-problem", "");
      const sent = await this.#while(() => this.#known.delivery.send(said));
      if (sent.said !== "sent") say("send-problem", this.words.error(sent.said));
      return sent;
    }
    async #withdraw() {
      say("send-problem", "");
      const done = await this.#while(() => this.#withdrawn().catch(() => false));
      if (done) this.#end(doneView(this.words.say("withdraw.done")));
      else say("send-problem", this.words.error("retry"));
    }
    /** Whether the server let go of all that it had under this code, or had nothing: it does not say. */
    async #withdrawn() {
      const { epoch } = await this.site.present(this.#present.roster);
      const secrets = await this.#known.holder.withdrawals(epoch);
      const answer = await post(secrets, this.form.dataset["return"] ?? "", tokenOf(this.form));
      return answer.status === 200 && await answer.text() === "ok\n";
    }
    /** Show the page with this key again; false while there is no way back. */
    #stepBack(where) {
      if (this.#busy) return false;
      if (where === MESSAGES) {
        if (main().querySelector("#form") !== null) this.#begun.set(this.#known.who, takeOut());
        this.#showMessages();
      } else if (this.#codeView !== void 0) {
        this.#forget();
        show(this.#codeView, this.#title);
        this.#codeView = void 0;
      }
      return true;
    }
    #end(view) {
      this.#wipe();
      show(view, this.#title);
      this.#steps.end();
    }
    async #while(act) {
      this.#busy = true;
      try {
        return await busy(act);
      } finally {
        this.#busy = false;
      }
    }
    get #known() {
      if (this.#opened === void 0) throw new Error("no code is open");
      return this.#opened;
    }
    #forget() {
      this.#opened?.sealer.forget();
      this.#opened = void 0;
    }
    /** Let go of the code, of what it opened, and of what was written. */
    #wipe() {
      this.#forget();
      this.#begun.clear();
      empty(this.form);
      this.#codeView = void 0;
    }
  };

  // src/main.ts
  watchExit();
  var [form, back2] = [document.getElementById("form"), document.getElementById("return")];
  if (form instanceof HTMLFormElement) void takeOver(form);
  if (back2 instanceof HTMLFormElement) void comeBack(back2);
})();
