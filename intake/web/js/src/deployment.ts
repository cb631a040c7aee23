// The name of a deployment: made once, the same for ever, whatever its address or its keys.

import { demand } from "./errors";

const DEPLOYMENT = /^[a-z0-9][a-z0-9-]{0,62}-[a-z2-7]{8}$/;

/** `text`, if it is a deployment's name; throws `MalformedError`. */
export function checkDeployment(text: string): string {
  demand(DEPLOYMENT.test(text), "a deployment is a name, a hyphen and 8 characters of a-z2-7");
  return text;
}
