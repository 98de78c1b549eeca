import type { PublishLayerVersionCommandInput } from "@aws-sdk/client-lambda";
import { arn } from "../../service/aws";
import type { LambdaStore, LayerVersion } from "../state";
import type { Context } from "./context";
import { uploadedPackage } from "./function/functions";
import { answer, type Call, invalid, label, notFound, page, type Routes } from "./router";

type Input = Omit<PublishLayerVersionCommandInput, "Content"> & {
  readonly Content?: Parameters<typeof uploadedPackage>[1];
};

/** Layers. A function that uses one sees its files under /opt. */
export function layerRoutes(context: Context): Routes {
  const { store } = context;
  const LAYERS = "/2018-10-31/layers";
  const shown = (layer: LayerVersion): object => {
    const { LayerName, CodeSha256, CodeSize } = layer;
    const LayerArn = arn("lambda", `layer:${LayerName}`);
    const Location = context.codeLocation(CodeSha256);
    return { ...listed(layer), LayerArn, Content: { Location, CodeSha256, CodeSize } };
  };
  return {
    [`POST ${LAYERS}/{LayerName}/versions`]: async (call) => {
      const name = layerName(call);
      const input = call.body<Input>();
      if (input.Content === undefined) throw invalid("Content must be given");
      const code = await uploadedPackage(context, input.Content);
      const layer = store.state.layers[name] ?? { lastVersion: 0, versions: [] };
      layer.lastVersion += 1;
      const version: LayerVersion = {
        LayerName: name,
        Version: layer.lastVersion,
        Description: input.Description ?? "",
        CreatedDate: new Date().toISOString().replace("Z", "+0000"),
        CodeSha256: code.sha256,
        CodeSize: code.sizeBytes,
        CompatibleRuntimes: input.CompatibleRuntimes ?? [],
        CompatibleArchitectures: input.CompatibleArchitectures ?? [],
        ...(input.LicenseInfo === undefined ? {} : { LicenseInfo: input.LicenseInfo }),
      };
      layer.versions.push(version);
      store.state.layers[name] = layer;
      store.save();
      return answer(201, shown(version));
    },
    [`GET ${LAYERS}/{LayerName}/versions/{VersionNumber}`]: (call) =>
      answer(200, shown(existing(store, call))),
    [`GET ${LAYERS}/{LayerName}/versions`]: (call) => {
      const versions = store.state.layers[layerName(call)]?.versions ?? [];
      const [LayerVersions, next] = page(call, versions.toReversed().map(listed));
      return answer(200, { LayerVersions, ...next });
    },
    [`GET ${LAYERS}`]: (call) => {
      const versionArn = call.query.get("Arn");
      if (call.query.get("find") === "LayerVersion" && versionArn !== null) {
        const [name = "", number] = versionArn.split(":").slice(-2);
        const found = store.state.layers[name]?.versions.find(({ Version }) => String(Version) === number);
        if (found === undefined) throw missing();
        return answer(200, shown(found));
      }
      const layers = Object.entries(store.state.layers).flatMap(([LayerName, { versions }]) => {
        const latest = versions.at(-1);
        if (latest === undefined) return [];
        const LayerArn = arn("lambda", `layer:${LayerName}`);
        return [{ LayerName, LayerArn, LatestMatchingVersion: listed(latest) }];
      });
      const [Layers, next] = page(call, layers);
      return answer(200, { Layers, ...next });
    },
    [`DELETE ${LAYERS}/{LayerName}/versions/{VersionNumber}`]: (call) => {
      const layer = store.state.layers[layerName(call)];
      if (layer !== undefined)
        layer.versions = layer.versions.filter(
          ({ Version }) => String(Version) !== label(call, "VersionNumber"),
        );
      store.save();
      return answer(204);
    },
  };
}

/** A version as lists have it. */
function listed({ LayerName, CodeSha256, CodeSize, ...rest }: LayerVersion): object {
  return { ...rest, LayerVersionArn: arn("lambda", `layer:${LayerName}:${rest.Version}`) };
}

function existing(store: LambdaStore, call: Call): LayerVersion {
  const number = label(call, "VersionNumber");
  const found = store.state.layers[layerName(call)]?.versions.find(
    ({ Version }) => String(Version) === number,
  );
  if (found === undefined) throw missing();
  return found;
}

function missing(): Error {
  return notFound("The resource you requested does not exist.");
}

/** A layer is named by its name or its ARN. */
function layerName(call: Call): string {
  return label(call, "LayerName").split(":").at(-1) ?? "";
}
