import { type EnvironmentRow, environmentOf, environments, environmentsOf } from "../../stacks/config";
import type { EdgeSettings } from "../../stacks/edge";
import { monthlyBudgetUsdFor, sizingFor } from "../../stacks/sizing";
import { sourcesOf } from "../../stacks/sources";

const row = (changes: Partial<EnvironmentRow>): EnvironmentRow => ({
  ...environments.dev,
  ...changes,
});

const edge = (domainNames: [string, ...string[]], more: Partial<EdgeSettings> = {}) => ({
  edge: { domainNames, hostedZoneId: "Z0123456789ABC", ...more },
});

describe("the table of environments", () => {
  it("gives all rows, or the one that is asked for", () => {
    expect(environmentsOf().map(({ name }) => name)).toEqual(["local", "dev", "prod"]);
    expect(environmentsOf("local").map(({ name }) => name)).toEqual(["local"]);
  });

  it("says which there are when asked for another", () => {
    expect(() => environmentsOf("staging")).toThrow(
      "the environment must be one of local, dev, prod, got staging",
    );
  });

  it.each<[string, Partial<EnvironmentRow>]>([
    ["retentionDays must be between 1 and 365, got 0", { retentionDays: 0 }],
    [
      "retentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, got 8",
      { retentionDays: 8 },
    ],
    ['account must be twelve digits, got "1234"', { account: "1234" }],
    ["expectedRps must be between 0.1 and 10000, got NaN", { expectedRps: Number.NaN }],
    ["bufferSeconds must be between 0 and 900, got 901", { bufferSeconds: 901 }],
    ["ttlDays must be between 2 and 365, got 1", { ttlDays: 1 }],
    ["sessionMinutes must be between 1 and 1440, got 0", { sessionMinutes: 0 }],
    ['timeZone must be an IANA name, like Europe/Berlin, got "CET"', { timeZone: "CET" }],
    [
      'timeZone must be an IANA name, like Europe/Berlin, got "Europe/Nowhere"',
      { timeZone: "Europe/Nowhere" },
    ],
    [
      'warehouseUsers must be by name of an IAM role, got "two words"',
      { warehouseUsers: { "two words": "reader" } },
    ],
    [
      'no more of an address is stored; got "192.0.2.1/32"',
      { internalTraffic: { networks: ["192.0.2.1/32"] } },
    ],
    [
      "the number of internalTraffic's rules must be between 0 and 300, got 301",
      { internalTraffic: { users: Array.from({ length: 301 }, (_, n) => `u${n}`) } },
    ],
    ["maxRpu must be between 8 and 5632, got 4", { baseRpu: 8, maxRpu: 4 }],
    [
      'loadSchedule must be rate(<n> minutes|hours|days) or cron(…), got "hourly"',
      { loadSchedule: "hourly" },
    ],
    [
      "writeKeys must differ from source to source, got shared-key twice",
      {
        writeKeys: {
          web: ["shared-key"],
          server: ["shared-key"],
          import: ["another-key"],
        },
      },
    ],
    [
      'writeKeys.web must be 3 to 64 letters, digits, -, _ or ., got "a b"',
      { writeKeys: { web: ["a b"], server: ["server-key"], import: ["import-key"] } },
    ],
    [
      'allowedOrigins.web must be an origin, like https://www.example.com, got "https://www.example.com/"',
      { allowedOrigins: { web: ["https://www.example.com/"] } },
    ],
    ["maxEventKilobytes must be between 1 and 256, got 0", { maxEventKilobytes: 0 }],
    ["maxBodyKilobytes must be between 1 and 6144, got 6145", { maxBodyKilobytes: 6_145 }],
    ['paths must map paths like "/own/path" to', { paths: { "/hello": "/v9/batch" } }],
    [
      "paths must lead to the script in at most 20 ways, got 21",
      { paths: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`/p${n}`, "/"])) },
    ],
    ['edge.domainNames must be names like events.example.com, got "*.example.com"', edge(["*.example.com"])],
    ["edge.domainNames must differ, got a.example.com twice", edge(["a.example.com", "a.example.com"])],
    [
      "edge must have a hostedZoneId, in which a certificate can be proved, or a certificateArn, got neither",
      { edge: { domainNames: ["a.example.com"] } },
    ],
    [
      'edge.hostedZoneId must be the id of a zone, like Z0123456789ABC, got "example.com"',
      { edge: { domainNames: ["a.example.com"], hostedZoneId: "example.com" } },
    ],
    [
      "edge.certificateArn must be the ARN of a certificate of us-east-1, where CloudFront looks for it, got",
      edge(["a.example.com"], { certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/0f6e2c9b" }),
    ],
    [
      "edge.requestsPerFiveMinutes must be a whole number between 10 and 2000000000, got 9",
      edge(["a.example.com"], { requestsPerFiveMinutes: 9 }),
    ],
    ["proxySecrets must be texts of 16 characters or more each", { proxySecrets: ["short"] }],
    ["idCookie.days must be a whole number between 1 and 730, got 731", { idCookie: { days: 731 } }],
    ["idCookie must have a name of 1 to 64 letters", { idCookie: { name: "cs id" } }],
    [
      'idCookie.domain must be one that events.example.com is part of, got "ample.com"',
      { ...edge(["events.example.com"]), idCookie: { domain: "ample.com" } },
    ],
    ["reservedConcurrency must be a whole number between 1 and 100000, got 0", { reservedConcurrency: 0 }],
    [
      'writeKeys: old-key must be validUntil a day or a time in UTC, like 2027-01-31T12:00Z, got "January"',
      {
        writeKeys: {
          web: ["new-key", { key: "old-key", validUntil: "January" }],
          server: ["server-key"],
          import: ["import-key"],
        },
      },
    ],
    [
      "writeKeys must differ from source to source, got web-key twice",
      {
        writeKeys: {
          web: ["web-key"],
          server: ["server-key", { key: "web-key", validUntil: "2027-01-31" }],
          import: ["import-key"],
        },
      },
    ],
    [
      'planPolicies: web.unplanned must be one of allow, flag, reject, got "drop"',
      { planPolicies: { web: { unplanned: "drop" as never } } },
    ],
    [
      "planPolicies must name sources (web, server, import), got app",
      { planPolicies: { app: { unplanned: "flag" } } as never },
    ],
    [
      "billing.maxWriteUnits must be between 10 and 40000, got 5",
      { billing: { kind: "provisioned", minWriteUnits: 10, maxWriteUnits: 5 } },
    ],
  ])("refuses: %s", (message, changes) => {
    expect(() => environmentOf("dev", row(changes))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^environment dev: /) }),
    );
    expect(() => environmentOf("dev", row(changes))).toThrow(message);
  });

  it("tells everything that is wrong at once", () => {
    expect(() => environmentOf("dev", row({ recoveryDays: 36, parallelization: 11 }))).toThrow(
      "parallelization must be between 1 and 10, got 11; recoveryDays must be between 1 and 35, got 36",
    );
  });

  it("lets a row decide what otherwise follows from expectedRps", () => {
    expect(environmentOf("dev", row({ expectedRps: 1000 })).bufferSeconds).toBe(60);
    expect(environmentOf("dev", row({ expectedRps: 1000, bufferSeconds: 90 })).bufferSeconds).toBe(90);
  });
});

