import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";

export interface CertificateProps {
  /** Of the Region us-east-1. */
  readonly provider: TerraformProvider;
  readonly domainNames: readonly [string, ...string[]];
  readonly hostedZoneId: string;
}

/** A certificate for a list of names, which their zone proves for as long as its records stand. */
export class Certificate extends Construct {
  /** Known once the certificate is issued. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { provider, domainNames, hostedZoneId }: CertificateProps) {
    super(scope, id);
    const [domainName, ...others] = domainNames;
    const certificate = new AcmCertificate(this, "certificate", {
      provider,
      domainName,
      ...(others.length === 0 ? {} : { subjectAlternativeNames: others }),
      validationMethod: "DNS",
      // A distribution holds on to its certificate until it is given the next one.
      lifecycle: { createBeforeDestroy: true },
    });
    const options = `${certificate.terraformResourceType}.${certificate.friendlyUniqueId}.domain_validation_options`;
    const records = domainNames.map((name, index) => {
      const proof = (attribute: string): string =>
        `\${one([for option in ${options} : option.${attribute} if option.domain_name == "${name}"])}`;
      return new Route53Record(this, `proof-${index}`, {
        zoneId: hostedZoneId,
        name: proof("resource_record_name"),
        type: proof("resource_record_type"),
        records: [proof("resource_record_value")],
        ttl: 300,
        // The next certificate for a name is proved by the same record.
        allowOverwrite: true,
        dependsOn: [certificate],
      });
    });
    this.arn = new AcmCertificateValidation(this, "issued", {
      provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    }).certificateArn;
  }
}
