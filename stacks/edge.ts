import { cookieDays, isDomain, readIdCookie } from "../handlers/collect/request/cookie";
import { readEdge } from "../handlers/collect/request/edge";
import { readPaths, scriptPaths } from "../handlers/collect/routes";

/**
 * The collector on a domain of the site's own, through CloudFront. It costs nothing while nobody calls.
 * @see https://aws.amazon.com/cloudfront/pricing/
 */
export interface EdgeSettings {
  /** The collector's names, like `events.example.com`; clients are told the first. */
  readonly domainNames: readonly [string, ...string[]];
  /** Route 53's zone of these names, where they get their records, and their certificate its proof. @default none */
  readonly hostedZoneId?: string;
  /** A certificate for these names, of the Region us-east-1. @default one is made, which takes `hostedZoneId` */
  readonly certificateArn?: string;
  /** The oldest TLS that is spoken, by the name of CloudFront's policy. @default "TLSv1.2_2021" */
  readonly minimumTls?: "TLSv1.2_2021" | "TLSv1.2_2025" | "TLSv1.3_2025";
  /** Where CloudFront answers from: 100 is Europe and North America. @default "PriceClass_100" */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /**
   * How many requests an address may send in five minutes, 10 or more, before WAF answers 429 for it. WAF's meter
   * runs idle, too; an office behind one address is one address. @default any number
   */
  readonly requestsPerFiveMinutes?: number;
  /**
   * Whether events are taken through CloudFront alone: what limits the rate there cannot be gone around. Clients
   * that still call the function's URL are refused. @default false
   */
  readonly only?: boolean;
}

/** A cookie of the visitor's id that the collector sets. It takes a domain that the site shares with the collector. */
export interface IdCookieSettings {
  /** @default "cs_id", which the snippet keeps its id in */
  readonly name?: string;
  /** 1 to 730. @default 400, the most that Chromium keeps */
  readonly days?: number;
  /** The site's domain, like `example.com`. @default the collector's own host alone */
  readonly domain?: string;
  /** Whether it counts more than the id that the client gives. @default false: it stands in where that gives none */
  readonly overrides?: boolean;
}

/** What an environment says of who calls the collector, and where. */
export interface CallSettings {
  /** @default the function's URL alone */
  readonly edge?: EdgeSettings;
  /**
   * What proxies of your own in front of the function's URL send as `x-clickstream-edge`, so that their word on the
   * visitor's address and place is taken; 16 characters or more. @default none
   */
  readonly proxySecrets?: readonly string[];
  /** @default none is set */
  readonly idCookie?: IdCookieSettings;
  /**
   * Addresses of the collector's own, by what they stand for, for clients that are to call none that lists of what
   * blocks requests know: `{ "/hello": "/v1/batch" }`; `{ "/a7x": "/" }` puts every address behind a prefix, besides.
   * @default none
   */
  readonly paths?: Readonly<Record<string, string>>;
  /**
   * How many requests are answered at once, at most: what a flood can cost. A new account's quota is too small for
   * it, which `npm run status` tells. @default as many as the account allows
   */
  readonly reservedConcurrency?: number;
}

/** CloudFront takes 75 behaviors, of which the scripts' addresses are one each. */
const MAX_SCRIPT_PATHS = 20;

/** The collector's EDGE. @param secrets of the proxies whose word is taken. */
export function edgeVariable(secrets: readonly string[], { edge }: CallSettings): string {
  return JSON.stringify({ secrets, only: edge?.only ?? false });
}

/** The collector's COOKIE. */
export function cookieVariable({ idCookie }: CallSettings): string {
  if (idCookie === undefined) return "null";
  const { days = 400, domain, overrides = false } = idCookie;
  return JSON.stringify({ name: cookieName(idCookie), maxAgeSeconds: days * 86_400, domain, overrides });
}

/** The name of the id's cookie. */
export function cookieName({ name = "cs_id" }: IdCookieSettings): string {
  return name;
}

