/**
 * Ends this process from a thread of its own, because a handler that never yields keeps the main thread from
 * noticing anything: when the service is gone (even killed with -9), and when the function's memory is used up.
 */
const { writeFileSync } = require("node:fs");
const { Worker, isMainThread, workerData } = require("node:worker_threads");

const INTERVAL_MS = 250;
/** What a process of this machine holds beyond what Lambda counts: the pages of the Node binary itself. */
const UNCOUNTED_MEGABYTES = 64;

/** @param outOfMemoryFile is made before a process is ended for its memory: a signal does not say why. */
function watchProcess(memoryMegabytes, outOfMemoryFile) {
  const limitBytes = (memoryMegabytes + UNCOUNTED_MEGABYTES) * 1_048_576;
  const worker = new Worker(__filename, {
    workerData: { parent: process.ppid, limitBytes, outOfMemoryFile },
    env: {},
    stdout: false,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  });
  worker.unref();
}

if (!isMainThread && workerData?.limitBytes !== undefined)
  setInterval(() => {
    const outOfMemory = process.memoryUsage.rss() > workerData.limitBytes;
    if (!outOfMemory && process.ppid === workerData.parent) return;
    try {
      if (outOfMemory && workerData.outOfMemoryFile) writeFileSync(workerData.outOfMemoryFile, "");
    } finally {
      process.kill(process.pid, "SIGKILL");
    }
  }, INTERVAL_MS);

module.exports = { watchProcess };
