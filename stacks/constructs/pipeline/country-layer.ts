import { LambdaLayerVersion } from "@cdktf/provider-aws/lib/lambda-layer-version";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../../config";
import type { Bundle } from "../../functions/bundle";

export interface CountryLayerProps {
  readonly environment: Environment;
  readonly bundle: Bundle;
}

/** The database of countries, for functions that enrich: under /opt, and in no bundle. */
export class CountryLayer extends Construct {
  /** Of the version: another one when the database changes. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, bundle }: CountryLayerProps) {
    super(scope, id);
    const archive = new TerraformAsset(this, "archive", { path: bundle.path, type: AssetType.FILE });
    const layer = new LambdaLayerVersion(this, "layer", {
      layerName: environment.names.countryLayer,
      description: "Countries of networks, from data of the Number Resource Organization",
      filename: archive.path,
      sourceCodeHash: bundle.sha256,
      licenseInfo: "CC-BY-4.0",
      compatibleRuntimes: ["nodejs22.x"],
      compatibleArchitectures: ["arm64"],
    });
    this.arn = layer.arn;
  }
}
