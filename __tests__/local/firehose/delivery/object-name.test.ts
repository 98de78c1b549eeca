import { evaluatePrefix, objectName } from "../../../../local/firehose/delivery/object-name";

const ARRIVAL = Date.UTC(2018, 7, 27, 10, 30, 59);
const PARTS = { arrivalMs: ARRIVAL, timeZone: "UTC", randomString: () => "5abf82daaa5" };

test.each([
  ["", "2018/08/27/10/"],
  ["myFirehosePrefix", "myFirehosePrefix2018/08/27/10/"],
  ["myFirehosePrefix/", "myFirehosePrefix/2018/08/27/10/"],
  ["rand=!{firehose:random-string}/", "rand=5abf82daaa5/2018/08/27/10/"],
  ["events/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/", "events/dt=2018-08-27/hour=10/"],
  [
    "myFirehose/DeliveredYear=!{timestamp:yyyy}/anyMonth/rand=!{firehose:random-string}",
    "myFirehose/DeliveredYear=2018/anyMonth/rand=5abf82daaa5",
  ],
  ["!{timestamp:'year='yyyy'/month='MM}/", "year=2018/month=08/"],
])("evaluates the prefix %j to %s", (prefix, expected) => {
  expect(evaluatePrefix(prefix, PARTS)).toBe(expected);
});

test.each([
  ["myFirehoseFailures/!{firehose:error-output-type}/", "myFirehoseFailures/processing-failed/"],
  [
    "e/!{timestamp:'year='yyyy'/month='MM'/day='dd'/hour='HH}/!{firehose:error-output-type}",
    "e/year=2018/month=08/day=27/hour=10/processing-failed",
  ],
])("evaluates the error output prefix %j to %s", (prefix, expected) => {
  expect(evaluatePrefix(prefix, PARTS, "processing-failed")).toBe(expected);
});

test("draws a new random string for each expression", () => {
  let drawn = 0;
  const randomString = (): string => `r${++drawn}`;
  const prefix = "!{firehose:random-string}/!{firehose:random-string}/!{timestamp:yyyy}/";
  expect(evaluatePrefix(prefix, { ...PARTS, randomString })).toBe("r1/r2/2018/");
});

test.each([
  "!{firehose:error-output-type}/",
  "!{partitionKeyFromQuery:x}/",
  "!{unknown:x}",
  "a!{b",
  "!{timestamp:n}",
])("refuses the prefix %s", (prefix) => {
  expect(() => evaluatePrefix(prefix, PARTS)).toThrow(RangeError);
});

test("names an object by stream, version, arrival and a UUID, in the destination's time zone", () => {
  const parts = { ...PARTS, streamName: "events", streamVersion: 3, uuid: "uuid", extension: ".gz" };
  expect(objectName({ ...parts, prefix: "" })).toBe("2018/08/27/10/events-3-2018-08-27-10-30-59-uuid.gz");
  expect(objectName({ ...parts, prefix: "dt=!{timestamp:yyyy-MM-dd}/", timeZone: "Asia/Tokyo" })).toBe(
    "dt=2018-08-27/events-3-2018-08-27-19-30-59-uuid.gz",
  );
});
