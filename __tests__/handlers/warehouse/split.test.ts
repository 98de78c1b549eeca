import { literal, splitStatements } from "../../../handlers/warehouse/split";

describe("a file of SQL", () => {
  it.each([
    ["two statements", "select 1; select 2", ["select 1", "select 2"]],
    ["an end without a semicolon, and one with", "select 1;\n", ["select 1"]],
    ["a semicolon in a string", "select ';', 'it''s;';", ["select ';', 'it''s;'"]],
    ["a semicolon in a name", 'select "a;b"', ['select "a;b"']],
    [
      "a semicolon in a comment",
      "select 1 -- one;\n+ 2; /* three; */ select 4",
      ["select 1 -- one;\n+ 2", "/* three; */ select 4"],
    ],
    [
      "a semicolon in dollar quotes",
      "select $$;$$; select $x$ ; $$ ; $x$",
      ["select $$;$$", "select $x$ ; $$ ; $x$"],
    ],
    ["nothing but comments", "-- nothing\n/* here */;", []],
    ["a minus and a slash", "select 4 / 2 - 1;", ["select 4 / 2 - 1"]],
  ])("is split at %s", (_, sql, statements) => {
    expect(splitStatements(sql)).toEqual(statements);
  });
});

describe("a literal", () => {
  it("holds quotes and backslashes as they are", () => {
    expect(literal("it's a \\")).toBe("'it''s a \\\\'");
  });
});
