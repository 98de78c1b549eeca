import type { CanonicalEvent } from "../event/event";
import { parseTime } from "../event/time";
import { FittedAdditions, NOTHING } from "./additions";
import { skewOf } from "./skew";

/** An event cannot happen after it was received; clocks and roundings may differ by this much. */
const TOLERANCE_MS = 60_000;

/** Clocks without a battery wake up in 1970 or 1980, and nobody tracked anything before. */
const EARLIEST = "1995-01-01T00:00:00.000Z";

/** A client's clock that is off by more is no clock: what it says of the past is corrected by a guess. */
const LARGEST_SKEW_MS = 24 * 3_600_000;

const FUTURE = FittedAdditions.fit({ time_problem: "future" });
const PAST = FittedAdditions.fit({ time_problem: "past" });
const CLOCK = FittedAdditions.fit({ time_problem: "clock" });

/** What is wrong with an event's time. The time itself stays as it is. */
export function addTimeProblem({ event_time, received_at, sent_at }: CanonicalEvent): FittedAdditions {
  // Times in one form stand in the order of their text; only what comes after needs a clock.
  if (event_time > received_at && (parseTime(event_time) ?? 0) > (parseTime(received_at) ?? 0) + TOLERANCE_MS)
    return FUTURE;
  if (event_time < EARLIEST) return PAST;
  return sent_at !== undefined && Math.abs(skewOf(received_at, sent_at)) > LARGEST_SKEW_MS ? CLOCK : NOTHING;
}
