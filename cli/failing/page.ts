import { format, table } from "../terminal";
import type { ReasonCount, Rejection } from "./rejections";

/** Bytes of a payload that one line of samples shows. */
const SHOWN_CHARACTERS = 60;

/** Counts and samples of rejected events, for a person. */
export function rejectionsPage(counts: readonly ReasonCount[], samples: readonly Rejection[]): string {
  if (counts.length === 0) return "No event was rejected.";
  const total = counts.reduce((sum, { events }) => sum + events, 0);
  const lines = [
    table(
      ["stage", "reason", "source", "events", "replayed", "first (UTC)", "last (UTC)"],
      counts.map(({ stage, reason, source, events, replayed, first_received_at, last_received_at }) => [
        stage,
        reason,
        source,
        events,
        replayed,
        first_received_at,
        last_received_at,
      ]),
    ),
    "",
  ];
  if (samples.length > 0)
    lines.push(
      table(
        ["id", "received (UTC)", "source", "stage", "reason", "message", "begins with"],
        samples.map((sample) => [
          sample.failed_id,
          sample.received_at,
          sample.source,
          sample.stage,
          sample.reason,
          sample.message,
          firstOf(sample),
        ]),
      ),
      "",
    );
  lines.push(
    `${format(total)} rejected ${total === 1 ? "event" : "events"}.`,
    "One of them whole: npm run failed -- --id ID. Their cause mended: npm run replay -- --failed --reason REASON",
  );
  return lines.join("\n");
}

/** One rejected event with all that was sent, for a person. */
export function rejectionPage({ payload, ...about }: Rejection): string {
  const names = Object.entries(about).map(([name, value]) => `${name.padEnd(17)} ${String(value)}`);
  return [...names, "", payload].join("\n");
}

/** The beginning of what was sent; what is no text byte by byte. */
function firstOf({ payload, payload_encoding }: Rejection): string {
  const text =
    payload_encoding === "base64"
      ? Buffer.from(payload, "base64")
          .toString("latin1")
          .replaceAll(/[^ -~]/g, ".")
      : payload;
  return text.slice(0, SHOWN_CHARACTERS);
}
