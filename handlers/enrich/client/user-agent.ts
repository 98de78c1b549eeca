import { UAParser } from "ua-parser-js";
import type { CanonicalEvent } from "../../event/event";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";

/** Browser, operating system and device, by the user agent. */
export function addUserAgent({ user_agent }: CanonicalEvent): FittedAdditions {
  return user_agent === undefined ? NOTHING : parseAgent(user_agent).additions;
}

/** A user agent, parsed. */
export interface ParsedAgent {
  readonly additions: FittedAdditions;
  /** What kind of device it is, by ua-parser-js. @see https://docs.uaparser.js.org/v1/api/ua-parser-js/idata/idevice */
  readonly deviceType: string | undefined;
  readonly system: string | undefined;
}

/** What Chrome on Android says instead of the device's model. @see https://www.chromium.org/updates/ua-reduction/ */
const HIDDEN_MODEL = "K";

/** Parsing takes some 50 µs, and a few thousand strings make up nearly all traffic. */
export const parseAgent = cached((userAgent): ParsedAgent => {
  const { browser, os, device } = new UAParser(userAgent).getResult();
  const additions = FittedAdditions.fit({
    browser_name: browser.name,
    browser_version: browser.version,
    os_name: os.name,
    os_version: os.version,
    device_brand: device.vendor,
    device_model: device.model === HIDDEN_MODEL ? undefined : device.model,
  });
  return { additions, deviceType: device.type, system: os.name };
}, 5_000);
