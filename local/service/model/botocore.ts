import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** The services that are served here, by botocore's names. */
export const MODELLED = ["firehose", "lambda", "redshift-data", "redshift-serverless", "scheduler"] as const;
export type Modelled = (typeof MODELLED)[number];

/** Where the extract of a service's model lies. */
export function modelPath(service: Modelled): string {
  return join(__dirname, "services", `${service}.json`);
}

/**
 * A service's model of the botocore that requirements.txt pins, in its newest version.
 * @param environment the folder of the project's Python environment.
 */
export function botocoreModel(environment: string, service: Modelled): object {
  const folder = join(sitePackages(environment), "botocore", "data", service);
  const version = readdirSync(folder).sort().at(-1) ?? "";
  return JSON.parse(
    gunzipSync(readFileSync(join(folder, version, "service-2.json.gz"))).toString(),
  ) as object;
}

function sitePackages(environment: string): string {
  const windows = join(environment, "Lib", "site-packages");
  if (existsSync(windows)) return windows;
  const python = readdirSync(join(environment, "lib")).find((name) => name.startsWith("python"));
  return join(environment, "lib", python ?? "python3", "site-packages");
}
