import { isIP } from "node:net";
import { networkOf } from "../address";

/** An address of version 4, and no part of a longer number with points. */
const ADDRESS_4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g;

/** What may be an address of version 6; its colons may be percent-encoded, as in a query string. */
const ADDRESS_6 = /(?<![\w:.])[0-9a-f]{0,4}(?:(?::|%3a)[0-9a-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?![\w:])/gi;

/**
 * What was sent, without full addresses: in what is rejected, nobody knows which part is one, so whatever is
 * written like one gives way to its network (`203.0.113.99` to `203.0.113.0/24`). What is a network's own address
 * already, like the `130.0.0.0` of a browser's version, stays.
 */
export function withoutAddresses<Payload extends string | Uint8Array>(payload: Payload): Payload {
  if (typeof payload !== "string") {
    // A byte a character, and back.
    const text = Buffer.from(payload).toString("latin1");
    const redacted = redact(text);
    return (redacted === text ? payload : Buffer.from(redacted, "latin1")) as Payload;
  }
  return redact(payload) as Payload;
}

function redact(text: string): string {
  // The last part of an address of version 6 may be one of version 4, and is cut as such.
  return text
    .replace(ADDRESS_4, networkIn)
    .replace(ADDRESS_6, (found) => (found.includes(".") ? found : networkIn(found)));
}

function networkIn(found: string): string {
  const address = found.replace(/%3a/gi, ":");
  const network = address === "::" || isIP(address) === 0 ? undefined : networkOf(address);
  return network === undefined || network.startsWith(`${address}/`) ? found : network;
}
