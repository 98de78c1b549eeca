/**
 * On Lambda a function's layers are unpacked under /opt. Nothing here may write to /opt, so file calls on a path
 * under it are answered from the folder that holds the layers.
 */
const { syncBuiltinESMExports } = require("node:module");
const fs = require("node:fs");

const CALLS = [
  "access",
  "createReadStream",
  "exists",
  "lstat",
  "open",
  "opendir",
  "readFile",
  "readdir",
  "readlink",
  "realpath",
  "stat",
  "statfs",
];

function redirectLayerPaths(root) {
  const redirect = (path) =>
    typeof path === "string" && (path === "/opt" || path.startsWith("/opt/")) ? root + path.slice(4) : path;
  const wrap = (target, name) => {
    const call = target[name];
    if (typeof call !== "function") return;
    target[name] = Object.assign((path, ...rest) => call.call(target, redirect(path), ...rest), call);
  };
  for (const name of CALLS) {
    wrap(fs, name);
    wrap(fs, `${name}Sync`);
    wrap(fs.promises, name);
  }
  syncBuiltinESMExports();
}

module.exports = { redirectLayerPaths };
