// Sends a form's fields to the desk as a form itself would: the gate takes no other type, and a browser
// that is left to name it adds a charset.

/** Post these fields; the answer to a redirect is not followed. */
export function post(address: string, fields: URLSearchParams): Promise<Response> {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  return fetch(address, { method: "POST", headers, body: fields.toString(), redirect: "manual" });
}
