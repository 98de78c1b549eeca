import type { BatchWriteItemCommand, WriteRequest } from "@aws-sdk/client-dynamodb";
import { tableStore } from "../../../handlers/collect/store";
import type { StoredItem } from "../../../handlers/event/stored/item";
import { patience, serviceError } from "../patience";

function item(index: number, over: Partial<StoredItem> = {}): StoredItem {
  return {
    pk: `visitor-${index}`,
    sk: `2026-11-01T10:00:00.000Z#${index}`,
    kind: "events",
    source: "web",
    protocol: "segment",
    received_at: "2026-11-01T10:00:10.000Z",
    schema_version: 1,
    count: 1,
    codec: 0,
    body: "{}",
    expires_at: 1,
    ...over,
  };
}

/** A table that leaves of each call what `leave` says. */
function table(leave: (puts: readonly WriteRequest[], call: number) => readonly WriteRequest[] = () => []) {
  const calls: WriteRequest[][] = [];
  const send = async (command: BatchWriteItemCommand) => {
    const puts = command.input.RequestItems?.events ?? [];
    calls.push(puts);
    const left = leave(puts, calls.length);
    return { UnprocessedItems: left.length === 0 ? {} : { events: left } };
  };
  return { calls, store: tableStore({ send } as never, "events") };
}

const keysOf = (puts: readonly WriteRequest[]) => puts.map(({ PutRequest }) => PutRequest?.Item?.pk?.S);

describe("the table's store", () => {
  it("writes 25 items a call", async () => {
    const { calls, store } = table();
    await store(
      Array.from({ length: 60 }, (_, index) => item(index)),
      patience(1_000),
    );
    expect(calls.map(({ length }) => length)).toEqual([25, 25, 10]);
    expect(new Set(calls.flatMap(keysOf)).size).toBe(60);
  });

  it("calls nobody when there is nothing to write", async () => {
    const { calls, store } = table();
    await store([], patience(1_000));
    expect(calls).toEqual([]);
  });

  it("writes the items that were left again, and is done when none is", async () => {
    const { calls, store } = table((puts, call) => (call === 1 ? puts.slice(1) : []));
    await store([item(1), item(2), item(3)], patience(1_000));
    expect(calls.map(keysOf)).toEqual([
      ["visitor-1", "visitor-2", "visitor-3"],
      ["visitor-2", "visitor-3"],
    ]);
  });

  it("throws when the table takes some items never", async () => {
    const { store } = table((puts) => puts.slice(-1));
    await expect(store([item(1), item(2)], patience(1_000))).rejects.toThrow("1 items left unsent");
  });

  it("throws when any of several calls fails", async () => {
    const { store } = table((puts) => {
      if (keysOf(puts).includes("visitor-30")) throw serviceError("AccessDeniedException", 400);
      return [];
    });
    const items = Array.from({ length: 60 }, (_, index) => item(index));
    await expect(store(items, patience(1_000))).rejects.toThrow("AccessDeniedException");
  });

  it("merges items with one key, which a call would be refused for", async () => {
    const { calls, store } = table();
    await store([item(1), item(2), item(1, { received_at: "2026-11-01T10:00:11.000Z" })], patience(1_000));
    expect(calls.map(keysOf)).toEqual([["visitor-1", "visitor-2"]]);
  });
});
