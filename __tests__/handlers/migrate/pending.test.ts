import { pendingOf } from "../../../handlers/migrate/pending";
import { filesOf, migration, model } from "./fake-warehouse";

const files = filesOf([migration(1), migration(2)], [model("base", "x"), model("top", "y", ["base"])]);
const applied = (version: number | undefined, name: string, checksum: string, unfinished = false) => ({
  version,
  name,
  checksum,
  unfinished,
});
const all = [
  applied(1, "V001__make.sql", "c1"),
  applied(2, "V002__make.sql", "c2"),
  applied(undefined, "R__base.sql", "x"),
  applied(undefined, "R__top.sql", "y"),
];

describe("what is pending", () => {
  it("is nothing when the ledger has everything", () => {
    expect(pendingOf(files, all)).toEqual({ migrations: [], models: [], problems: [] });
  });

  it("is a statement that was begun and not seen to end", () => {
    const begun = [...all.slice(0, 1), applied(2, "V002__make.sql", "c2", true), ...all.slice(2)];
    expect(pendingOf(files, begun).migrations.map(({ name }) => name)).toEqual(["V002__make.sql"]);
  });

  it("says nothing of a model that is gone", () => {
    expect(pendingOf(filesOf([]), [applied(undefined, "R__old.sql", "x")]).problems).toEqual([]);
  });
});

describe("the past", () => {
  it.each([
    [
      "edited",
      [applied(1, "V001__make.sql", "other")],
      "V001__make.sql was changed after it was applied: undo that",
    ],
    [
      "renamed",
      [applied(1, "V001__build.sql", "c1")],
      "V001__make.sql was changed after it was applied as V001__build.sql",
    ],
    ["removed", [applied(3, "V003__gone.sql", "c3")], "V003__gone.sql was applied and is missing now"],
    [
      "written later",
      [applied(2, "V002__make.sql", "c2")],
      "V001__make.sql comes before one that was applied already",
    ],
  ])("may not be %s", (_, ledger, message) => {
    expect(pendingOf(files, ledger).problems).toContainEqual(expect.stringContaining(message));
  });
});
