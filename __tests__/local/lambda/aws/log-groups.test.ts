import type { Server } from "node:http";
import { LogGroups } from "../../../../local/lambda/aws/log-groups";
import { roleCredentials } from "../../credentials";
import { fakeGateway } from "./gateway";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function gatewayWith(groups: readonly string[]) {
  const gateway = await fakeGateway(({ body }) => {
    const { logGroupName } = JSON.parse(body) as { logGroupName: string };
    return groups.includes(logGroupName)
      ? { status: 200, body: "{}" }
      : {
          status: 400,
          body: '{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}',
        };
  });
  server = gateway.server;
  const calls = () =>
    gateway.received.map(({ headers, body }) => [
      String(headers["x-amz-target"]).split(".").at(-1),
      JSON.parse(body) as Record<string, unknown>,
    ]);
  return {
    logs: new LogGroups(() => ({ gatewayUrl: gateway.url, credentials: async () => roleCredentials })),
    calls,
  };
}

const line = (message: string) => ({ timestamp: 1, message });

test("sends a function's lines to its group, in one stream for each environment, also those of the last moment", async () => {
  const { logs, calls } = await gatewayWith(["/aws/lambda/probe"]);
  logs.forward("probe", "/aws/lambda/probe", "one", [line("a")]);
  logs.forward("probe", "/aws/lambda/probe", "one", [line("b")]);
  await logs.flush();
  logs.forward("probe", "/aws/lambda/probe", "one", [line("c")]);
  await logs.flush();
  const stream = { logGroupName: "/aws/lambda/probe", logStreamName: "one" };
  expect(calls()).toEqual([
    ["CreateLogStream", stream],
    ["PutLogEvents", { ...stream, logEvents: [line("a"), line("b")] }],
    ["PutLogEvents", { ...stream, logEvents: [line("c")] }],
  ]);
});

test("drops the lines of a group that does not exist, and keeps those of others", async () => {
  const { logs, calls } = await gatewayWith(["/there"]);
  logs.forward("probe", "/none", "s", [line("lost")]);
  logs.forward("probe", "/there", "s", [line("kept")]);
  await logs.flush();
  expect(calls().filter(([operation]) => operation === "PutLogEvents")).toEqual([
    ["PutLogEvents", { logGroupName: "/there", logStreamName: "s", logEvents: [line("kept")] }],
  ]);
});
