import type { CollectEnv } from "../../handlers/collect/env";
import { readIdCookie } from "../../handlers/collect/request/cookie";
import { readEdge } from "../../handlers/collect/request/edge";
import { readPaths } from "../../handlers/collect/routes";
import { readSources } from "../../handlers/collect/sources";
import { environmentOf, environments } from "../../stacks/config";
import { cookieVariable, type EdgeSettings, edgeVariable } from "../../stacks/edge";
import type { Outputs } from "../../stacks/outputs";
import { sourcesOf, type WriteKeys } from "../../stacks/sources";
import {
  functionOf,
  only,
  type Resource,
  resources,
  type SynthesizedEnvironment,
  stackNames,
  synthesize,
} from "./synthesized";

const edge: EdgeSettings = {
  domainNames: ["events.example.com", "e.example.com"],
  hostedZoneId: "Z0123456789ABC",
  requestsPerFiveMinutes: 2_000,
};
const certificateArn = "arn:aws:acm:us-east-1:222222222222:certificate/0f6e2c9b-8d35-4a17-b6c0-e5d4a1729f83";
const whole = synthesize("prod", {
  region: "eu-central-1",
  edge,
  idCookie: { domain: "example.com" },
  paths: { "/a7x": "/", "/s.js": "/clickstream.js" },
});
const plain = synthesize("prod");
const certified = synthesize("prod", {
  edge: { domainNames: ["events.example.com"], certificateArn },
  reservedConcurrency: 50,
});

function variablesOf(environment: SynthesizedEnvironment): CollectEnv {
  return (functionOf(environment, "collect").environment as { variables: CollectEnv }).variables;
}

const edgeTypes = /^(terraform_data|aws_(acm|cloudfront|route53|wafv2)_)/;

describe("a collector without an edge", () => {
  it("has nothing that must be paid for while idle", () => {
    const environment = plain;
    const types = stackNames.flatMap((stack) => Object.keys(environment[stack].resource));
    expect(types.filter((type) => edgeTypes.test(type))).toEqual([]);
    expect(Object.keys(environment.pipeline.provider)).toEqual(["aws"]);
    expect(environment.pipeline.provider.aws).toHaveLength(1);
    expect(functionOf(environment, "collect")).not.toHaveProperty("reserved_concurrent_executions");
  });

  it("believes nobody, and sets no cookie", () => {
    const { EDGE, COOKIE } = variablesOf(plain);
    expect(readEdge(EDGE)).toEqual({ secrets: [], only: false });
    expect(readIdCookie(COOKIE)).toBeUndefined();
  });
});

