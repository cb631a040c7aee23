// Shows, before anyone is asked for a word, that this browser can seal.

import { Decrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

import { equal, join, random, sha256 } from "./bytes";
import { unb64 } from "./canonical";
import { ProofError } from "./errors";
import { spellIdentity } from "./recipient";
import { encrypt } from "./seal";

// Sealed by intake/age to a key that guards nothing else. A browser whose arithmetic is wrong
// could well open what it sealed itself; this it cannot.
const KNOWN_SEED = "intake test identity 1";
const KNOWN_PLAINTEXT = "intake self-test";
const KNOWN_FILE = [
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
  "i7/XxrOg1bIFaFN93YG2PKk0xE1NX5GV4Q==",
].join("");

/**
 * Throw `ProofError`, or whatever the browser throws, unless
 *
 * 1. its random generator gives two different values;
 * 2. it opens a file that intake/age sealed;
 * 3. it opens what it seals itself, with the key it was sealed to and with no other.
 */
export async function selfTest(): Promise<void> {
  // (1)
  const plaintext = random(32);
  check(!equal(plaintext, random(32)), "the random generator repeats itself");
  // (2)
  const knownIdentity = spellIdentity(sha256(KNOWN_SEED));
  const known = await open(unb64(KNOWN_FILE, "known file"), knownIdentity);
  check(equal(known, join(KNOWN_PLAINTEXT)), "a known file does not open to what it holds");
  // (3)
  const identity = await generateHybridIdentity();
  const sealed = await encrypt(plaintext, [await identityToRecipient(identity)]);
  const opened = await open(sealed, identity);
  check(equal(opened, plaintext), "what was sealed does not open to the same");
  const byAnother = await open(sealed, knownIdentity).then(
    () => true,
    () => false,
  );
  check(!byAnother, "another key opens what was sealed");
}

async function open(sealed: Uint8Array, identity: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(sealed);
}

function check(holds: boolean, phrase: string): void {
  if (!holds) throw new ProofError(phrase);
}
