import type { CanonicalEvent } from "../../event/event";
import { isObject } from "../../event/json";
import { FittedAdditions, NOTHING } from "../additions";
import { isBot } from "./bot";
import { parseAgent } from "./user-agent";

const classes = [
  "desktop",
  "mobile",
  "tablet",
  "tv",
  "console",
  "wearable",
  "embedded",
  "bot",
  "unknown",
] as const;
type DeviceClass = (typeof classes)[number];

const additions = Object.fromEntries(
  classes.map((device_class) => [device_class, FittedAdditions.fit({ device_class })]),
) as Readonly<Record<DeviceClass, FittedAdditions>>;

/** The class of the device: by the user agent, else by what an app says of system and device. */
export function addDevice(event: CanonicalEvent): FittedAdditions {
  const { user_agent } = event;
  const byAgent = user_agent === undefined ? undefined : classOfAgent(user_agent);
  if (byAgent !== undefined && byAgent !== "unknown") return additions[byAgent];
  const found = classOfApp(event) ?? byAgent;
  return found === undefined ? NOTHING : additions[found];
}

/** By ua-parser-js' name of a device's type. */
const ofType: Readonly<Record<string, DeviceClass>> = {
  mobile: "mobile",
  tablet: "tablet",
  smarttv: "tv",
  console: "console",
  wearable: "wearable",
  embedded: "embedded",
};

/** Systems of desktop computers: their user agents name no type of device. */
const DESKTOP_SYSTEM =
  /^(Windows$|Mac OS|Linux|Chromium OS|Ubuntu|Debian|Fedora|.*BSD|Solaris|Mint|SUSE|Arch|Gentoo|CentOS|RedHat|Manjaro)/;

function classOfAgent(userAgent: string): DeviceClass {
  if (isBot(userAgent)) return "bot";
  const { deviceType, system } = parseAgent(userAgent);
  if (deviceType !== undefined) return ofType[deviceType] ?? "unknown";
  if (system === undefined) return "unknown";
  return DESKTOP_SYSTEM.test(system) ? "desktop" : (ofSystem[system.toLowerCase()] ?? "unknown");
}

/** By systems' names as apps give them, lower case. */
const ofSystem: Readonly<Record<string, DeviceClass>> = {
  ios: "mobile",
  android: "mobile",
  ipados: "tablet",
  tvos: "tv",
  watchos: "wearable",
  visionos: "wearable",
  macos: "desktop",
  windows: "desktop",
  linux: "desktop",
};

function classOfApp({ os_name, device_model, context }: CanonicalEvent): DeviceClass | undefined {
  const device = isObject(context?.device) ? context.device.type : undefined;
  const system = os_name ?? (typeof device === "string" ? device : undefined);
  if (system === undefined) return undefined;
  const name = system.toLowerCase();
  if (name === "ios" && /^ipad/i.test(device_model ?? "")) return "tablet";
  return ofSystem[name] ?? ofType[name];
}
