/**
 * AWS's model of a service's API, as botocore publishes it, without what people read in it:
 * https://github.com/boto/botocore/tree/develop/botocore/data
 */
export interface ServiceModel {
  readonly metadata: {
    readonly serviceId: string;
    readonly protocol: string;
    /** What stands before an operation's name in `X-Amz-Target`; REST protocols have none. */
    readonly targetPrefix?: string;
  };
  readonly operations: Readonly<Record<string, OperationModel>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

export interface OperationModel {
  readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number };
  readonly input?: ShapeReference;
  readonly output?: ShapeReference;
  readonly errors?: readonly ShapeReference[];
}

/** A shape where it is used. */
export interface ShapeReference {
  readonly shape: string;
  /** Where a REST protocol carries a member, if not in the body: uri, querystring, header, headers, statusCode. */
  readonly location?: string;
  /** The member's name there. */
  readonly locationName?: string;
}

export interface Shape {
  /** structure, list, map, string, character, blob, boolean, integer, long, float, double or timestamp. */
  readonly type: string;
  readonly members?: Readonly<Record<string, ShapeReference>>;
  readonly required?: readonly string[];
  /** A structure of which exactly one member is there. */
  readonly union?: boolean;
  /** Of a list. */
  readonly member?: ShapeReference;
  /** Of a map. */
  readonly key?: ShapeReference;
  readonly value?: ShapeReference;
  /** The member that is the whole body. */
  readonly payload?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Of a text or list its length, of a number its value. */
  readonly min?: number;
  readonly max?: number;
  readonly timestampFormat?: string;
  readonly exception?: boolean;
  /** The service's fault, not the caller's. */
  readonly fault?: boolean;
  readonly error?: { readonly httpStatusCode: number };
}

/** The shape that a reference is to. */
export function shapeOf(model: ServiceModel, { shape }: { readonly shape: string }): Shape {
  const found = model.shapes[shape];
  if (found === undefined) throw new Error(`the model of ${model.metadata.serviceId} has no shape ${shape}`);
  return found;
}

/** What the API knows of an error: undefined for one that every service has, such as AccessDeniedException. */
export function errorShape(model: ServiceModel, code: string): Shape | undefined {
  const shape = model.shapes[code];
  return shape?.exception === true ? shape : undefined;
}

/** An operation's method and path template, as a REST protocol names it. */
export function routeOf({ http }: OperationModel): string {
  return `${http.method} ${http.requestUri}`;
}
