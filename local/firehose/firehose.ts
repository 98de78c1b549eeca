import { join } from "node:path";
import type { Operation } from "../service/aws";
import { Store } from "../service/store";
import { controlOperations } from "./api/control";
import { putOperations } from "./api/put";
import { tagOperations } from "./api/tags";
import type { FirehoseState } from "./api/types";
import type { Clock } from "./clock";
import type { ErrorLog } from "./delivery/error-log";
import type { ObjectStore } from "./delivery/object-store";
import { removeOrphans, StreamPipeline } from "./delivery/pipeline";

export interface FirehoseOptions {
  /** Where streams and their journals are kept. */
  readonly stateDir: string;
  readonly objects: ObjectStore;
  /** Where deliveries that fail are told of. */
  readonly errors: ErrorLog;
  readonly clock: Clock;
}

export interface Firehose {
  /** Firehose's operations by name, as `awsJson` serves them. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** Lets go of the journals, without delivering. */
  stop(): Promise<void>;
}

/** Opens Firehose on its state: every stream takes records again, and what was buffered is delivered. */
export function openFirehose({ stateDir, objects, errors, clock }: FirehoseOptions): Firehose {
  const store = new Store<FirehoseState>(stateDir, "firehose", { streams: {} });
  const streams = Object.values(store.state.streams);
  const journals = join(stateDir, "journals");
  removeOrphans(journals, streams);
  const pipelines = new Map<string, StreamPipeline>();
  const open = (stream: (typeof streams)[number]): void => {
    pipelines.set(stream.name, new StreamPipeline(journals, stream, { objects, errors }, clock));
  };
  for (const stream of streams) open(stream);

  const host = {
    opened: open,
    deleted: ({ name }: { name: string }): void => {
      const pipeline = pipelines.get(name);
      pipelines.delete(name);
      pipeline?.delete().catch(console.error);
    },
  };
  const append = async ({ name }: { name: string }, entry: Buffer): Promise<void> => {
    const pipeline = pipelines.get(name);
    if (pipeline === undefined) throw new Error(`delivery stream ${name} has no journal`);
    await pipeline.append(entry);
  };
  return {
    operations: {
      ...controlOperations(store, host, clock.now),
      ...tagOperations(store),
      ...putOperations(store.state, append, clock.now),
    },
    stop: async () => {
      await Promise.all([...pipelines.values()].map((pipeline) => pipeline.stop()));
    },
  };
}
