import type { Request } from "../http";
import { AwsError } from "../protocol/error";
import { parseJson } from "../protocol/json";
import { type OperationModel, type ServiceModel, type ShapeReference, shapeOf } from "./model";

/** An operation as a request names it. */
export interface Called {
  readonly name: string;
  readonly operation: OperationModel;
  /** The path's parts that the template names, decoded. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What of a request says which operation it calls. */
export type Target = Pick<Request, "method" | "path" | "query">;

/**
 * The operation that a request of a REST protocol calls: of several with its path, the one whose template names most
 * of it, parts of the query string included.
 * @throws AwsError SerializationException for a path that cannot be decoded.
 */
export function calledOperation(model: ServiceModel, target: Target): Called | undefined {
  let best: (Called & { readonly weight: number }) | undefined;
  for (const [name, operation] of Object.entries(model.operations)) {
    const { method, requestUri } = operation.http;
    if (method !== target.method) continue;
    const [template = "", search] = requestUri.split("?");
    const query = [...new URLSearchParams(search)];
    if (!query.every(([key, value]) => target.query.get(key) === value)) continue;
    const labels = match(parts(template), parts(target.path));
    if (labels === undefined) continue;
    const weight = query.length * 100 - Object.keys(labels).length;
    if (best === undefined || weight > best.weight) best = { name, operation, labels, weight };
  }
  return best;
}

/** An operation's input as its model has it, gathered from path, query string, headers and body. */
export function restInput(
  model: ServiceModel,
  { operation, labels }: Called,
  { query, headers, body }: Pick<Request, "query" | "headers" | "body">,
): Record<string, unknown> {
  if (operation.input === undefined) return {};
  const shape = shapeOf(model, operation.input);
  const members = Object.entries(shape.members ?? {});
  const inBody = shape.payload === undefined && members.some(([, { location }]) => location === undefined);
  const input: Record<string, unknown> = inBody ? { ...parseJson(body) } : {};
  for (const [name, reference] of members) {
    const { location, locationName = name } = reference;
    if (name === shape.payload) {
      if (body.length > 0) input[name] = body;
    } else if (location === undefined) {
      if (locationName !== name && input[locationName] !== undefined) input[name] = input[locationName];
    } else {
      const text = carried(reference, name, { labels, query, headers }, shapeOf(model, reference).type);
      delete input[name];
      if (text !== undefined) input[name] = typed(model, reference, text);
    }
  }
  return input;
}

/** What a request says of a member outside its body. */
function carried(
  { location, locationName }: ShapeReference,
  name: string,
  { labels, query, headers }: Pick<Called, "labels"> & Pick<Request, "query" | "headers">,
  type: string,
): string | string[] | undefined {
  const key = locationName ?? name;
  if (location === "uri") return labels[key];
  if (location === "header") return headers[key.toLowerCase()];
  const all = query.getAll(key);
  return type === "list" && all.length > 0 ? all : all[0];
}

/** A text of the path, the query string or a header as the type that the model says; what is none stays a text. */
function typed(model: ServiceModel, reference: ShapeReference, text: string | string[]): unknown {
  if (Array.isArray(text)) return text;
  const { type } = shapeOf(model, reference);
  if (
    ["integer", "long", "float", "double"].includes(type) &&
    text.trim() !== "" &&
    !Number.isNaN(Number(text))
  )
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function parts(path: string): string[] {
  return path.replace(/\/$/, "").split("/");
}

function match(template: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  if (template.length !== path.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, expected] of template.entries()) {
    const part = path[index] ?? "";
    if (expected.startsWith("{")) {
      if (part === "") return undefined;
      labels[expected.slice(1, -1)] = decoded(part);
    } else if (expected !== part) return undefined;
  }
  return labels;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError("SerializationException", `the path holds a broken percent-encoding: ${part}`);
  }
}
