const formatters = new Map<string, Intl.DateTimeFormat>();

/** Writes a moment's date and time of day in a time zone (IANA), to the second; kept, because making one is slow. */
export function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      ...({ year: "numeric", month: "numeric", day: "numeric" } as const),
      ...({ hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const),
      timeZone: zone,
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}
