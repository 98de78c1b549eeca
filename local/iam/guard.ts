import { Agent } from "node:http";
import { join } from "node:path";
import type { Guard } from "../gateway/gateway";
import { Authorizer } from "./authorizer";
import { Decisions } from "./decision/decisions";
import { ministackEvaluator } from "./decision/evaluator";
import { type Denial, Denials, denialLine } from "./refusal/denials";
import { UsageRecord } from "./usage/usage";
import type { Origins } from "./world/calls";
import { Remembered } from "./world/remembered";
import { LiveWorld } from "./world/world";

/** How often MiniStack is asked for the policies' version, ms: changes past the gateway are seen by then. */
const LOOK_MS = 1_000;

/** The file in the gateway's folder that holds which role used which permission. */
export const USAGE_FILE = "usage.ndjson";

/** Operations of the Data API that make a statement, which its caller owns from then on. */
const MAKE_STATEMENTS: ReadonlySet<string> = new Set(["BatchExecuteStatement", "ExecuteStatement"]);

/**
 * IAM at the gateway.
 * @param origins where services listen
 * @param stateDir the gateway's own folder
 * @param tell is told of every denial, beside the log
 */
export function openGuard(
  origins: Origins,
  stateDir: string,
  tell: (denial: Denial) => void,
): Guard & { close(): void } {
  const agent = new Agent({ keepAlive: true });
  const evaluator = ministackEvaluator(origins["*"], agent);
  const decisions = new Decisions(evaluator);
  const owners = new Remembered(join(stateDir, "statement-owners"));
  const sessions = new Remembered(join(stateDir, "session-workgroups"));
  const world = new LiveWorld(origins, agent, owners, sessions);
  const usage = new UsageRecord(join(stateDir, USAGE_FILE));
  const denials = new Denials((denial) => {
    console.error(denialLine(denial));
    tell(denial);
  });
  const authorizer = new Authorizer({ decisions, evaluator, world, usage, denials });
  let seen = "";
  const sawPolicies = (version: string): void => {
    decisions.see(version);
    if (version !== seen) world.forget();
    seen = version;
  };
  const look = setInterval(() => {
    evaluator.version().then(sawPolicies, () => undefined); // MiniStack is starting again: it is asked again
  }, LOOK_MS);
  return {
    quick: (message) => authorizer.quick(message),
    judge: (message, read) => authorizer.judge(message, read),
    passage: ({ principal, userId, operation, body }, service) => ({
      ...{ principal, sawPolicies },
      ...(body === undefined ? {} : { body }),
      ...(service === "redshift-data" && operation !== undefined && MAKE_STATEMENTS.has(operation)
        ? { answered: (answer: Buffer) => note({ owners, sessions }, answer, userId) }
        : {}),
    }),
    close: () => {
      clearInterval(look);
      agent.destroy();
    },
  };
}

/** Notes whose the statement and the session are that was answered with, and in which workgroup its session is. */
function note(
  known: Readonly<Record<"owners" | "sessions", Remembered>>,
  answer: Buffer,
  userId: string,
): void {
  const { Id, SessionId, WorkgroupName } = JSON.parse(answer.toString("utf8")) as {
    readonly [member in "Id" | "SessionId" | "WorkgroupName"]?: string;
  };
  for (const id of [Id, SessionId]) if (id !== undefined) known.owners.add(id, userId);
  if (SessionId !== undefined && WorkgroupName !== undefined) known.sessions.add(SessionId, WorkgroupName);
}
