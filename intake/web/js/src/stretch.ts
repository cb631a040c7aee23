// What runs in the Worker: the one piece of work that would hold up the page for seconds where a
// browser has no compiler. It is given a code's secret and a salt, and gives the 32 bytes that they
// stretch to; it keeps nothing, and asks nobody.

import { type Asked, stretched } from "./argon";

addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  postMessage(stretched(data));
});
