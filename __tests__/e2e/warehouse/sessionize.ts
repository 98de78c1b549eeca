/** An event, as far as sessions are concerned. Minutes are counted from some beginning. */
export interface Activity {
  readonly event_id: string;
  readonly anonymous_id: string | undefined;
  readonly user_id: string | undefined;
  readonly event_type: string;
  readonly is_bot: boolean | undefined;
  readonly minute: number;
  readonly receivedMinute: number;
  readonly page_path: string | undefined;
  readonly browser_name: string;
}

/**
 * Sessions of events, computed by walking along each visitor's events in order: a second opinion on the SQL.
 * @param at writes a minute as the warehouse writes times.
 */
export function sessionize(
  events: readonly Activity[],
  pauseMinutes: number,
  at: (minute: number) => string,
): unknown[][] {
  const visitors = new Map<string, Activity[]>();
  for (const event of events) {
    if (!["track", "page", "screen"].includes(event.event_type)) continue;
    const key = `${event.anonymous_id ?? event.user_id}\n${event.is_bot === true ? "bot" : "people"}`;
    visitors.set(key, [...(visitors.get(key) ?? []), event]);
  }
  return [...visitors]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([key, own]) => {
      own.sort((one, other) => one.minute - other.minute || (one.event_id < other.event_id ? -1 : 1));
      const sessions: Activity[][] = [];
      for (const event of own) {
        const current = sessions.at(-1);
        const before = current?.at(-1);
        if (current !== undefined && before !== undefined && event.minute - before.minute <= pauseMinutes)
          current.push(event);
        else sessions.push([event]);
      }
      return sessions.map((session) => rowOf(key.split("\n"), session, at));
    });
}

function rowOf(
  key: readonly string[],
  session: readonly Activity[],
  at: (minute: number) => string,
): unknown[] {
  const first = session[0] as Activity;
  const last = session.at(-1) as Activity;
  const known = session.filter(({ user_id }) => user_id !== undefined);
  const latest = Math.max(...known.map(({ minute }) => minute));
  const users = known.filter(({ minute }) => minute === latest).map(({ user_id }) => String(user_id));
  const time = (minute: number) =>
    at(minute).replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
  return [
    ...key,
    first.event_id,
    time(first.minute),
    time(last.minute),
    last.event_id,
    session.length,
    session.filter(({ event_type }) => event_type !== "track").length,
    users.sort().at(-1) ?? null,
    first.page_path ?? null,
    last.page_path ?? null,
    first.browser_name,
  ];
}
