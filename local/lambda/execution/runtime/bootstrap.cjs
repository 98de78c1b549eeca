/**
 * What runs inside an execution environment's process: it loads the function's handler and serves one
 * invocation at a time over file descriptor 3 (frames.cjs). Plain JavaScript: an environment must start fast.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
const { Socket } = require("node:net");
const { resolve } = require("node:path");
const { existsSync } = require("node:fs");
const { pathToFileURL } = require("node:url");
const { performance } = require("node:perf_hooks");
const { FRAME, encodeFrame, frameReader } = require("./frames.cjs");
const { captureOutput } = require("./output.cjs");
const { errorShape, InitError } = require("./errors.cjs");
const { watchProcess } = require("./watchdog.cjs");
const { redirectPaths } = require("./paths.cjs");

const taskRoot = process.env.LAMBDA_TASK_ROOT;
const handlerName = process.env._HANDLER;
const memoryMegabytes = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
const environment = JSON.parse(process.env.LOCAL_LAMBDA_ENVIRONMENT ?? "null"); // LocalFolders of deployment.ts
delete process.env.LOCAL_LAMBDA_ENVIRONMENT;

const channel = new Socket({ fd: 3 });
const send = (type, head, body) => channel.write(encodeFrame(type, head, body));
/** The invocation in progress. */
let current;
let peakMegabytes = 0;
let sampledAt = -1000;

channel.on("close", () => process.exit(0)); // the service is gone: nothing here may outlive it
channel.on("error", () => process.exit(0));
watchProcess(memoryMegabytes, environment?.outOfMemoryFile); // the same for a handler that never yields, and the memory limit
captureOutput(send, () => current?.requestId);
if (environment !== null) redirectPaths(environment.optFolder, environment.tmpFolder);

process.on("uncaughtException", (error) => fail(error, errorShape(error)));
process.on("unhandledRejection", (reason) =>
  fail(reason, {
    errorType: "Runtime.UnhandledPromiseRejection",
    errorMessage: String(reason),
    trace: errorShape(reason).trace,
  }),
);

/** Set once it is loaded; no invocation comes before that is told. */
let handler;
channel.on(
  "data",
  frameReader((type, head, body) => {
    if (type === FRAME.CREDENTIALS) begin(JSON.parse(body.toString("utf8")));
    else invoke(handler, JSON.parse(head), body.toString("utf8"));
  }),
);

/** Loads the handler, whose module may build its clients at once: the role's credentials must be there before. */
function begin(credentials) {
  Object.assign(process.env, credentials);
  loadHandler().then(
    (loaded) => {
      handler = loaded;
      send(FRAME.READY, "", "");
    },
    (error) => {
      console.error(error);
      const shape = JSON.stringify(errorShape(error));
      channel.end(encodeFrame(FRAME.INIT_ERROR, "", shape), () => process.exit(1));
    },
  );
}

/** Finds `<module>.<export>` as the runtime does: the module's file, then the (nested) export. */
async function loadHandler() {
  const base = handlerName.slice(handlerName.lastIndexOf("/") + 1);
  const dot = base.indexOf(".");
  if (dot < 0) throw new InitError("Runtime.MalformedHandlerName", `Bad handler: ${handlerName}`);
  const module = handlerName.slice(0, handlerName.length - base.length + dot);
  const path = resolve(taskRoot, module);
  const file = [".js", ".mjs", ".cjs", ""].map((end) => path + end).find((name) => existsSync(name));
  if (file === undefined)
    throw new InitError("Runtime.ImportModuleError", `Error: Cannot find module '${module}'`);
  let exported;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InitError("Runtime.UserCodeSyntaxError", String(error), error);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND")
      throw new InitError("Runtime.ImportModuleError", String(error), error);
    throw error;
  }
  const names = base.slice(dot + 1).split(".");
  const find = (from) => names.reduce((value, name) => value?.[name], from);
  const handler = find(exported) ?? find(exported.default);
  if (handler === undefined)
    throw new InitError("Runtime.HandlerNotFound", `${handlerName} is undefined or not exported`);
  if (typeof handler !== "function")
    throw new InitError("Runtime.HandlerNotFound", `${handlerName} is not a function`);
  return handler;
}

/** Runs one invocation. `head` is an `InvocationHead` of environment.ts. */
function invoke(handler, head, event) {
  current = head;
  process.env._X_AMZN_TRACE_ID = head.traceId;
  const settle = (type, value) => {
    if (current !== head) return; // a callback called twice
    let body;
    try {
      body = JSON.stringify(value);
      if (body === undefined) body = "null";
    } catch {
      type = FRAME.ERROR;
      body = JSON.stringify(errorShape(new Error("Unable to stringify response body")));
    }
    send(type, memory(), body);
    current = undefined;
  };
  const threw = (error) => {
    const shape = errorShape(error);
    console.error(`Invoke Error \t${JSON.stringify(shape)}`);
    settle(FRAME.ERROR, shape);
  };
  const callback = (error, value) =>
    error === undefined || error === null ? settle(FRAME.RESULT, value) : threw(error);
  try {
    const result = handler(JSON.parse(event), context(head, callback), callback);
    if (typeof result?.then === "function") result.then((value) => settle(FRAME.RESULT, value), threw);
    else if (handler.length < 3) settle(FRAME.RESULT, result);
  } catch (error) {
    threw(error);
  }
}

/** The context object: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function context(head, callback) {
  const deadline = performance.now() + head.remainingMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: head.clientContext,
    identity: undefined,
    invokedFunctionArn: head.arn,
    awsRequestId: head.requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    done: callback,
    fail: (error) => callback(error ?? new Error("handler called context.fail")),
    succeed: (value) => callback(null, value),
  };
}

/** Ends the environment for an error that nothing caught. */
function fail(error, shape) {
  console.error(error);
  channel.end(encodeFrame(FRAME.FATAL, memory(), JSON.stringify(shape)), () => process.exit(129));
}

/** The most memory seen, in MB; looked at a few times a second, because looking costs time. */
function memory() {
  const now = performance.now();
  if (now - sampledAt > 250) {
    sampledAt = now;
    peakMegabytes = Math.max(peakMegabytes, Math.ceil(process.memoryUsage.rss() / 1_048_576));
  }
  return String(peakMegabytes);
}
