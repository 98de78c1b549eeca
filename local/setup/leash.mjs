// Runs a command in a process group of its own and ends the group when the parent is gone, even killed with -9.
// A terminal's Ctrl-C does not reach the command: the parent passes it on, once, by a message.
import { spawn } from "node:child_process";

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: ["ignore", "inherit", "inherit"],
  detached: process.platform !== "win32",
});

const signalGroup = (signal) => {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
  } catch {
    // it has ended already
  }
};

process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => signalGroup("SIGINT"));
process.on("message", () => child.kill("SIGINT"));
process.on("disconnect", () => signalGroup("SIGKILL"));
child.on("error", (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