/** What is wrong with the settings. */
export function callProblems(settings: CallSettings): string[] {
  const { edge, idCookie, paths = {}, proxySecrets = [] } = settings;
  return [
    ...thrown(() => scriptsOf(paths), "PATHS", "paths"),
    ...thrown(() => readEdge(edgeVariable(proxySecrets, {})), /^.*$/, SECRETS),
    ...(edge === undefined ? [] : edgeProblems(edge)),
    ...(idCookie === undefined ? [] : cookieProblems(idCookie, edge)),
    ...(settings.reservedConcurrency === undefined ? [] : concurrency(settings.reservedConcurrency)),
  ];
}

const SECRETS = "proxySecrets must be texts of 16 characters or more each";

function scriptsOf(paths: Readonly<Record<string, string>>): void {
  const scripts = scriptPaths(readPaths(JSON.stringify(paths)));
  if (scripts.length > MAX_SCRIPT_PATHS)
    throw new Error(
      `PATHS must lead to the script in at most ${MAX_SCRIPT_PATHS} ways, got ${scripts.length}`,
    );
}

function edgeProblems(edge: EdgeSettings): string[] {
  const { domainNames, hostedZoneId, certificateArn, requestsPerFiveMinutes: requests } = edge;
  return [
    ...domainNames.flatMap((name) =>
      isDomain(name) ? [] : [`edge.domainNames must be names like events.example.com, got ${shown(name)}`],
    ),
    ...(domainNames.length > 0 ? [] : ["edge.domainNames must be one name or more, got none"]),
    ...domainNames.flatMap((name, index) =>
      domainNames.indexOf(name) === index ? [] : [`edge.domainNames must differ, got ${name} twice`],
    ),
    ...(hostedZoneId === undefined && certificateArn === undefined
      ? [
          "edge must have a hostedZoneId, in which a certificate can be proved, or a certificateArn, got neither",
        ]
      : []),
    ...(hostedZoneId === undefined || /^Z[A-Z0-9]{1,31}$/.test(hostedZoneId)
      ? []
      : [`edge.hostedZoneId must be the id of a zone, like Z0123456789ABC, got ${shown(hostedZoneId)}`]),
    ...(certificateArn === undefined ||
    /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/.test(certificateArn)
      ? []
      : [
          `edge.certificateArn must be the ARN of a certificate of us-east-1, where CloudFront looks for it, got ${shown(certificateArn)}`,
        ]),
    ...(requests === undefined || whole(requests, 10, 2_000_000_000)
      ? []
      : [`edge.requestsPerFiveMinutes must be a whole number between 10 and 2000000000, got ${requests}`]),
  ];
}

function cookieProblems(cookie: IdCookieSettings, edge: EdgeSettings | undefined): string[] {
  const { domain, days = 400 } = cookie;
  const strangers = (edge?.domainNames ?? []).filter(
    (name) => domain !== undefined && name !== domain && !name.endsWith(`.${domain}`),
  );
  return [
    ...(whole(days, cookieDays.least, cookieDays.most)
      ? thrown(() => readIdCookie(cookieVariable({ idCookie: cookie })), /^COOKIE/, "idCookie")
      : [
          `idCookie.days must be a whole number between ${cookieDays.least} and ${cookieDays.most}, got ${days}`,
        ]),
    ...strangers.map((name) => `idCookie.domain must be one that ${name} is part of, got ${shown(domain)}`),
  ];
}

function concurrency(reserved: number): string[] {
  // Zero would refuse every request.
  return whole(reserved, 1, 100_000)
    ? []
    : [`reservedConcurrency must be a whole number between 1 and 100000, got ${reserved}`];
}

function whole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function shown(value: unknown): string {
  return JSON.stringify(value);
}

/** What a reader complains of, in the words of the settings. */
function thrown(read: () => unknown, from: string | RegExp, to: string): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [(error instanceof Error ? error.message : String(error)).replace(from, to)];
  }
}
