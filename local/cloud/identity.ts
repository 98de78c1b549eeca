import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, as the system tells it, or undefined when there is no such process. Together with the
 * process id it names a process for good: ids are used again. An ended process that nobody has waited for is none.
 */
export function startOf(pid: number): string | undefined {
  if (!exists(pid)) return undefined;
  if (process.platform === "linux") return startInProc(pid);
  if (process.platform === "win32") return "unknown"; // no cheap way to ask: the id alone must do
  return startByPs(pid);
}

/** Whether the very process that was once recorded still runs. */
export function runs(recorded: { readonly pid: number; readonly started: string }): boolean {
  return startOf(recorded.pid) === recorded.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function startInProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined; // it ended in between
  }
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? undefined : fields[18];
}

function startByPs(pid: number): string | undefined {
  try {
    const [state = "", ...start] = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    })
      .trim()
      .split(/\s+/);
    return state.startsWith("Z") ? undefined : start.join(" ");
  } catch {
    return undefined; // ps fails when there is no such process
  }
}
