import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

export interface RateRuleProps {
  /** Of the Region us-east-1, which holds what guards CloudFront. */
  readonly provider: TerraformProvider;
  readonly name: string;
  /** What an address may send in five minutes. */
  readonly requests: number;
}

/** How long clients are asked to wait that send too much: WAF looks back over five minutes. */
const RETRY_AFTER_SECONDS = 60;

/**
 * Answers 429 to addresses that send too much, before the collector is called.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html
 */
export class RateRule extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { provider, name, requests }: RateRuleProps) {
    super(scope, id);
    // What WAF samples for its console would hold full addresses.
    const seen = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
    this.arn = new Wafv2WebAcl(this, "acl", {
      provider,
      name,
      description: "Limits how many requests an address sends to the collector",
      scope: "CLOUDFRONT",
      defaultAction: { allow: {} },
      rule: [
        {
          name: "rate",
          priority: 0,
          // The statement's bindings have no types: names in it are Terraform's.
          statement: {
            rate_based_statement: {
              limit: requests,
              aggregate_key_type: "IP",
              evaluation_window_sec: 300,
            },
          },
          action: {
            block: {
              // A 403 ends a client's trying: its events would be lost.
              customResponse: {
                responseCode: 429,
                responseHeader: [{ name: "retry-after", value: String(RETRY_AFTER_SECONDS) }],
              },
            },
          },
          visibilityConfig: { ...seen, metricName: `${name}-rate` },
        },
      ],
      visibilityConfig: { ...seen, metricName: name },
    }).arn;
  }
}
