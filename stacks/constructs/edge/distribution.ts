import { CloudfrontCachePolicy } from "@cdktf/provider-aws/lib/cloudfront-cache-policy";
import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginRequestPolicy } from "@cdktf/provider-aws/lib/cloudfront-origin-request-policy";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { EDGE_HEADER, readHeaders, visitorHeaders } from "../../../handlers/collect/request/edge";
import { readPaths, scriptPaths } from "../../../handlers/collect/routes";
import type { Environment } from "../../config";
import { cookieName, type EdgeSettings } from "../../edge";

export interface DistributionProps {
  readonly environment: Environment;
  readonly edge: EdgeSettings;
  /** The collector's function URL. */
  readonly originUrl: string;
  /** By which the collector knows the distribution. */
  readonly secret: string;
  /** For all names of the edge. */
  readonly certificateArn: string;
  /** @default nothing limits the rate */
  readonly webAclArn?: string;
}

const ORIGIN = "collect";

/**
 * Policies of CloudFront's own: one keeps what the origin says for as long as it says, the other lets any page
 * read it.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
 */
const managed = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  simpleCors: "60669652-455b-4ae9-85a4-c4c02393f86c",
} as const;

/** What CloudFront would otherwise answer again by itself for ten seconds. */
const ERRORS = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504];

/** CloudFront in front of the collector: nothing that is sent is kept there, the script is. */
export class Distribution extends Construct {
  readonly domainName: string;
  readonly hostedZoneId: string;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { environment, edge, originUrl, secret, certificateArn, webAclArn } = props;
    const { priceClass = "PriceClass_100", minimumTls = "TLSv1.2_2021", domainNames } = edge;
    const shared = {
      targetOriginId: ORIGIN,
      viewerProtocolPolicy: "https-only",
      cachedMethods: ["GET", "HEAD"],
      compress: true,
    };
    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: `The collector of ${environment.name}`,
      aliases: [...domainNames],
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass,
      ...(webAclArn === undefined ? {} : { webAclId: webAclArn }),
      origin: [
        {
          originId: ORIGIN,
          domainName: Fn.element(Fn.split("/", originUrl), 2),
          customHeader: [{ name: EDGE_HEADER, value: secret }],
          customOriginConfig: {
            httpPort: 80,
            httpsPort: 443,
            originProtocolPolicy: "https-only",
            originSslProtocols: ["TLSv1.2"],
            // As long as CloudFront allows without a higher quota: an event need not wait for a handshake.
            originKeepaliveTimeout: 60,
          },
        },
      ],
      defaultCacheBehavior: {
        ...shared,
        // There is no choice between these and no POST at all; the collector refuses what it does not take.
        allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        cachePolicyId: this.nothingCached(environment),
        originRequestPolicyId: this.whatIsRead(environment),
      },
      orderedCacheBehavior: scriptPaths(readPaths(JSON.stringify(environment.paths ?? {}))).map(
        (pathPattern) => ({
          ...shared,
          pathPattern,
          allowedMethods: ["GET", "HEAD"],
          cachePolicyId: managed.cachingOptimized,
          responseHeadersPolicyId: managed.simpleCors,
        }),
      ),
      customErrorResponse: ERRORS.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: minimumTls,
      },
    });
    this.domainName = distribution.domainName;
    this.hostedZoneId = distribution.hostedZoneId;
  }

  /**
   * Authorization goes to the origin by way of the cache's key alone, which a policy for no caching at all cannot
   * have: one for a second at most can, and the collector allows none. The whole query is in the key too, so that no
   * two pixels are taken for one request.
   * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html#add-origin-custom-headers-forward-authorization
   */
  private nothingCached({ names }: Environment): string {
    return new CloudfrontCachePolicy(this, "nothing-cached", {
      name: names.cachePolicy,
      comment: "Nothing is kept of what the collector is sent",
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: 1,
      parametersInCacheKeyAndForwardedToOrigin: {
        headersConfig: {
          headerBehavior: "whitelist",
          headers: {
            items: ["authorization", "access-control-request-headers", "access-control-request-method"],
          },
        },
        cookiesConfig: { cookieBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "all" },
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      },
    }).id;
  }

  /**
   * The collector is told what it reads: of a site's cookies at most its own. All of a visitor's headers cannot be
   * had together with what CloudFront adds, but for the host's, which a function URL does not answer to.
   */
  private whatIsRead({ names, idCookie }: Environment): string {
    return new CloudfrontOriginRequestPolicy(this, "what-is-read", {
      name: names.requestPolicy,
      comment: "What the collector reads of a request",
      headersConfig: {
        headerBehavior: "whitelist",
        headers: { items: [...readHeaders, ...Object.values(visitorHeaders)] },
      },
      cookiesConfig:
        idCookie === undefined
          ? { cookieBehavior: "none" }
          : { cookieBehavior: "whitelist", cookies: { items: [cookieName(idCookie)] } },
      queryStringsConfig: { queryStringBehavior: "all" },
    }).id;
  }
}
