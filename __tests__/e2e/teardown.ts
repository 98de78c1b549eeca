import { verb } from "./verb";

export default async function teardown(): Promise<void> {
  await verb("stop");
}
