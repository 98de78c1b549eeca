import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import { stateRoot } from "../../../cli/paths";
import type { ObjectSource } from "../../../local/redshift/engine/copy/objects";
import type { Secrets } from "../../../local/redshift/serverless/secrets";
import { type Redshift, redshift } from "../../../local/redshift/service";
import { listen } from "../../../local/service/http";
import { pythonInterpreter } from "../../../local/setup/python";

export const ROLE = "arn:aws:iam::000000000000:role/copy";
export const DATABASE = "clickstream";

/** A bucket in memory: bodies by key. */
export class Bucket implements ObjectSource {
  readonly objects = new Map<string, Uint8Array>();

  put(key: string, body: string | Uint8Array): void {
    this.objects.set(key, Buffer.from(body));
  }
  lines(key: string, ...lines: readonly (string | object)[]): void {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    this.put(key, gzipSync(`${text}\n`));
  }
  manifest(key: string, ...keys: readonly string[]): void {
    const entries = keys.map((each) => ({ url: `s3://lake/${each}`, mandatory: true }));
    this.put(key, JSON.stringify({ entries }));
  }
  async read(_bucket: string, key: string): Promise<Uint8Array | undefined> {
    return this.objects.get(key);
  }
  async list(_bucket: string, prefix: string): Promise<string[]> {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }
  async write(_bucket: string, key: string, body: Uint8Array): Promise<void> {
    this.objects.set(key, body);
  }
  async remove(_bucket: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.objects.delete(key);
  }
}

/** Secrets in memory: values by ARN. */
export class FakeSecrets implements Secrets {
  readonly values = new Map<string, object>();
  async create(name: string, value: object): Promise<string> {
    const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;
    this.values.set(arn, value);
    return arn;
  }
  async delete(arn: string): Promise<void> {
    this.values.delete(arn);
  }
}

/** The real service over HTTP, its bucket and secrets in memory. */
export class LocalRedshift {
  readonly bucket = new Bucket();
  readonly secrets = new FakeSecrets();
  readonly folder = mkdtempSync(join(tmpdir(), "redshift-"));
  #service: Redshift | undefined;
  url = "";

  async start(): Promise<void> {
    this.#service = await redshift(this.folder, {
      objects: () => this.bucket,
      secrets: this.secrets,
      python: pythonInterpreter(stateRoot),
    });
    this.url = `http://127.0.0.1:${await listen(this.#service.server, 0)}`;
  }

  /** Stops it and starts it again on what it has kept. @param meanwhile what is done with that between. */
  async restart(meanwhile?: () => Promise<void>): Promise<void> {
    await this.#end();
    await meanwhile?.();
    await this.start();
  }

  /** Stops it, and removes what it has kept. */
  async stop(): Promise<void> {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    this.#service?.server.close();
    this.#service?.server.closeAllConnections();
    await this.#service?.stop();
  }

  /** One call of the control plane or, with a client of no SDK, of the Data API. */
  async call(target: string, input: object, headers = {}): Promise<Record<string, unknown>> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.1", ...headers },
      body: JSON.stringify(input),
    });
    return { status: response.status, ...((await response.json()) as object) };
  }

  /** A namespace and a workgroup, and the admin's secret. */
  async deploy(): Promise<string> {
    const made = await this.call("RedshiftServerless.CreateNamespace", {
      namespaceName: "clickstream",
      dbName: DATABASE,
      manageAdminPassword: true,
      iamRoles: [ROLE],
    });
    await this.call("RedshiftServerless.CreateWorkgroup", {
      workgroupName: "clickstream",
      namespaceName: "clickstream",
      baseCapacity: 8,
    });
    return String((made.namespace as Record<string, unknown>).adminPasswordSecretArn);
  }

  client(): RedshiftDataClient {
    return new RedshiftDataClient({
      endpoint: this.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }

  /** Runs statements and waits: the last answer of DescribeStatement, and the rows of the last result. */
  async sql(...sqls: readonly string[]): Promise<Ran> {
    return await this.as(undefined, ...sqls);
  }

  /** The same as whoever has the ARN. */
  async as(principal: string | undefined, ...sqls: readonly string[]): Promise<Ran> {
    const headers = principal === undefined ? {} : { "x-local-principal": principal };
    const target = { WorkgroupName: "clickstream", Database: DATABASE, WaitTimeSeconds: 30 };
    const submitted =
      sqls.length === 1
        ? await this.call("RedshiftData.ExecuteStatement", { ...target, Sql: sqls[0] }, headers)
        : await this.call("RedshiftData.BatchExecuteStatement", { ...target, Sqls: sqls }, headers);
    if (submitted.Id === undefined) throw new Error(JSON.stringify(submitted));
    const described = await this.call(
      "RedshiftData.DescribeStatement",
      { Id: submitted.Id, WaitTimeSeconds: 30 },
      headers,
    );
    const id = sqls.length === 1 ? submitted.Id : `${submitted.Id}:${sqls.length}`;
    const page = await this.call("RedshiftData.GetStatementResult", { Id: id }, headers);
    const records = (page.Records ?? []) as Record<string, unknown>[][];
    const columns = (page.ColumnMetadata ?? []) as { label: string; typeName: string }[];
    return {
      id: String(submitted.Id),
      status: String(described.Status),
      error: described.Error === undefined ? undefined : String(described.Error),
      described,
      columns: columns.map(({ label }) => label),
      types: columns.map(({ typeName }) => typeName),
      rows: records.map((record) => record.map((field) => (field.isNull ? null : Object.values(field)[0]))),
    };
  }

  /** The rows of one query. @throws when it failed. */
  async rows(sql: string): Promise<unknown[][]> {
    const ran = await this.sql(sql);
    if (ran.error !== undefined) throw new Error(`${ran.error} in: ${sql}`);
    return ran.rows;
  }
}

/** What became of statements. */
export interface Ran {
  readonly id: string;
  readonly status: string;
  readonly error: string | undefined;
  readonly described: Record<string, unknown>;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: unknown[][];
}
