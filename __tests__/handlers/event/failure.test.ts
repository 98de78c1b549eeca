import { failedColumns } from "../../../handlers/event/columns";
import { fitFailure, type Rejection, storedFailure } from "../../../handlers/event/failure";

const rejection: Rejection = {
  source: "web",
  stage: "collect",
  reason: "missing_identity",
  payload: '{"event":"x"}',
  identity: "id",
};
const shared = { batch_id: "b", received_at: "2026-11-01T10:00:00.000Z", source: "web", protocol: "segment" };

describe("a rejection", () => {
  it("says why, and holds what was sent", () => {
    expect(storedFailure({ ...rejection, detail: "userId or anonymousId is required" })).toEqual({
      failed_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      stage: "collect",
      reason: "missing_identity",
      message: "The event does not say whom it is about: userId or anonymousId is required",
      payload: '{"event":"x"}',
      payload_encoding: "text",
    });
  });

  it("is known by its source and identity alone", () => {
    const { failed_id } = storedFailure(rejection);
    expect(storedFailure({ ...rejection, payload: "other" }).failed_id).toBe(failed_id);
    expect(storedFailure({ ...rejection, identity: "other" }).failed_id).not.toBe(failed_id);
    expect(storedFailure({ ...rejection, source: "other" }).failed_id).not.toBe(failed_id);
  });

  it.each([
    ["bytes", Buffer.from([0xff, 0x00])],
    ["text with a NUL", "a\0b"],
  ])("holds %s in base64", (_, payload) => {
    const failure = storedFailure({ ...rejection, payload });
    expect(failure.payload_encoding).toBe("base64");
    expect(Buffer.from(failure.payload, "base64")).toEqual(Buffer.from(payload as string));
  });

  it("keeps whole in the table what the warehouse's column has to cut, and says so", () => {
    const payload = "é".repeat(40_000);
    const stored = storedFailure({ ...rejection, payload });
    expect(stored.payload).toBe(payload);
    const fitted = fitFailure({ ...stored, ...shared });
    expect(Buffer.byteLength(fitted.payload)).toBe(65_534);
    expect(fitted.message).toMatch(/\(the first 65534 of 80000 bytes are here\)$/);
  });

  it("cuts base64 after whole bytes", () => {
    const bytes = Buffer.alloc(100_000, 0xfe);
    const fitted = fitFailure({ ...storedFailure({ ...rejection, payload: bytes }), ...shared });
    const { length } = Buffer.from(fitted.payload, "base64");
    expect(Buffer.from(fitted.payload, "base64")).toEqual(bytes.subarray(0, length));
    expect(fitted.payload.length % 4).toBe(0);
  });

  it("fits its message, however long the reason", () => {
    const { message } = storedFailure({
      ...rejection,
      detail: "ü".repeat(5_000),
      payload: "x".repeat(300_000),
    });
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(failedColumns.message.type.bytes);
    expect(message).toMatch(/bytes are here\)$/);
  });
});
