import { visit } from "../../../local/traffic/visit";

describe("a made-up visit", () => {
  it("is of one visitor, says that it is made up, and begins where it lands", () => {
    const messages = visit(() => 0.1, new Date("2026-11-23T09:00:00Z"));
    expect(messages.length).toBeGreaterThan(0);
    expect(new Set(messages.map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(messages.length);
    expect(messages[0]).toMatchObject({ type: "page", originalTimestamp: "2026-11-23T09:00:00.000Z" });
    for (const message of messages)
      expect(message.properties ?? message.traits).toMatchObject({ made_up: true });
  });
});
