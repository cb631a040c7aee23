// What is sent goes with the page's token, and with a new one where the site itself gives it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { MalformedError, ProofError, RosterError } from "../src/errors";
import { patiently, post } from "../src/fetching";

const OLD = "IjAxMiI.aSw1Zg.Qk9PSw";
const NEW = "IjAxMiI.aSw1Zw.S09PQg-_";

interface Sent {
  readonly token: string;
  readonly body: unknown;
}

/** Send once, where these answers are given in turn; what was sent, and the field afterwards. */
async function sending(answers: readonly Response[]) {
  const sent: Sent[] = [];
  const left = [...answers];
  const real = globalThis.fetch;
  globalThis.fetch = async (_address, { headers, body } = {}) => {
    sent.push({ token: new Headers(headers).get("X-CSRFToken") ?? "", body });
    return left.shift() as Response;
  };
  const field = { value: OLD } as HTMLInputElement;
  try {
    const response = await post(Uint8Array.of(1, 2, 3), "/s", field);
    return { status: response.status, sent, field: field.value };
  } finally {
    globalThis.fetch = real;
  }
}

test("an old token is renewed once, and the same is sent again", async () => {
  const no = () => new Response(`${NEW}\n`, { status: 403 });
  const { status, sent, field } = await sending([no(), new Response("ok", { status: 200 })]);
  assert.equal(status, 200);
  assert.deepEqual(sent.map(({ token }) => token), [OLD, NEW]);
  assert.equal(sent[0]?.body, sent[1]?.body);
  assert.equal(field, NEW);
  assert.equal((await sending([no(), no()])).sent.length, 2);
  const short = new Response(`.${NEW}`, { status: 403 });
  assert.equal((await sending([short, new Response("ok", { status: 200 })])).field, `.${NEW}`);
});

test("what a gateway says in the place of a token keeps nobody from sending later", async () => {
  for (const said of ["", "Forbidden", "<html>\n<h1>403</h1>\n</html>", `${NEW}\nx`, "Нельзя.a.b"]) {
    const { status, sent, field } = await sending([new Response(said, { status: 403 })]);
    assert.equal(status, 403);
    assert.equal(sent.length, 1);
    assert.equal(field, OLD);
  }
});

/** Ask for something that fails so, time after time, and then is had; how often it was asked for. */
async function asking(failures: readonly Error[]): Promise<[had: string, asked: number]> {
  let asked = 0;
  const act = async () => {
    const failure = failures[asked++];
    if (failure !== undefined) throw failure;
    return "here";
  };
  const had = await patiently(act, [1, 1]).catch((error: Error) => error.message);
  return [had, asked];
}

test("a line that fails is tried three times", async () => {
  const lost = new TypeError("lost");
  assert.deepEqual(await asking([]), ["here", 1]);
  assert.deepEqual(await asking([lost]), ["here", 2]);
  assert.deepEqual(await asking([lost, new Error("cannot be had")]), ["here", 3]);
  assert.deepEqual(await asking([lost, lost, lost]), ["lost", 3]);
});

test("what came and is wrong is not asked for again", async () => {
  for (const Refusal of [MalformedError, ProofError, RosterError]) {
    assert.deepEqual(await asking([new Refusal("wrong")]), ["wrong", 1]);
    assert.deepEqual(await asking([new Error("lost"), new Refusal("wrong")]), ["wrong", 2]);
  }
});
