import { mkdirSync } from "node:fs";
import { stateRoot } from "../../cli/paths";
import { pythonEnvironment } from "../../local/setup/python";

/** Makes the Python environment, once for all tests, where it is missing. */
export default async function setup(): Promise<void> {
  mkdirSync(stateRoot, { recursive: true });
  await pythonEnvironment(stateRoot, (what) => console.error(`Python: ${what} …`));
}
