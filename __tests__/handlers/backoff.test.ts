import { GaveUp, sendAll } from "../../handlers/backoff";
import { patience, serviceError } from "./patience";

describe("sending until all is sent", () => {
  it("sends again only what was left, waiting longer each time", async () => {
    const sent: (readonly number[])[] = [];
    const given = patience(60_000);
    await sendAll(
      "items",
      [1, 2, 3, 4],
      async (items) => {
        sent.push(items);
        return items.slice(1);
      },
      given,
    );
    expect(sent).toEqual([[1, 2, 3, 4], [2, 3, 4], [3, 4], [4]]);
    expect(given.slept).toEqual([50, 100, 200]);
  });

  it("sends nothing where there is nothing to send", async () => {
    const send = jest.fn();
    await sendAll("items", [], send, patience(1_000));
    expect(send).not.toHaveBeenCalled();
  });

  it.each([
    ["a throttle", serviceError("ProvisionedThroughputExceededException", 400)],
    ["the service's fault", serviceError("InternalServerError", 500)],
    ["a broken connection", Object.assign(new Error("reset"), { code: "ECONNRESET" })],
  ])("tries again after %s", async (_, error) => {
    const send = jest.fn().mockRejectedValueOnce(error).mockResolvedValueOnce([]);
    await sendAll("items", [1], send, patience(1_000));
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("does not try again what will never be taken", async () => {
    const error = serviceError("ValidationException", 400);
    const send = jest.fn().mockRejectedValue(error);
    await expect(sendAll("items", [1], send, patience(1_000))).rejects.toBe(error);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("gives up when the time is used up, and says what was left and why", async () => {
    const cause = serviceError("ThrottlingException", 400);
    const given = patience(1_000);
    const failure = await sendAll("items", [1, 2], () => Promise.reject(cause), given).catch(
      (error) => error,
    );
    expect(failure).toBeInstanceOf(GaveUp);
    expect(failure).toMatchObject({ message: "2 items left unsent after 5 attempts", cause });
    expect(given.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(1_000);
  });
});
