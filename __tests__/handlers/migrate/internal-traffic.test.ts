import { rangeOf, rulesOf } from "../../../handlers/migrate/internal-traffic";

describe("an internal network", () => {
  it.each([
    ["203.0.113.0/24", "4203000113", "4203000113"],
    ["203.0.113.77/24", "4203000113", "4203000113"],
    ["10.0.0.0/8", "4010000000", "4010255255"],
    ["192.0.2.0/23", "4192000002", "4192000003"],
    ["0.0.0.0/0", "4000000000", "4255255255"],
    ["2001:db8:1::/48", "620010db80001", "620010db80001"],
    ["2001:db8::/32", "620010db80000", "620010db8ffff"],
    ["fc00::/7", "6fc0000000000", "6fdffffffffff"],
    ["::/0", "6000000000000", "6ffffffffffff"],
  ])("%s is a range of sort keys", (network, lowest, highest) => {
    expect(rangeOf(network)).toEqual({ lowest, highest });
  });

  it.each([
    "203.0.113.7",
    "203.0.113.7/32",
    "203.0.113.0/25",
    "2001:db8::/64",
    "300.0.0.0/8",
    "a/8",
    "10.0.0.0/8/8",
    "10.0.0.0/",
  ])("is not %s", (network) => {
    expect(() => rangeOf(network)).toThrow(`no more of an address is stored; got "${network}"`);
  });
});

describe("rules", () => {
  it("of one kind do not overlap", () => {
    expect(
      rulesOf({
        hosts: ["B.example", "a.example", "b.example"],
        networks: ["10.1.0.0/16", "10.0.0.0/8", "11.0.0.0/8", "10.0.0.0/24", "11.0.0.0/8"],
        users: ["u", "u"],
      }),
    ).toEqual([
      { kind: "host", lowest: "a.example", highest: "a.example" },
      { kind: "host", lowest: "b.example", highest: "b.example" },
      { kind: "network", lowest: "4010000000", highest: "4010255255" },
      { kind: "network", lowest: "4011000000", highest: "4011255255" },
      { kind: "user", lowest: "u", highest: "u" },
    ]);
  });
});
