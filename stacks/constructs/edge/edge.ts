import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";
import type { Environment } from "../../config";
import type { EdgeSettings } from "../../edge";
import { globalProvider } from "../deployment";
import { Certificate } from "./certificate";
import { Distribution } from "./distribution";
import { RateRule } from "./rate-rule";

export interface EdgeProps {
  readonly environment: Environment;
  readonly edge: EdgeSettings;
  /** The collector's function URL. */
  readonly originUrl: string;
  /** By which the collector knows the distribution. */
  readonly secret: string;
}

/** The collector on a domain of the site's own. */
export class Edge extends Construct {
  /** With a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { environment, edge, originUrl, secret }: EdgeProps) {
    super(scope, id);
    const { domainNames, hostedZoneId, certificateArn, requestsPerFiveMinutes: requests } = edge;
    // CloudFront looks for certificates and rules in us-east-1, wherever the rest is.
    const global = globalProvider(environment, this);
    const certificate =
      certificateArn ??
      new Certificate(this, "certificate", {
        provider: global,
        domainNames,
        hostedZoneId: hostedZoneId ?? "",
      }).arn;
    const webAclArn =
      requests === undefined
        ? undefined
        : new RateRule(this, "rate", { provider: global, name: environment.names.webAcl, requests }).arn;
    const distribution = new Distribution(this, "distribution", {
      environment,
      edge,
      originUrl,
      secret,
      certificateArn: certificate,
      ...(webAclArn === undefined ? {} : { webAclArn }),
    });
    for (const [index, name] of hostedZoneId === undefined ? [] : domainNames.entries())
      for (const type of ["A", "AAAA"])
        new Route53Record(this, `${type.toLowerCase()}-${index}`, {
          zoneId: hostedZoneId ?? "",
          name,
          type,
          alias: {
            name: distribution.domainName,
            zoneId: distribution.hostedZoneId,
            evaluateTargetHealth: false,
          },
        });
    this.url = `https://${domainNames[0]}/`;
  }
}
