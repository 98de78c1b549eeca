import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/** What Chromium is called, by Debian and by others. */
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Starts a Chromium without a window: the one that CLICKSTREAM_CHROMIUM names, else the first found on PATH. */
export async function launchChromium(): Promise<Browser> {
  // Chromium does not run as root in its own sandbox.
  const root = process.getuid?.() === 0;
  return chromium.launch({ executablePath: findChromium(), args: root ? ["--no-sandbox"] : [] });
}

function findChromium(): string {
  const named = process.env.CLICKSTREAM_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = named
    ? [named]
    : names.flatMap((name) =>
        folders.map((folder) => join(folder, process.platform === "win32" ? `${name}.exe` : name)),
      );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(
      named
        ? `CLICKSTREAM_CHROMIUM names ${named}, which does not exist.`
        : "The browser tests need Chromium. On Debian and Ubuntu: sudo apt-get install chromium. Elsewhere install it or Chrome, and name its program in CLICKSTREAM_CHROMIUM.",
    );
  return found;
}
