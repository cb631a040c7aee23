// What a code needs beside this script: the list of words, and the program that stretches it in a
// Worker. Both are fetched in the background, or stand in an offline page; nobody waits for them
// before the code itself is wanted.

import { type Asked, stretched } from "./argon";
import { pause } from "./breath";
import { type Codename, saltOf, WordList } from "./codename";
import { get } from "./fetching";
import { Holder } from "./author";
import { Once } from "./once";

interface Policy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

export class CodeFiles {
  readonly #list: Once<WordList>;
  readonly #program: Once<string>;
  /** The list, if it is here already. */
  here: WordList | undefined;

  constructor({ list = "", listIntegrity = "", stretch = "", stretchIntegrity = "" }: DOMStringMap) {
    this.#list = new Once(async () => {
      this.here = WordList.parse(await fileOf("words", list, listIntegrity));
      return this.here;
    });
    this.#program = new Once(() => fileOf("stretch", stretch, stretchIntegrity));
  }

  /** Fetch both in the background; what fails now is tried again when it is wanted. */
  begin(): void {
    this.list().catch(() => undefined);
    this.#program.get().catch(() => undefined);
  }

  /** The list of words; throws where it cannot be had now. */
  list(): Promise<WordList> {
    return this.#list.get();
  }

  /**
   * Whoever has this code. Throws where the program cannot be had now; and where no Worker can be
   * made, unless somebody is waiting: then the page itself does it, and stands still for so long.
   * That is bad, but not to be able to send is worse. (argon2idAsync would stand still too: it
   * pauses between microtasks alone.)
   */
  async holderOf(
    code: Codename,
    deployment: string,
    somebodyWaits: () => boolean = () => true,
  ): Promise<Holder> {
    const program = await this.#program.get();
    const asked = { secret: code.secret, salt: saltOf(deployment) };
    try {
      return new Holder(await inWorker(program, asked));
    } catch (error) {
      if (!somebodyWaits()) throw error;
      await pause(); // for the picture that says so
      return new Holder(stretched(asked));
    }
  }
}

/** The text of a file that the page names with its hash, or that stands in it (offline). */
async function fileOf(id: string, address: string, integrity: string): Promise<string> {
  const inside = document.querySelector(`script#${id}`);
  if (inside !== null) return inside.textContent ?? "";
  if (integrity === "") throw new Error(`the page does not say which ${id}`);
  return new TextDecoder().decode(await get(address, integrity));
}

let policy: Policy | undefined;

/** What makes the address of a Worker; the page's policy knows this name, once, and no other. */
function trusting(): Policy {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  const rules = { createScriptURL: (url: string) => url };
  policy ??= trustedTypes?.createPolicy("stretch", rules) ?? rules;
  return policy;
}

/** Run the program once, in a Worker of its own, which ends with its answer. */
async function inWorker(program: string, asked: Asked): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  let worker: Worker | undefined;
  try {
    const made = (worker = new Worker(trusting().createScriptURL(url)));
    return await new Promise<Uint8Array>((resolve, reject) => {
      made.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
      made.onerror = made.onmessageerror = () => reject(new Error("the Worker failed"));
      made.postMessage(asked);
    });
  } finally {
    worker?.terminate();
    URL.revokeObjectURL(url);
  }
}