describe("sizing", () => {
  it("follows the load", () => {
    expect([1, 10, 100, 1000].map(sizingFor)).toMatchInlineSnapshot(`
      [
        {
          "baseRpu": 4,
          "batchWindowSeconds": 5,
          "billing": {
            "kind": "on-demand",
          },
          "bufferSeconds": 300,
          "loadSchedule": "rate(1 hour)",
          "maxRpu": 16,
          "monthlyBudgetUsd": 75,
          "parallelization": 1,
          "rpuHoursPerDay": 48,
          "systemLogLevel": "INFO",
          "ttlDays": 30,
        },
        {
          "baseRpu": 4,
          "batchWindowSeconds": 5,
          "billing": {
            "kind": "on-demand",
          },
          "bufferSeconds": 120,
          "loadSchedule": "rate(1 hour)",
          "maxRpu": 16,
          "monthlyBudgetUsd": 115,
          "parallelization": 1,
          "rpuHoursPerDay": 48,
          "systemLogLevel": "INFO",
          "ttlDays": 30,
        },
        {
          "baseRpu": 4,
          "batchWindowSeconds": 2,
          "billing": {
            "kind": "provisioned",
            "maxWriteUnits": 400,
            "minWriteUnits": 50,
          },
          "bufferSeconds": 60,
          "loadSchedule": "rate(1 hour)",
          "maxRpu": 16,
          "monthlyBudgetUsd": 520,
          "parallelization": 1,
          "rpuHoursPerDay": 48,
          "systemLogLevel": "INFO",
          "ttlDays": 7,
        },
        {
          "baseRpu": 16,
          "batchWindowSeconds": 2,
          "billing": {
            "kind": "provisioned",
            "maxWriteUnits": 4000,
            "minWriteUnits": 500,
          },
          "bufferSeconds": 60,
          "loadSchedule": "rate(30 minutes)",
          "maxRpu": 64,
          "monthlyBudgetUsd": 4570,
          "parallelization": 10,
          "rpuHoursPerDay": 192,
          "systemLogLevel": "WARN",
          "ttlDays": 3,
        },
      ]
    `);
  });

  it("warns at about what the design may cost: $114, $510 and $4,578 a month", () => {
    expect([10, 100, 1000].map(monthlyBudgetUsdFor)).toEqual([115, 520, 4570]);
  });
});

describe("sources", () => {
  it("are told to the collector with their kinds and keys", () => {
    expect(sourcesOf(environments.local)).toEqual([
      { name: "web", kind: "browser", writeKeys: ["local-web-key"] },
      { name: "server", kind: "server", writeKeys: ["local-server-key"] },
      { name: "import", kind: "server", writeKeys: ["local-import-key"] },
    ]);
  });

  it("may take from some origins alone, or nothing", () => {
    const { writeKeys } = environments.local;
    const allowedOrigins = { web: ["https://www.example.com"] } as const;
    expect(sourcesOf({ writeKeys, allowedOrigins, switchedOff: ["server"] })).toMatchObject([
      { name: "web", allowedOrigins: ["https://www.example.com"] },
      { name: "server", enabled: false },
      { name: "import" },
    ]);
  });
});
