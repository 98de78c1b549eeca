import { filesOf } from "../../../../handlers/load/queue/notification";

const message = (body: unknown) => ({
  receiptHandle: "r",
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const created = (key: string, eventName = "ObjectCreated:Put") => ({
  eventName,
  s3: { object: { key, size: 7, eTag: "e" } },
});

describe("a notification of the lake", () => {
  it("tells of files, with their keys decoded", () => {
    expect(
      filesOf(
        message({
          Records: [
            created("events/dt%3D2026-11-23/hour%3D09/a+b.gz"),
            created("failed/x.gz", "ObjectCreated:CompleteMultipartUpload"),
          ],
        }),
      ),
    ).toEqual([
      { key: "events/dt=2026-11-23/hour=09/a b.gz", stream: "events", etag: "e", sizeBytes: 7 },
      { key: "failed/x.gz", stream: "failed", etag: "e", sizeBytes: 7 },
    ]);
  });

  it.each([
    ["S3's test message", { Service: "Amazon S3", Event: "s3:TestEvent" }],
    ["an object that is not loaded", { Records: [created("raw/x.gz"), created("manifests/1/events.json")] }],
    ["a removal", { Records: [created("events/x.gz", "ObjectRemoved:Delete")] }],
  ])("tells of none for %s", (_, body) => {
    expect(filesOf(message(body))).toEqual([]);
  });

  it.each([
    ["no JSON", "hello"],
    ["another JSON", { hello: 1 }],
  ])("is not what %s is", (_, body) => {
    expect(filesOf(message(body))).toBeUndefined();
  });
});
