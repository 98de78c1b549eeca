import { isbot } from "isbot";
import { UAParser } from "ua-parser-js";
import type { CanonicalEvent } from "../event/event";
import { type Additions, FittedAdditions, NOTHING } from "./additions";
import { cached } from "./cache";

/** Parsing takes some 50 µs, and a few thousand strings make up nearly all traffic. */
const describe = cached((userAgent) => new FittedAdditions(describeAgent(userAgent)), 5_000);

/** Browser, operating system, device and whether it is a crawler, by the user agent. */
export function addUserAgent({ user_agent }: CanonicalEvent): FittedAdditions {
  return user_agent === undefined ? NOTHING : describe(user_agent);
}

/** `device_class` by ua-parser-js' name of a device's type. */
const deviceClasses: Readonly<Record<string, string>> = {
  mobile: "mobile",
  tablet: "tablet",
  smarttv: "tv",
  console: "console",
  wearable: "wearable",
  embedded: "embedded",
};

/** What Chrome on Android says instead of the device's model. @see https://www.chromium.org/updates/ua-reduction/ */
const HIDDEN_MODEL = "K";

/** Systems of desktop computers: their user agents name no type of device. */
const desktopSystem =
  /^(Windows$|Mac OS|Linux|Chromium OS|Ubuntu|Debian|Fedora|.*BSD|Solaris|Mint|SUSE|Arch|Gentoo|CentOS|RedHat|Manjaro)/;

function describeAgent(userAgent: string): Additions {
  const { browser, os, device } = new UAParser(userAgent).getResult();
  const isBot = isbot(userAgent);
  return {
    browser_name: browser.name,
    browser_version: browser.version,
    os_name: os.name,
    os_version: os.version,
    device_class: isBot ? "bot" : deviceClass(device.type, os.name),
    device_brand: device.vendor,
    device_model: device.model === HIDDEN_MODEL ? undefined : device.model,
    is_bot: isBot,
  };
}

function deviceClass(type: string | undefined, system: string | undefined): string {
  if (type !== undefined) return deviceClasses[type] ?? "unknown";
  return system !== undefined && desktopSystem.test(system) ? "desktop" : "unknown";
}
