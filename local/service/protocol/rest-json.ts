import { AwsError, parseJson, restJsonError } from "../aws";
import type { Handler, Request, Response } from "../http";
import { checkInput } from "../model/input";
import type { ServiceModel } from "../model/model";
import { calledOperation, restInput } from "../model/rest";

/** What an operation is given: labels of the path, the query string, and the body, read as JSON. */
export interface RestCall {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Request["headers"];
  readonly raw: Buffer;
  /** The JSON body. */
  body<Input>(): Input;
}

/** One operation of the API. */
export type RestOperation = (call: RestCall) => Promise<Response> | Response;

/**
 * Serves a service of the REST JSON protocol. What breaks the service's model is refused before the operation sees it.
 * @param operations by their names in the model.
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function restJsonService(
  model: ServiceModel,
  operations: Readonly<Record<string, RestOperation>>,
): Handler {
  return async (request) => {
    try {
      const called = calledOperation(model, request);
      const operation = called === undefined ? undefined : operations[called.name];
      if (called === undefined || operation === undefined)
        throw new AwsError(
          "UnknownOperationException",
          `the local ${model.metadata.serviceId} has no operation ${called?.name ?? `${request.method} ${request.path}`}`,
          404,
        );
      const { query, headers, body: raw } = request;
      const call: RestCall = {
        ...{ labels: called.labels, query, headers, raw },
        body: <Input>() => parseJson(raw) as Input,
      };
      checkInput(model, called.name, restInput(model, called, request));
      return await operation(call);
    } catch (error) {
      return restJsonError(model, error);
    }
  };
}