describe("an edge", () => {
  const distribution = only(whole.pipeline, "aws_cloudfront_distribution");

  it("is what it was", () => {
    const found = Object.entries(whole.pipeline.resource).filter(([type]) => edgeTypes.test(type));
    expect(Object.fromEntries(found)).toMatchSnapshot();
  });

  it("is reached by its names, by TLS 1.2 or later alone, HTTP/2 and 3, IPv4 and 6", () => {
    expect(distribution).toMatchObject({
      enabled: true,
      aliases: ["events.example.com", "e.example.com"],
      http_version: "http2and3",
      is_ipv6_enabled: true,
      price_class: "PriceClass_100",
      viewer_certificate: { minimum_protocol_version: "TLSv1.2_2021", ssl_support_method: "sni-only" },
    });
    expect(distribution).not.toHaveProperty("logging_config");
    const records = resources(whole.pipeline, "aws_route53_record").filter(
      ({ alias }) => alias !== undefined,
    );
    expect(records.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
      "e.example.com A",
      "e.example.com AAAA",
      "events.example.com A",
      "events.example.com AAAA",
    ]);
  });

  it("speaks to the function's URL over TLS 1.2, and shows by a secret that nobody wrote down who it is", () => {
    const [origin] = distribution.origin as [Resource];
    expect(origin).toMatchObject({
      domain_name: expect.stringMatching(
        /^\$\{element\(split\("\/", aws_lambda_function_url\.\w+\.function_url\), 2\)\}$/,
      ),
      custom_origin_config: { origin_protocol_policy: "https-only", origin_ssl_protocols: ["TLSv1.2"] },
    });
    const [{ name, value }] = origin.custom_header as [{ name: string; value: string }];
    expect(name).toBe("x-clickstream-edge");
    expect(only(whole.pipeline, "terraform_data")).toEqual({
      input: { secret: expect.stringMatching(/^\$\{sensitive\(uuid\(\)\)\}$/) },
      lifecycle: { ignore_changes: ["input"] },
    });
    expect(value).toMatch(/^\$\{sensitive\(terraform_data\.edge-secret\.output\["secret"\]\)\}$/);
    expect(variablesOf(whole).EDGE).toBe(`{"secrets":["${value}"],"only":false}`);
  });

  it("keeps nothing that is sent, and hands on all that the collector reads", () => {
    expect(distribution.default_cache_behavior).toMatchObject({
      allowed_methods: expect.arrayContaining(["GET", "POST", "OPTIONS"]),
      cached_methods: ["GET", "HEAD"],
      viewer_protocol_policy: "https-only",
      compress: true,
    });
    expect(only(whole.pipeline, "aws_cloudfront_cache_policy")).toMatchObject({
      min_ttl: 0,
      default_ttl: 0,
      parameters_in_cache_key_and_forwarded_to_origin: {
        headers_config: {
          headers: {
            items: ["authorization", "access-control-request-headers", "access-control-request-method"],
          },
        },
        query_strings_config: { query_string_behavior: "all" },
      },
    });
    expect(only(whole.pipeline, "aws_cloudfront_origin_request_policy")).toMatchObject({
      headers_config: {
        headers: {
          items: expect.arrayContaining([
            "cloudfront-viewer-address",
            "cloudfront-viewer-city",
            "cloudfront-viewer-country",
            "cloudfront-viewer-country-region",
            "origin",
            "user-agent",
          ]),
        },
      },
      cookies_config: { cookie_behavior: "whitelist", cookies: { items: ["cs_id"] } },
      query_strings_config: { query_string_behavior: "all" },
    });
    for (const error of distribution.custom_error_response as Resource[])
      expect(error).toMatchObject({ error_caching_min_ttl: 0 });
  });

  it("keeps the script, wherever it is found, as long as the collector says", () => {
    const behaviors = distribution.ordered_cache_behavior as Resource[];
    expect(behaviors.map(({ path_pattern: path }) => path)).toEqual([
      "/clickstream.js",
      "/a7x/clickstream.js",
      "/s.js",
    ]);
    for (const behavior of behaviors)
      expect(behavior).toMatchObject({
        allowed_methods: ["GET", "HEAD"],
        cache_policy_id: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        compress: true,
      });
    expect([...readPaths(variablesOf(whole).PATHS)]).toEqual([
      ["/a7x", "/"],
      ["/s.js", "/clickstream.js"],
    ]);
  });

  it("proves its certificate in the zone, in us-east-1 wherever the rest is", () => {
    const abroad = whole.pipeline;
    expect(abroad.provider.aws).toMatchObject([
      { region: "eu-central-1" },
      { alias: "global", region: "us-east-1", allowed_account_ids: ["222222222222"] },
    ]);
    expect(only(abroad, "aws_acm_certificate")).toMatchObject({
      provider: "aws.global",
      domain_name: "events.example.com",
      subject_alternative_names: ["e.example.com"],
      validation_method: "DNS",
    });
    const proofs = resources(abroad, "aws_route53_record").filter(({ records }) => records !== undefined);
    expect(proofs).toHaveLength(2);
    expect(only(abroad, "aws_acm_certificate_validation").validation_record_fqdns).toHaveLength(2);
    expect(only(abroad, "aws_wafv2_web_acl")).toMatchObject({ provider: "aws.global", scope: "CLOUDFRONT" });
  });

  it("takes a certificate that there is, and leaves records to others without a zone", () => {
    const { pipeline } = synthesize("prod", {
      edge: { domainNames: ["events.example.com"], certificateArn },
    });
    expect(only(pipeline, "aws_cloudfront_distribution")).toMatchObject({
      viewer_certificate: { acm_certificate_arn: certificateArn },
    });
    for (const type of ["aws_acm_certificate", "aws_route53_record", "aws_wafv2_web_acl"])
      expect(resources(pipeline, type)).toEqual([]);
    expect(only(pipeline, "aws_cloudfront_distribution")).not.toHaveProperty("web_acl_id");
  });

  it("limits an address' rate so that its client tries again, and samples no address", () => {
    const acl = only(whole.pipeline, "aws_wafv2_web_acl");
    expect(acl).toMatchObject({
      default_action: { allow: {} },
      rule: [
        {
          statement: {
            rate_based_statement: { limit: 2_000, aggregate_key_type: "IP", evaluation_window_sec: 300 },
          },
          action: { block: { custom_response: { response_code: 429 } } },
          visibility_config: { sampled_requests_enabled: false },
        },
      ],
      visibility_config: { sampled_requests_enabled: false },
    });
    expect(distribution.web_acl_id).toMatch(/^\$\{aws_wafv2_web_acl\./);
  });

  it("is what clients are told of, while the function's URL stays known", () => {
    const outputs = JSON.parse(String(only(whole.pipeline, "aws_ssm_parameter").value)) as Outputs;
    expect(outputs.collectorUrl).toBe("https://events.example.com/");
    expect(outputs.functionUrl).toMatch(/aws_lambda_function_url/);
  });

  it("stays under 120 resources with everything on, and needs no other permission", () => {
    const count = stackNames.flatMap((stack) => Object.values(whole[stack].resource).flatMap(Object.values));
    expect(count.length).toBeLessThan(120);
    const policies = ({ pipeline }: SynthesizedEnvironment) => resources(pipeline, "aws_iam_role_policy");
    const abroad = JSON.stringify(policies(plain)).replaceAll("us-east-1", "eu-central-1");
    expect(policies(whole)).toEqual(JSON.parse(abroad));
  });
});

