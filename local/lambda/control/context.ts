import type { Sources } from "../aws/sources";
import type { CodeStore } from "../execution/code";
import type { LocalInvoker } from "../execution/invoker";
import type { AsyncQueue } from "../invocation/queue";
import type { Pollers } from "../polling/pollers";
import type { Configuration, LambdaStore } from "../state";
import type { UrlServers } from "../urls/servers";

/** What the API's operations act on. */
export interface Context {
  readonly store: LambdaStore;
  readonly code: CodeStore;
  readonly invoker: LocalInvoker;
  readonly queue: AsyncQueue;
  readonly urls: UrlServers;
  readonly pollers: Pollers;
  readonly sources: Sources;
  /**
   * Refuses a role that is not there or does not trust Lambda.
   * @throws InvalidParameterValueException
   */
  readonly checkRole: (configuration: Configuration) => Promise<void>;
  /** Reads a package from S3. */
  readonly readObject: (bucket: string, key: string, version?: string) => Promise<Buffer>;
  /** Where a package can be downloaded from. */
  readonly codeLocation: (sha256: string) => string;
}
