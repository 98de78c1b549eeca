import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Construct } from "constructs";
import type { Environment } from "../../config";

/**
 * The warehouse's own network: three private subnets with no way out but the S3 gateway endpoint, which costs
 * nothing. Queries come by the Data API and need no network at all.
 */
export class Network extends Construct {
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, { names, region, zoneIds }: Environment) {
    super(scope, id);
    const tags = { Name: names.network };
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: "10.0.0.0/22",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags,
    });
    const routes = new RouteTable(this, "routes", { vpcId: vpc.id, tags });
    new VpcEndpoint(this, "s3", {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: [routes.id],
      tags,
    });
    this.subnetIds = zoneIds.map((zoneId, index) => {
      const subnet = new Subnet(this, `subnet-${index}`, {
        vpcId: vpc.id,
        cidrBlock: `10.0.${index}.0/24`,
        availabilityZoneId: zoneId,
        tags: { Name: `${names.network}-${index}` },
      });
      new RouteTableAssociation(this, `routes-${index}`, { subnetId: subnet.id, routeTableId: routes.id });
      return subnet.id;
    });
    // What joins no group of its own must not talk to anything.
    new DefaultSecurityGroup(this, "default", { vpcId: vpc.id });
    const group = new SecurityGroup(this, "warehouse", {
      name: names.network,
      description: "The warehouse: nothing in, S3 out",
      vpcId: vpc.id,
      tags,
    });
    new VpcSecurityGroupEgressRule(this, "to-s3", {
      securityGroupId: group.id,
      description: "HTTPS: the only route leads to S3",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    });
    this.securityGroupId = group.id;
  }
}
