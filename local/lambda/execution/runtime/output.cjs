/**
 * What a function prints goes to the service in frames, in order with its results; console lines get the
 * runtime's format and are filtered by the function's log level.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
const { format } = require("node:util");
const { FRAME } = require("./frames.cjs");

const LEVELS = { TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 5 };
const METHODS = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" };

function captureOutput(send, requestId) {
  for (const stream of [process.stdout, process.stderr])
    stream.write = (chunk, encoding, callback) => {
      send(FRAME.LOG, "", typeof chunk === "string" ? chunk : Buffer.from(chunk));
      const done = typeof encoding === "function" ? encoding : callback;
      if (done) process.nextTick(done);
      return true;
    };
  const json = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON";
  const lowest = json ? (LEVELS[process.env.AWS_LAMBDA_LOG_LEVEL] ?? LEVELS.INFO) : LEVELS.TRACE;
  for (const [method, level] of Object.entries(METHODS))
    console[method] = (...values) => {
      if (LEVELS[level] < lowest) return;
      const timestamp = new Date().toISOString();
      const id = requestId();
      process.stdout.write(
        json
          ? `${jsonLine(timestamp, level, id, values)}\n`
          : `${timestamp}\t${id ?? "undefined"}\t${level}\t${format(...values)}\n`,
      );
    };
}

function jsonLine(timestamp, level, requestId, values) {
  const line = { timestamp, level, requestId };
  const [first] = values;
  if (values.length === 1 && typeof first === "object" && first !== null && !(first instanceof Error))
    try {
      return JSON.stringify({ ...line, message: first });
    } catch {
      // a circular object is printed as text
    }
  const error = values.find((value) => value instanceof Error);
  if (error !== undefined)
    Object.assign(line, {
      errorType: error.name,
      errorMessage: error.message,
      stackTrace: String(error.stack).split("\n"),
    });
  return JSON.stringify({ ...line, message: format(...values) });
}

module.exports = { captureOutput };
