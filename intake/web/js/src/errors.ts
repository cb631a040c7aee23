// The errors of intake/errors.py that this script can meet. A message never holds testimony.

/** Bytes or words from outside do not follow their format. */
export class MalformedError extends Error {
  override name = "MalformedError";
}

/** A hash, a signature or a proof does not hold. */
export class ProofError extends Error {
  override name = "ProofError";
}

/** A roster is unsigned, expired, empty, of another deployment, or older than one seen. */
export class RosterError extends Error {
  override name = "RosterError";
}

/** Throw `MalformedError` with this phrase unless `holds`. */
export function demand(holds: boolean, phrase: string): asserts holds {
  if (!holds) throw new MalformedError(phrase);
}
