import type { Target } from "../../../cli/environment";
import { type Asked, observe } from "../../../cli/tracking/observed";
import { DATABASE, LocalRedshift } from "../../local/redshift/support";

const redshift = new LocalRedshift();
const target = { name: "local", outputs: { workgroupName: "clickstream", databaseName: DATABASE } } as Target;

beforeAll(async () => {
  await redshift.start();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: redshift.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
  await redshift.deploy();
  await redshift.rows(
    "create table events (event_type varchar(16), event_name varchar(256), received_at timestamp, source varchar(64), properties super)",
  );
  const rows = [
    "'track', 'It''s', '2026-11-01 10:00:00', 'web', json_parse('{\"a\":1}')",
    "'track', 'It''s', '2026-11-02 10:00:00', 'web', json_parse('{\"a\":2}')",
    "'track', 'It''s', '2026-11-03 10:00:00', 'server', cast(null as super)",
    "'track', 'Other', '2026-11-03 10:00:00', 'web', json_parse('{\"b\":[true]}')",
    `'track', 'Large', '2026-11-03 10:00:00', 'web', json_parse('{"c":"${"x".repeat(61_000)}"}')`,
    "'identify', cast(null as varchar(256)), '2026-11-03 10:00:00', 'web', json_parse('{\"plan\":\"gold\"}')",
  ];
  for (const row of rows) await redshift.rows(`insert into events select ${row}`);
});
afterAll(() => redshift.stop());

const asked: Asked = {
  type: "track",
  events: [],
  except: [],
  since: "2026-11-01T00:00:00.000Z",
  sample: 100,
};
const seen = async (more: Partial<Asked>) =>
  (await observe(target, { ...asked, ...more })).map(({ event, properties }) => [event, properties]);

describe("what the warehouse has of events", () => {
  it("is told by name, the most frequent first, the latest first", async () => {
    expect(await observe(target, asked)).toEqual([
      {
        type: "track",
        event: "It's",
        properties: [{}, { a: 2 }, { a: 1 }],
        from: expect.stringContaining("2026-11-01 10:00:00"),
        until: expect.stringContaining("2026-11-03 10:00:00"),
      },
      expect.objectContaining({ event: "Other", properties: [{ b: [true] }] }),
    ]);
  });

  it("is looked at as far as it is asked for", async () => {
    expect(await seen({ events: ["Other", "None"] })).toEqual([["Other", [{ b: [true] }]]]);
    expect(await seen({ except: ["It's"] })).toEqual([["Other", [{ b: [true] }]]]);
    expect(await seen({ since: "2026-11-02T00:00:00.000Z", source: "web", events: ["It's"] })).toEqual([
      ["It's", [{ a: 2 }]],
    ]);
    expect(await seen({ sample: 1, events: ["It's"] })).toEqual([["It's", [{}]]]);
    expect(await seen({ type: "identify" })).toEqual([["", [{ plan: "gold" }]]]);
  });
});
