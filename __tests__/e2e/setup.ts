import { verb } from "./verb";

/** One deployment of the local cloud, from nothing, for all end-to-end tests. */
export default async function setup(): Promise<void> {
  await verb("reset");
  const started = await verb("start", "--detach", "--no-traffic");
  if (started.code !== 0) throw new Error(`npm start failed:\n${started.stderr}`);
}
