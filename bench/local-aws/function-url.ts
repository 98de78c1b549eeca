import { type ChildProcess, spawn } from "node:child_process";
import { AddPermissionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Case } from "../harness/case";
import { requestsPerSecond } from "../harness/load";

const FunctionName = "bench-url";
const BODY = '{"ok":true}';
const CONNECTIONS = 8;

export default {
  summary:
    "A trivial handler behind a function URL, asked over 8 connections; the limit is a bare server of Node's own",
  unit: "requests/s",
  target: { of: "value", bound: "at least", is: 1_500 },
  async prepare({ cloud, defer, signal }) {
    const { aws, createFunction } = await cloud();
    const lambda = new LambdaClient(aws);
    await createFunction(FunctionName, `export const handler = async () => (${BODY});`);
    await lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: "public",
        Action: "lambda:InvokeFunctionUrl",
        Principal: "*",
        FunctionUrlAuthType: "NONE",
      }),
    );
    const { FunctionUrl = "" } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }),
    );
    const { url: bareUrl, process: bare } = await bareServer();
    defer(() => void bare.kill());
    const load = (url: string, milliseconds: number) =>
      requestsPerSecond({ url, connections: CONNECTIONS, milliseconds, signal });
    await load(FunctionUrl, 2_000);
    await load(bareUrl, 500);
    return async () => ({ value: await load(FunctionUrl, 2_500), limit: await load(bareUrl, 1_000) });
  },
} satisfies Case;

/** Answers the same as the function; it ends with the benchmark. */
const BARE = `
const server = require("node:http").createServer((_, response) => {
  response.setHeader("content-type", "application/json");
  response.end(${JSON.stringify(BODY)});
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());`;

function bareServer(): Promise<{ readonly url: string; readonly process: ChildProcess }> {
  const child = spawn(process.execPath, ["-e", BARE], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (port) => resolve({ url: `http://127.0.0.1:${String(port)}/`, process: child }));
  });
}
