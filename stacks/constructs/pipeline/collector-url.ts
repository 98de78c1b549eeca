import { LambdaFunctionUrl } from "@cdktf/provider-aws/lib/lambda-function-url";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { Construct } from "constructs";
import type { HandlerFunction } from "./function";

export interface CollectorUrlProps {
  readonly collect: HandlerFunction;
  /** Whether to allow `lambda:InvokeFunction` through the URL: see `EnvironmentRow`. */
  readonly invokePermission: boolean;
}

/** The public address that events are sent to. */
export class CollectorUrl extends Construct {
  /** With a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { collect, invokePermission }: CollectorUrlProps) {
    super(scope, id);
    const functionName = collect.name;
    const url = new LambdaFunctionUrl(this, "url", {
      functionName,
      authorizationType: "NONE",
      cors: CORS,
    });
    // A public URL answers 403 unless the function's policy says both (since October 2025). The provider adds
    // a statement of the first kind itself, under a name of its own, when it makes the URL.
    new LambdaPermission(this, "public", {
      statementId: "PublicUrl",
      functionName,
      principal: "*",
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    });
    if (invokePermission) {
      const invoke = new LambdaPermission(this, "public-invoke", {
        statementId: "PublicUrlInvoke",
        functionName,
        principal: "*",
        action: "lambda:InvokeFunction",
      });
      // Without this limit anyone could invoke the function by the API. The bindings do not know it yet.
      invoke.addOverride("invoked_via_function_url", true);
    }
    this.url = url.functionUrl;
  }
}

/**
 * Any site may send. The URL answers preflights itself and names the asking origin, which clients that send
 * credentials insist on; for them, too, headers must be listed (`*` covers neither Authorization nor
 * credentials).
 */
const CORS = {
  allowOrigins: ["*"],
  allowCredentials: true,
  allowMethods: ["GET", "POST"],
  allowHeaders: [
    "anonymousid",
    "authorization",
    "content-type",
    "sentat",
    "sp-anonymous",
    // AWS's web SDK sets it, which some browsers allow.
    "user-agent",
    "x-retry-count",
  ],
  // Segment's client waits as long as it is told, if it may read it.
  exposeHeaders: ["retry-after"],
  maxAge: 86_400,
};
