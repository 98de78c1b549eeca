import type { LakeFile } from "../../handlers/load/queue/notification";
import type { Rows } from "../../handlers/warehouse/rows";

/** What made-up events are written to. */
export interface EventsTarget {
  query(sql: string): Promise<Rows>;
  /** Puts a file of events into the lake. */
  put(key: string, lines: readonly object[]): Promise<LakeFile>;
}

/** Events of an hour of a site with as many visitors as {@link VISITORS_A_BLOCK}, each of whom takes 20 steps. */
export const BLOCK_EVENTS = 20_000;
const VISITORS_A_BLOCK = 1_000;
const BLOCK_HOURS = 3;
const START = "2025-01-01 00:00:00";

/**
 * Fills the table of events with history, and that of sessions with one for each visit, as loads would have.
 * @param blocks how many times {@link BLOCK_EVENTS}: one follows the other, in the order of their times.
 */
export async function history(target: EventsTarget, blocks: number): Promise<void> {
  await target.query("drop table if exists bench_numbers");
  await target.query("create table bench_numbers (n integer)");
  const values = Array.from({ length: VISITORS_A_BLOCK }, (_, n) => `(${n})`);
  await target.query(`insert into bench_numbers values ${values.join(", ")}`);
  for (let from = 0; from < blocks; from += BLOCKS_A_STATEMENT) {
    const until = Math.min(blocks, from + BLOCKS_A_STATEMENT);
    await target.query(eventsSql(from, until));
    await target.query(sessionsSql(from, until));
  }
}

const BLOCKS_A_STATEMENT = 50;

/** The beginning of a block, and the visitor, as a text and a number that stands for what it does. */
const MADE = `
  dateadd(hour, ${BLOCK_HOURS} * blocks.n, cast('${START}' as timestamp)) as begins,
  'v' || cast(blocks.n as varchar(8)) || '-' || cast(visitors.n as varchar(8)) as visitor`;

function eventsSql(from: number, until: number): string {
  return `insert into events (event_id, batch_id, event_type, event_name, event_time, sent_at, received_at, anonymous_id,
      page_url, page_host, page_path, page_title, referrer_host, referrer_medium, user_agent, browser_name, os_name,
      device_class, is_bot, locale, ip_network, geo_country, properties, source, protocol, sdk_name, schema_version)
    select visitor || '-' || cast(step as varchar(2)), 'b-' || visitor, 'page', 'Page', at, at, at, visitor,
      'https://www.example.com' || path, 'www.example.com', path, 'Page of ' || path, 'www.google.com', 'search',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36', 'Chrome', 'macOS', 'desktop', false,
      'en-US', '203.0.113.0/24', 'DE', json_parse('{"plan":"gold","position":' || cast(step as varchar(2)) || '}'),
      'web', 'segment', 'analytics.js', 1
    from (
      select visitor, step, dateadd(second, 30 * step, dateadd(millisecond, 25 * number, begins)) as at,
        case (number + step * step * step) % 11
          when 0 then '/' when 1 then '/products' when 2 then '/products/1' when 3 then '/cart' when 4 then '/checkout'
          else '/articles/' || cast((number + step) % 50 as varchar(2))
        end as path
      from (
        select ${MADE}, steps.n as step, visitors.n as number
        from bench_numbers as blocks
        cross join bench_numbers as steps
        cross join bench_numbers as visitors
        where blocks.n >= ${from} and blocks.n < ${until} and steps.n < 20
      ) as visits
    ) as made
    order by at`;
}

function sessionsSql(from: number, until: number): string {
  return `insert into all_sessions (session_id, visitor_id, traffic, started_at, ended_at, last_event_id, events, views,
      source, landing_host, landing_path, received_at)
    select visitor || '-0', visitor, 'people', begins, dateadd(minute, 10, begins), visitor || '-19', 20, 20, 'web',
      'www.example.com', '/', dateadd(minute, 10, begins)
    from (
      select ${MADE}
      from bench_numbers as blocks
      cross join bench_numbers as visitors
      where blocks.n >= ${from} and blocks.n < ${until}
    ) as visits
    order by begins`;
}

const FILES = 20;

/**
 * Puts files of new events into the lake that follow the history, an hour's worth.
 * @param name tells them apart from other files, and their events from other events.
 */
export async function newFiles(
  target: EventsTarget,
  name: string,
  { events, after }: { readonly events: number; readonly after: number },
): Promise<LakeFile[]> {
  const begins = new Date(`${START}Z`.replace(" ", "T")).getTime() + after * BLOCK_HOURS * 3_600_000;
  const perFile = events / FILES;
  return Promise.all(
    Array.from({ length: FILES }, (_, file) => {
      const lines = Array.from({ length: perFile }, (_, at) => {
        const number = file * perFile + at;
        return eventLine(`${name}-${number}`, number, new Date(begins + (3_600_000 * number) / events));
      });
      return target.put(`events/dt=2025-01-01/hour=00/${name}-${file}.gz`, lines);
    }),
  );
}

/** A line as the transform writes it: of a page view, every fifth of a known user. */
function eventLine(id: string, number: number, time: Date): object {
  const at = time.toISOString();
  const visitor = `${id.split("-")[0]}-${number % 9_973}`;
  const path = `/articles/${number % 50}`;
  return {
    event_id: id,
    batch_id: `b-${visitor}`,
    event_type: "page",
    event_name: "Page",
    event_time: at,
    sent_at: at,
    received_at: at,
    anonymous_id: visitor,
    ...(number % 5 === 0 ? { user_id: `u-${number % 997}` } : {}),
    page_url: `https://www.example.com${path}?utm_source=newsletter`,
    page_host: "www.example.com",
    page_path: path,
    page_query: "utm_source=newsletter",
    page_title: `Article ${number % 50}: what there is to say of it`,
    referrer_url: "https://www.google.com/",
    referrer_host: "www.google.com",
    referrer_medium: "search",
    referrer_source: "Google",
    campaign_source: "newsletter",
    user_agent:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    browser_name: "Chrome",
    browser_version: "120",
    os_name: "macOS",
    os_version: "10.15.7",
    device_class: "desktop",
    is_bot: false,
    locale: "en-US",
    timezone: "Europe/Berlin",
    screen_width: 1920,
    screen_height: 1080,
    ip_network: "203.0.113.0/24",
    geo_country: "DE",
    properties: { position: number, plan: "gold", tags: ["a", "b"] },
    context: { app: { name: "shop", version: "1.2.3" } },
    source: "web",
    protocol: "segment",
    sdk_name: "analytics.js",
    sdk_version: "2.1.0",
    schema_version: 1,
  };
}
