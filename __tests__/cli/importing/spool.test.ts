import { SentSpool } from "../../../cli/importing/spool";

describe("the batches that somebody waits for", () => {
  it("have their identities still, whatever is in them", () => {
    const spool = new SentSpool();
    const receipt = { accepted: 2, failed: 0, duplicate: 0, batches: ["b"] };
    const lists = [["a", "it's odd"], [], ["ü😀"], Array.from({ length: 200 }, (_, at) => `id-${at}`)];
    for (const messageIds of lists) spool.add({ receipt, messageIds });
    expect(spool.sent.map(({ messageIds }) => messageIds).reverse()).toEqual(lists.reverse());
    expect(spool.sent[0]?.receipt).toBe(receipt);
    spool.close();
  });
});
