import { main } from "../../../cli/main";

/** Options are looked at before any cloud is. */
describe("npm run failed", () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    jest.spyOn(console, "error").mockImplementation((text) => void said.push(String(text)));
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    [["--retry"], "--retry goes with --files"],
    [["events/a.gz"], "Keys go with --retry"],
    [["--files", "events/a.gz"], "Keys go with --retry"],
    [["--files", "--reason", "x"], "--reason is about rejected events"],
    [["--files", "--id", "x"], "--id is about rejected events"],
    [["--id", "x", "--limit", "3"], "--id names one event"],
    [["--id", ""], "--id must name"],
    [["--limit", "many"], "--limit must be a whole number from 0 to 1000"],
    [["--limit", "1001"], "--limit must be a whole number from 0 to 1000"],
    [["--since", "soon"], "--since must be a time such as"],
    [["--reason", ""], "--reason must not be empty"],
  ])("refuses %j", async (args, message) => {
    expect(await main(["failed", ...args])).toBe(1);
    expect(said.join("\n")).toContain(message);
  });
});
