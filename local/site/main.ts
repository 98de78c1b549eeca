import { join } from "node:path";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { namesOf } from "../../stacks/names";
import type { Outputs } from "../../stacks/outputs";
import { ACCOUNT_ID, REGION } from "../service/aws";
import { httpServer } from "../service/http";
import { runService, serviceEnv } from "../service/process";
import { type Collector, siteHandler } from "./site";

/** A demo site whose visits go through the deployed collector. */
const { port } = serviceEnv();
const { outputsParameter } = namesOf("local", ACCOUNT_ID, REGION);
const ssm = new SSMClient({});

async function findCollector(): Promise<Collector | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: outputsParameter }));
    const { collectorUrl, sources } = JSON.parse(Parameter?.Value ?? "") as Outputs;
    const source = sources.find(({ kind }) => kind === "browser");
    return source === undefined ? undefined : { url: collectorUrl, writeKey: source.writeKey };
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

const site = join(__dirname, "..", "..", "browser", "demo");
void runService(httpServer(siteHandler(site, findCollector)), port, () => undefined);
