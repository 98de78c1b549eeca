import { SQSClient } from "@aws-sdk/client-sqs";
import { lakePrefixes } from "../../handlers/event/lake";
import { lakeFile, notificationOf } from "../../handlers/load/queue/notification";
import { sqsQueue } from "../../handlers/load/queue/sqs";
import type { Target } from "../environment";
import { progress, UserError } from "../terminal";
import { queryRows } from "../warehouse";
import { loadedOf, waitForFiles } from "./arrival";
import { type LakeObject, listLake } from "./lake";

/** @throws UserError when the warehouse holds anything: a rebuild is for one that is new, or was emptied. */
export async function expectEmpty(target: Target): Promise<void> {
  const [[events = 0, failed = 0] = []] = await queryRows(
    target,
    "select (select count(*) from events), (select count(*) from failed_events)",
  );
  if (Number(events) + Number(failed) > 0)
    throw new UserError(
      `The warehouse is not empty: it holds ${events} events and ${failed} rejected ones, and --rebuild fills one that holds none. To bring in what is missing: npm run replay -- --from T`,
    );
}

/** What the loader can load of the lake, oldest first. */
export async function loadableFiles({ outputs }: Target): Promise<LakeObject[]> {
  const folders = [lakePrefixes.events, lakePrefixes.failed];
  const lists = await Promise.all(folders.map((folder) => listLake(outputs.lakeBucket, folder)));
  return lists.flat().sort((one, other) => (arrivedOf(one) < arrivedOf(other) ? -1 : 1));
}

/**
 * Has the loader load files once more that an empty warehouse knows nothing of: a day after the other, so that of an
 * event's copies the first stays, as it did. What is loaded already is left out.
 */
export async function loadAgain(target: Target, files: readonly LakeObject[]): Promise<void> {
  const queue = sqsQueue(new SQSClient({}), target.outputs.queueUrl, () => undefined);
  const days = new Map<string, LakeObject[]>();
  for (const file of files) days.set(dayOf(file), [...(days.get(dayOf(file)) ?? []), file]);
  await progress("Loading the lake's files again", files.length, "files", async (advance) => {
    for (const day of days.values()) {
      const loaded = await loadedOf(
        target,
        day.map(({ key }) => key),
      );
      advance(loaded.size);
      const left = day.filter(({ key }) => !loaded.has(key));
      if (left.length === 0) continue;
      const told = left.flatMap(({ key, etag, sizeBytes }) => lakeFile(key, etag, sizeBytes) ?? []);
      await queue.send(told.map(notificationOf));
      await waitForFiles(
        target,
        told.map(({ key }) => key),
        advance,
      );
    }
  });
}

/** The folders of the hour that a file arrived in. */
function arrivedOf({ key }: LakeObject): string {
  return key.slice(key.indexOf("/") + 1);
}

function dayOf(file: LakeObject): string {
  return /dt=([\d-]+)/.exec(file.key)?.[1] ?? "";
}
