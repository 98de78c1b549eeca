import { parseTime } from "../event/time";

/** All events of a request were sent and received at once: the last answer is mostly the next. */
let last = { received: "", sent: "", skewMs: 0 };

/** How far the client's clock was behind when it sent, the way included, in milliseconds; 0 where that is not known. */
export function skewOf(received: string, sent: string): number {
  if (received !== last.received || sent !== last.sent) {
    const [at, by] = [parseTime(received), parseTime(sent)];
    last = { received, sent, skewMs: at === undefined || by === undefined ? 0 : at - by };
  }
  return last.skewMs;
}
