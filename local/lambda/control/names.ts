import { functionArn } from "../execution/deployment";
import { findVersion } from "../execution/invoker";
import type { FunctionRecord, LambdaStore } from "../state";
import { type Call, invalid, label, notFound } from "./router";

/** A function as a call names it. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
}

const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:|function:)?([a-zA-Z0-9-_]+)(?::(\$LATEST|[a-zA-Z0-9-_]+))?$/;

/** Reads a name, a partial or a whole ARN, each with or without a qualifier. */
export function parseFunction(text: string, qualifier?: string | null): FunctionReference {
  const [, name, suffix] = REFERENCE.exec(text) ?? [];
  if (name === undefined) throw invalid(`FunctionName must be a function's name or ARN, got ${text}`);
  const named = qualifier ?? suffix;
  return named === undefined ? { name } : { name, qualifier: named };
}

/** The function that a call's path and query name; it must exist. */
export function calledFunction(
  store: LambdaStore,
  call: Call,
): FunctionReference & { readonly record: FunctionRecord; readonly key: string; readonly arn: string } {
  const reference = parseFunction(label(call, "FunctionName"), call.query.get("Qualifier"));
  const record = store.state.functions[reference.name];
  const arn = functionArn(reference.name, reference.qualifier);
  if (record === undefined || findVersion(record, reference.qualifier) === undefined)
    throw notFound(`Function not found: ${arn}`);
  return { ...reference, record, key: reference.qualifier ?? "$LATEST", arn };
}
