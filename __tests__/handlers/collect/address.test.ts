import fc from "fast-check";
import { networkOf, withoutAddress } from "../../../handlers/collect/address";

describe("the network of an address", () => {
  it.each([
    ["203.0.113.99", "203.0.113.0/24"],
    [" 203.0.113.99 ", "203.0.113.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:DB8:0001:2::", "2001:db8:1::/48"],
    ["2001:db8::1", "2001:db8::/48"],
    ["2001::5:1:2:3:4:5", "2001:0:5::/48"],
    ["fe80::1%eth0", "fe80::/48"],
    ["::1", "::/48"],
    ["1::", "1::/48"],
    ["::ffff:203.0.113.99", "203.0.113.0/24"],
    ["0.0.0.0", undefined],
    ["203.0.113.99:80", undefined],
    ["203.0.113", undefined],
    ["unknown", undefined],
    ["", undefined],
    [42, undefined],
    [null, undefined],
  ])("of %p is %p", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it("keeps the first 48 bits of any IPv6 address and no more", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const network = networkOf(address);
        if (network?.endsWith("/48")) expect(network.split(":").length).toBeLessThanOrEqual(5);
        else expect(network === undefined || network.endsWith(".0/24")).toBe(true);
      }),
    );
  });
});

describe("fields for addresses", () => {
  it("hold networks, or nothing", () => {
    expect(withoutAddress({ ip: "203.0.113.99", request_ip: { a: 1 }, x: 1 })).toEqual({
      ip: "203.0.113.0/24",
      request_ip: null,
      x: 1,
    });
  });
});
