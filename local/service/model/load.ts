import { readFileSync } from "node:fs";
import { type Modelled, modelPath } from "./botocore";
import type { ServiceModel } from "./model";

const loaded = new Map<Modelled, ServiceModel>();

/** A service's model. It is read when it is first asked for. */
export function serviceModel(service: Modelled): ServiceModel {
  let model = loaded.get(service);
  if (model === undefined) {
    model = JSON.parse(readFileSync(modelPath(service), "utf8")) as ServiceModel;
    loaded.set(service, model);
  }
  return model;
}
