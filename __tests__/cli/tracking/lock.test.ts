import { breaksOf, lockOf, shownBreak } from "../../../cli/tracking/lock";
import { readSoundPlan } from "../../../tracking-plan/build/read";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const number = propertiesOf({ price: { type: "number" } });
const integer = propertiesOf({ price: { type: "integer" } });
const planOf = (files: Readonly<Record<string, object>>) => readSoundPlan(planFolder(files));
const bought = (versions: object) => planOf({ "b.json": eventFile("Bought", versions) });
const accepted = lockOf(bought({ 1: number, 2: number }));
const breaks = (versions: object) => breaksOf(accepted, bought(versions)).map(shownBreak);

describe("a change of the plan", () => {
  it("that breaks is told with event, version, place and reason", () => {
    expect(breaks({ 1: number, 2: integer })).toEqual([
      "track:Bought, version 2, /properties/properties/price/type: the type is narrowed from number to integer",
    ]);
  });

  it("may be anything in a new version", () => {
    expect(breaks({ 1: number, 2: number, 3: integer })).toEqual([]);
    expect(breaks({ 3: integer })).toEqual([]);
  });

  it("may not take the newest version away", () => {
    expect(breaks({ 1: number })).toEqual([
      "track:Bought, version 2: the version is removed, and there is no higher one",
    ]);
  });

  it("may not take an event away, unless it is said to retire", () => {
    const others = planOf({ "o.json": eventFile("Other", { 1: {} }) });
    expect(breaksOf(accepted, others).map(shownBreak)).toEqual([
      'track:Bought: the event is removed; if it is to be: --accept --retire "track:Bought"',
    ]);
    expect(breaksOf(accepted, others, ["track:Bought"])).toEqual([]);
  });

  it("may add events, and change what is no schema", () => {
    const events = planOf({
      "a.json": eventFile("Added", { 1: {} }),
      "b.json": eventFile("Bought", { 1: number, 2: number }, { mode: "reject", owner: "others" }),
    });
    expect(breaksOf(accepted, events)).toEqual([]);
  });

  it("takes properties of an event that could have any for narrowed", () => {
    const open = lockOf(bought({ 1: {} }));
    expect(breaksOf(open, bought({ 1: number })).map(({ path }) => path)).toEqual(["/properties/type"]);
    expect(breaksOf(lockOf(bought({ 1: number })), bought({ 1: {} })).map(shownBreak)).toEqual([
      "track:Bought, version 1, /properties/properties/price: the property is removed",
    ]);
  });
});
