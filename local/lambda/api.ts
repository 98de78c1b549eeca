import type { Handler } from "../service/http";
import { serviceModel } from "../service/model/load";
import { type RestOperation, restJsonService } from "../service/protocol/rest-json";
import type { Context } from "./control/context";
import { aliasRoutes } from "./control/function/aliases";
import { eventInvokeRoutes } from "./control/function/event-invoke";
import { functionRoutes } from "./control/function/functions";
import { permissionRoutes } from "./control/function/permissions";
import { settingRoutes } from "./control/function/settings";
import { urlRoutes } from "./control/function/urls";
import { invokeRoutes } from "./control/invoke";
import { layerRoutes } from "./control/layers";
import { mappingRoutes } from "./control/mapping/mappings";
import { byOperation } from "./control/router";
import { tagRoutes } from "./control/tags";

/** The path under which packages can be downloaded, as `GetFunction` names it. */
export const PACKAGES_PATH = "/packages/";

/** The operations of Lambda that are served here, by their names in its model. */
export function lambdaOperations(context: Context): Readonly<Record<string, RestOperation>> {
  return byOperation(serviceModel("lambda"), {
    ...invokeRoutes(context),
    ...functionRoutes(context),
    ...settingRoutes(context),
    ...permissionRoutes(context),
    ...urlRoutes(context),
    ...eventInvokeRoutes(context),
    ...mappingRoutes(context),
    ...tagRoutes(context),
    ...aliasRoutes(context),
    ...layerRoutes(context),
  });
}

/** The whole API of Lambda that is served here, and the downloads that its answers name. */
export function lambdaApi(context: Context): Handler {
  const api = restJsonService(serviceModel("lambda"), lambdaOperations(context));
  return async (request) => {
    if (request.method !== "GET" || !request.path.startsWith(PACKAGES_PATH)) return api(request);
    const sha256 = decodeURIComponent(request.path.slice(PACKAGES_PATH.length));
    try {
      return {
        status: 200,
        headers: { "content-type": "application/zip" },
        body: await context.code.zip(sha256),
      };
    } catch {
      return { status: 404 };
    }
  };
}
