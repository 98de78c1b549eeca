/**
 * The file system as a function sees it on Lambda: its layers under /opt, a /tmp of its own, and everything but
 * /tmp read-only. Nothing here can mount anything, so the calls of `node:fs` are answered from the environment's
 * own folders; modules are found under /opt in the same way. Child processes and native code see the machine.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const fs = require("node:fs");
const module_ = require("node:module");
const { resolve } = require("node:path");
const { fileURLToPath, pathToFileURL } = require("node:url");

const READS = [
  ...["access", "exists", "glob", "lstat", "openAsBlob", "opendir", "readFile", "readdir", "readlink"],
  ...["realpath", "stat", "statfs", "unwatchFile", "watch", "watchFile"],
];
const WRITES = [
  ...["appendFile", "chmod", "chown", "lchmod", "lchown", "lutimes", "mkdir", "mkdtemp", "mkdtempDisposable"],
  ...["rm", "rmdir", "truncate", "unlink", "utimes", "writeFile"],
];
/** Calls whose second path is written; the first is only read, except by `rename`. */
const TRANSFERS = ["copyFile", "cp", "link", "rename", "symlink"];
const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;

/**
 * Redirects `node:fs` and the resolution of modules.
 * @param opt the folder that plays /opt. @param tmp the one that plays /tmp.
 */
function redirectPaths(opt, tmp) {
  const own = [opt, tmp, process.env.LAMBDA_TASK_ROOT, __dirname].filter(Boolean);
  const within = (path, folder) =>
    path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
  const redirect = (path) => {
    const text = asText(path);
    if (text === undefined || own.some((folder) => within(text, folder))) return path;
    if (within(text, "/opt")) return opt + text.slice(4);
    return within(text, "/tmp") ? tmp + text.slice(4) : path;
  };
  /** As `redirect`, for a path that is written. @throws EROFS */
  const writable = (path, call) => {
    const text = asText(path);
    if (text === undefined) return path; // a file that is open already
    const target = redirect(path);
    const real = resolve(asText(target));
    if (within(real, tmp) || within(real, "/dev") || within(real, "/proc")) return target;
    throw Object.assign(new Error(`EROFS: read-only file system, ${call} '${text}'`), {
      ...{ errno: -30, code: "EROFS", syscall: call, path: text },
    });
  };
  const writes = (flags) =>
    typeof flags === "number"
      ? (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)) !== 0
      : typeof flags === "string" && /[wa+]/.test(flags);

  each(READS, () => ([path, ...rest]) => [redirect(path), ...rest]);
  each(WRITES, (name) => ([path, ...rest]) => [writable(path, name), ...rest]);
  each(TRANSFERS, (name) => ([from, to, ...rest]) => [
    name === "rename" ? writable(from, name) : redirect(from),
    writable(to, name),
    ...rest,
  ]);
  each(["open"], (name) => ([path, flags, ...rest]) => [
    writes(flags) ? writable(path, name) : redirect(path),
    flags,
    ...rest,
  ]);
  module_.syncBuiltinESMExports();
  redirectModules(redirect);
}

/** Changes the arguments of a call in its three forms: callback, `Sync` and promise. Streams open by `open`. */
function each(names, change) {
  for (const name of names) {
    wrap(fs, name, change(name), (error, rest) => {
      const callback = rest.at(-1);
      if (typeof callback !== "function") throw error;
      process.nextTick(callback, error);
    });
    wrap(fs, `${name}Sync`, change(name), (error) => {
      throw error;
    });
    wrap(fs.promises, name, change(name), (error) => Promise.reject(error));
  }
}

function wrap(target, name, change, failed) {
  const call = target[name];
  if (typeof call !== "function") return;
  const wrapped = (...values) => {
    let changed;
    try {
      changed = change(values);
    } catch (error) {
      return failed(error, values);
    }
    return call.apply(target, changed);
  };
  target[name] = Object.assign(wrapped, call);
}

/** `require` and `import` of a path under /opt. Node 20, a laptop's fallback, only takes `require`. */
function redirectModules(redirect) {
  if (typeof module_.registerHooks === "function") {
    module_.registerHooks({
      resolve(specifier, context, next) {
        const path = specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier;
        const target = redirect(path);
        if (target === path) return next(specifier, context);
        return next(context.conditions?.includes("import") ? pathToFileURL(target).href : target, context);
      },
    });
    return;
  }
  const original = module_._resolveFilename;
  module_._resolveFilename = (request, ...rest) => original.call(module_, redirect(request), ...rest);
}

/** A path as text; undefined for a file descriptor or handle. */
function asText(path) {
  if (typeof path === "string") return path;
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  return Buffer.isBuffer(path) ? path.toString() : undefined;
}

module.exports = { redirectPaths };