describe("the collector's settings", () => {
  it("come to it as it reads them", () => {
    expect(readIdCookie(variablesOf(whole).COOKIE)).toEqual({
      name: "cs_id",
      maxAgeSeconds: 34_560_000,
      domain: "example.com",
      overrides: false,
    });
    const own = { idCookie: { name: "visitor", days: 730, overrides: true }, edge: { ...edge, only: true } };
    expect(readIdCookie(cookieVariable(own))).toEqual({
      name: "visitor",
      maxAgeSeconds: 63_072_000,
      overrides: true,
    });
    const secrets = ["a-secret-of-our-own"];
    expect(readEdge(edgeVariable(secrets, own))).toEqual({ secrets, only: true });
    const proxied = environmentOf("local", environments.local);
    expect(readEdge(edgeVariable(proxied.proxySecrets ?? [], proxied))).toEqual({
      secrets: ["local-proxy-secret"],
      only: false,
    });
  });

  it("say of a key when it ends", () => {
    const writeKeys: WriteKeys = {
      web: ["new-web-key", { key: "old-web-key", validUntil: "2027-01-31" }],
      server: ["server-key"],
      import: ["import-key"],
    };
    const sources = readSources(JSON.stringify(sourcesOf({ writeKeys })));
    expect(sources.get("old-web-key")).toMatchObject({
      writeKeys: ["new-web-key", "old-web-key"],
      validUntil: { "old-web-key": "2027-01-31" },
    });
    expect(sources.get("server-key")).not.toHaveProperty("validUntil");
  });

  it("reserve the function's concurrency where they say so", () => {
    expect(functionOf(certified, "collect")).toMatchObject({ reserved_concurrent_executions: 50 });
  });
});
