import { migrateHandler } from "../../../handlers/migrate/handler";

const did = { applied: ["V001__make.sql"], models: [], settings: "unchanged", users: [] } as const;
const configuration = { users: { r: "reader" }, sessionMinutes: 30, timeZone: "UTC", internalTraffic: {} };

function calls() {
  const ledger = [{ version: 1, name: "V001__make.sql", checksum: "c", unfinished: false }];
  return { migrate: jest.fn(async () => did), ledger: jest.fn(async () => ledger) };
}

describe("Terraform's invocation", () => {
  it.each(["create", "update"] as const)("migrates at %s", async (action) => {
    const made = calls();
    expect(await migrateHandler(made)({ tf: { action }, configuration })).toEqual(did);
    expect(made.migrate).toHaveBeenCalledWith(configuration);
  });

  it("drops nothing at delete", async () => {
    const made = calls();
    await migrateHandler(made)({ tf: { action: "delete" }, configuration });
    expect(made.migrate).not.toHaveBeenCalled();
  });

  it.each([
    ["no object", "users"],
    ["a role that is none", { ...configuration, users: { r: "owner" } }],
    ["no time zone", { ...configuration, timeZone: undefined }],
  ])("is refused with %s for its configuration", async (_, given) => {
    const made = calls();
    await expect(migrateHandler(made)({ configuration: given })).rejects.toThrow(
      "configuration must hold users",
    );
    expect(made.migrate).not.toHaveBeenCalled();
  });
});

describe("an operator's invocation", () => {
  it("for the ledger changes nothing", async () => {
    const made = calls();
    expect(await migrateHandler(made)({ ledger: true })).toEqual({ ledger: await made.ledger() });
    expect(made.migrate).not.toHaveBeenCalled();
  });

  it("without a configuration applies files alone", async () => {
    const made = calls();
    await migrateHandler(made)({});
    expect(made.migrate).toHaveBeenCalledWith(undefined);
  });
});
