import { createIsbotFromList, list } from "isbot";
import type { CanonicalEvent } from "../../event/event";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";

/** Whether the user agent is a crawler's or a tool's. */
export function addBot({ user_agent }: CanonicalEvent): FittedAdditions {
  if (user_agent === undefined) return NOTHING;
  return isBot(user_agent) ? BOT : NO_BOT;
}

const BOT = FittedAdditions.fit({ is_bot: true });
const NO_BOT = FittedAdditions.fit({ is_bot: false });

/**
 * Patterns of isbot that judge the form alone: a product and its version, nothing else. On a web page nobody sends
 * such; here apps do (`my-app/1.0`), and they are people's.
 */
export const formPatterns: readonly string[] = [
  "^[\\w \\.\\-\\(?:\\):%]+(?:/v?\\d+(?:\\.\\d+)?(?:\\.\\d{1,10})*?)?(?:,|$)",
  "^[\\w\\-]+/[\\w]+$",
  "^\\w+/[\\w\\(\\)]*$",
  "^\\w+/\\d\\.\\d\\s\\([\\w@]+\\)$",
  "^[^ ]{50,}$",
  "\\b\\w+/1\\.0;",
];

/** Tools that isbot knows by that form alone, and what stands where a browser would say more. */
const tools = [
  "^(?:axios|got|undici|ky|superagent|needle|wretch|bun|deno|guzzle|faraday|mechanize|typhoeus|restsharp)\\b",
  "^(?:curl|libcurl|lwp|libwww|aria2|insomnia|k6|vegeta|wrk|hey|siege|gatling|locust|jmeter|artillery)\\b",
  "^(?:postmanruntime|paw|rapidapi|hoppscotch|bruno|newman|powershell|ruby|elinks|zgrab|masscan|nmap|nikto)\\b",
  "^(?:amazon cloudfront|amazon-route53|elb-healthchecker|kube-probe|googlehc|prometheus|datadog|nagios)\\b",
  "^mozilla/\\d\\.\\d$",
];

const form = new Set(formPatterns);
const matches = createIsbotFromList([...list.filter((pattern) => !form.has(pattern)), ...tools]);

/** Libraries that phones' apps call their servers with; isbot takes the first for what `http` in a name tells. */
const APP_LIBRARY = /\bokhttp(?:\/[\w.-]+)?/gi;

/** Whether a user agent is no person's. */
export const isBot = rememberingWhether((userAgent) => matches(userAgent.replace(APP_LIBRARY, "")));

function rememberingWhether(decide: (text: string) => boolean): (text: string) => boolean {
  const answer = cached((text) => ({ is: decide(text) }), 5_000);
  return (text) => answer(text).is;
}
