import { type PromotedColumn, promotedColumns } from "../../handlers/event/promoted";
import { type PlanEvent, readPlan, shownProblem } from "../../tracking-plan/build/read";
import { staleFiles } from "./generated";
import { breaksOf, readLock, shownBreak } from "./lock";
import { promotedProblems } from "./promote";

/** How the plan stands. It is in order when all lists but `events` are empty. */
export interface Review {
  readonly events: readonly PlanEvent[];
  /** What is wrong with the plan's files, and with columns that hold what it does not have. */
  readonly problems: readonly string[];
  /** Changes that break what reads or sends events. */
  readonly breaks: readonly string[];
  /** Files that derive from the plan and are not as it would have them. */
  readonly stale: readonly string[];
}

/**
 * Looks the plan over: its files, what changed since it was accepted, and what derives from it.
 * @param retired `type:event` of events that may go. @default none
 * @param promoted columns that hold properties of the plan. @default those there are
 */
export async function reviewPlan(
  root: string,
  retired: readonly string[] = [],
  promoted: Readonly<Record<string, PromotedColumn>> = promotedColumns,
): Promise<Review> {
  const { events, problems } = readPlan(root);
  // What follows from a file that cannot be read is no news.
  if (problems.length > 0) return { events, problems: problems.map(shownProblem), breaks: [], stale: [] };
  return {
    events,
    problems: promotedProblems(events, promoted),
    breaks: breaksOf(readLock(root), events, retired).map(shownBreak),
    stale: await staleFiles(root, events),
  };
}

/** What is to be said of a plan that is not in order; nothing of one that is. */
export function reviewSentences({ problems, breaks, stale }: Review): string[] {
  return [
    ...problems,
    ...breaks,
    ...(breaks.length === 0
      ? []
      : [
          "Such a change breaks what reads or sends these events. Leave the version as it is and write the change as a new one with a higher number.",
        ]),
    ...(stale.length === 0 || problems.length > 0 || breaks.length > 0
      ? []
      : [`Not as the tracking plan has it: ${stale.join(", ")}. Run: npm run schema -- --accept`]),
  ];
}
