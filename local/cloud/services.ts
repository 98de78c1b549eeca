import { join } from "node:path";

/** One process of the local cloud. */
export interface Service {
  /** Names its folders, its log and its port. */
  readonly name: string;
  /** What runs it: Node with TypeScript, or the Python interpreter that has MiniStack. */
  readonly program: "node" | "python";
  /** The file it runs, absolute. */
  readonly entry: string;
  /** Signing names of the requests the gateway sends it; `*` is every other one. */
  readonly routes: readonly string[];
  /** Services of a lower number are ready before it starts, and still serve while it stops. */
  readonly layer: number;
}

/** The service that clients talk to. */
export const GATEWAY = "gateway";

/** The demo site. */
export const SITE = "site";

const local = (...path: string[]): string => join(__dirname, "..", ...path);

/** The services of the local cloud, from the storage up to what calls the others. */
export const SERVICES: readonly Service[] = [
  {
    name: "ministack",
    program: "python",
    entry: local("ministack", "serve.py"),
    routes: ["*"],
    layer: 0,
  },
  {
    name: GATEWAY,
    program: "node",
    entry: local("gateway", "main.ts"),
    routes: [],
    layer: 1,
  },
  {
    name: "redshift",
    program: "node",
    entry: local("redshift", "main.ts"),
    routes: ["redshift-serverless", "redshift-data"],
    layer: 2,
  },
  {
    name: "firehose",
    program: "node",
    entry: local("firehose", "main.ts"),
    routes: ["firehose"],
    layer: 2,
  },
  {
    name: "lambda",
    program: "node",
    entry: local("lambda", "main.ts"),
    routes: ["lambda"],
    layer: 3,
  },
  {
    name: "scheduler",
    program: "node",
    entry: local("scheduler", "main.ts"),
    routes: ["scheduler"],
    layer: 3,
  },
  {
    name: SITE,
    program: "node",
    entry: local("site", "main.ts"),
    routes: [],
    layer: 3,
  },
];

/** The services in layers, lowest first. */
export function layers<T extends Pick<Service, "layer">>(services: readonly T[]): readonly (readonly T[])[] {
  const numbers = [...new Set(services.map(({ layer }) => layer))].sort((a, b) => a - b);
  return numbers.map((number) => services.filter(({ layer }) => layer === number));
}
