import { isObject } from "../../../handlers/event/json";
import { post, receivedAt, stored } from "./requests";
import { clickstreamEvent, contexts, description, segment, snowplowEvent } from "./samples";

/** The leaves of JSON, each with the way to it. */
function leavesOf(json: unknown, path = ""): [path: string, leaf: unknown][] {
  if (Array.isArray(json)) return json.flatMap((member, index) => leavesOf(member, `${path}[${index}]`));
  if (isObject(json))
    return Object.entries(json).flatMap(([name, member]) => leavesOf(member, `${path}.${name}`));
  return [[path, json]];
}

/** Whether something stored says what a leaf said: itself, in its column's type, or as a part of it. */
function says(stored: readonly unknown[], leaf: unknown): boolean {
  const text = String(leaf);
  const size = /^(\d+)x(\d+)$/.exec(text);
  if (size !== null) return says(stored, Number(size[1])) && says(stored, Number(size[2]));
  const time = /^\d{13}$/.test(text) ? new Date(Number(text)).toISOString() : text;
  return stored.some((value) => {
    const own = String(value);
    return (
      own === text || own === time || (typeof value !== "object" && own.startsWith(text) && /^\d/.test(text))
    );
  });
}

describe("nothing is dropped", () => {
  it.each([
    ["Segment", segment],
    ["Snowplow", snowplowEvent],
    ["AWS's Clickstream SDKs", clickstreamEvent],
  ])(
    "of a message of %s: each leaf is in a column, the properties or the context",
    (_, { request, transport }) => {
      const outcome = post(request.body, request);
      const { events, failures } = stored(outcome);
      expect(failures).toEqual([]);
      const [event] = events;
      const [clientTime] = outcome.items.flatMap(({ first_time }) => first_time ?? []);
      const kept = [...leavesOf(event).map(([, leaf]) => leaf), clientTime, ...urlParts(event?.page_url)];
      const body = JSON.parse(request.body);
      const [message] = body.batch ?? body.data ?? body;
      const sent = [
        ...leavesOf(message),
        ...(message.co === undefined ? [] : leavesOf(contexts.data, "co")),
        ...(message.ue_pr === undefined ? [] : leavesOf(description.data, "ue_pr")),
      ];
      expect(sent.length).toBeGreaterThan(35);
      const lost = sent.filter(
        ([path, leaf]) =>
          !says(kept, leaf) && !transport.includes(String(leaf)) && !path.startsWith(".integrations"),
      );
      expect(lost).toEqual([]);
      expect(event?.received_at).toBe(receivedAt.toISOString());
    },
  );
});

function urlParts(text: string | undefined): string[] {
  if (text === undefined || !URL.canParse(text)) return [];
  const { pathname, search } = new URL(text);
  return [pathname, search];
}
