/** Errors as the Node.js runtime of Lambda reports them. */

/** Why the function could not be loaded. */
class InitError extends Error {
  constructor(type, message, cause) {
    super(message, { cause });
    this.name = type;
    if (cause?.stack) this.stack = `${type}: ${message}\n${cause.stack.split("\n").slice(1).join("\n")}`;
  }
}

/** `{errorType, errorMessage, trace}` of anything that was thrown. */
function errorShape(error) {
  if (error instanceof Error || (typeof error === "object" && error !== null && "stack" in error))
    return {
      errorType: String(error.name ?? "Error"),
      errorMessage: String(error.message),
      trace: String(error.stack ?? error).split("\n"),
    };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

module.exports = { InitError, errorShape };
