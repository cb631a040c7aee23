// The shapes that parsed JSON must have: each function gives the value back, typed, or refuses it.

import type { Json } from "./canonical";
import { demand, MalformedError } from "./errors";

const OTHER = "the JSON has another shape";

/** An object. */
export function mapping(value: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedError(OTHER);
  }
  return value as Readonly<Record<string, Json>>;
}

/** An array, of exactly `size` values where that is given. */
export function rows(value: Json | undefined, size?: number): readonly Json[] {
  demand(Array.isArray(value), OTHER);
  const found = value as readonly Json[];
  demand(size === undefined || found.length === size, OTHER);
  return found;
}

/** A string. */
export function text(value: Json | undefined): string {
  if (typeof value !== "string") throw new MalformedError(OTHER);
  return value;
}

/** A number, which is an integer in canonical JSON. */
export function integer(value: Json | undefined): number {
  if (typeof value !== "number") throw new MalformedError(OTHER);
  return value;
}
