import { mkdirSync } from "node:fs";
import { readCloud, siteUrl } from "../../../local/cloud";
import { pythonEnvironment } from "../../../local/setup/python";
import { SetupError } from "../../../local/setup/setup-error";
import { findTerraform } from "../../../local/setup/terraform";
import { synthesize } from "../../deployment/synth";
import { environmentName, readOutputs, useLocalCloud } from "../../environment";
import { projectRoot, stateRoot } from "../../paths";
import { deploy, localSynth, localTerraform, restoreCode } from "../../starting/deploy";
import { type CloudHost, hostHere, hostInBackground } from "../../starting/host";
import { demoSource, screen } from "../../starting/screen";
import { step, UserError } from "../../terminal";
import type { Verb } from "../verb";

/** `npm start`: the whole cloud on this machine. */
export const start: Verb = {
  summary: "Run the whole pipeline on this machine",
  usage: "[--detach] [--no-traffic] [--no-watch]",
  details: [
    "Sets up what it needs, deploys the stacks with the real Terraform, and runs until Ctrl-C.",
    "While it runs, a function whose code you save is rebuilt and swapped, and a model under sql/models/ is applied again. With --detach, .local/logs/cloud.log tells.",
  ].join("\n"),
  options: {
    detach: { type: "boolean", default: false },
    "no-traffic": { type: "boolean", default: false },
    "no-watch": { type: "boolean", default: false },
  },
  help: {
    "--detach": "return when it is ready; npm stop stops it",
    "--no-traffic": "send no made-up visits",
    "--no-watch": "leave what runs as it is when a file is saved",
  },
  async run(call) {
    if (environmentName(call) !== "local")
      throw new UserError("npm start runs the local environment; deploy others with npx cdktf deploy.");
    const detach = call.detach === true;
    const traffic = call["no-traffic"] !== true;
    const watch = call["no-watch"] !== true;
    if (readCloud(stateRoot) !== undefined) return alreadyRunning(call.json === true);

    const interrupted = new AbortController();
    let interrupts = 0;
    const interrupt = (): void => {
      interrupts += 1;
      if (interrupts === 1) console.error("\nStopping … (what runs is finished first)");
      interrupted.abort();
    };
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", interrupt);

    let host: CloudHost | undefined;
    try {
      const { python, terraform } = await prepare();
      if (interrupted.signal.aborted) return 130;
      const stacks = await step("Synthesizing the stacks", () => synthesize("local", localSynth));
      host = await step("Starting the local cloud", () =>
        detach ? hostInBackground(python) : hostHere(python),
      );
      if (interrupted.signal.aborted) return await end(host);
      await deploy(localTerraform(terraform, host.gatewayUrl, interrupted.signal), stacks);
      useLocalCloud();
      const outputs = await readOutputs("local");
      await restoreCode(outputs);
      if (watch) host.startWatching(outputs);
      if (traffic) host.startTraffic({ url: outputs.collectorUrl, writeKey: demoSource(outputs).writeKey });
      const demoUrl = demoSite();
      console.log(
        call.json ? JSON.stringify(outputs) : screen(outputs, { detached: detach, traffic, watch, demoUrl }),
      );
    } catch (error) {
      await host?.stop();
      if (interrupted.signal.aborted) return 130;
      throw error instanceof SetupError ? new UserError(error.message) : error;
    }
    if (detach) {
      host.release();
      return 0;
    }
    if (!interrupted.signal.aborted)
      await new Promise((resolve) => interrupted.signal.addEventListener("abort", resolve, { once: true }));
    return end(host);
  },
};

/** What the cloud runs on, found or installed. */
async function prepare(): Promise<{ python: string; terraform: string }> {
  mkdirSync(stateRoot, { recursive: true });
  const python = await step("Preparing Python", (shown) =>
    pythonEnvironment(stateRoot, (what) => shown.update(what)),
  );
  const terraform = await step("Finding Terraform", (shown) =>
    findTerraform(projectRoot, stateRoot, (what) => shown.update(what)),
  );
  return { python, terraform };
}

async function alreadyRunning(json: boolean): Promise<number> {
  useLocalCloud();
  const outputs = await readOutputs("local");
  if (json) console.log(JSON.stringify(outputs));
  else
    console.log(
      `The local cloud is running already.\n${screen(outputs, { detached: true, traffic: false, watch: false, demoUrl: demoSite() })}`,
    );
  return 0;
}

function demoSite(): string | undefined {
  const cloud = readCloud(stateRoot);
  return cloud === undefined ? undefined : siteUrl(cloud);
}

async function end(host: CloudHost): Promise<number> {
  await step("Stopping the local cloud", () => host.stop());
  return 130;
}
