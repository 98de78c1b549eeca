import type { Plan } from "../../../handlers/plan/plan";
import { loadPlan } from "../../../tracking-plan/build/compile";
import { eventFile, planFolder, propertiesOf } from "../../support/plan-folder";

const price = { type: "number", minimum: 0 };

/** A plan of one event, in two versions. */
export const boughtPlan: Plan = loadPlan(
  planFolder({
    "bought.json": eventFile("Bought", {
      1: propertiesOf({ price }),
      2: propertiesOf({ price, order: { type: "string" } }, ["price", "order"]),
    }),
  }),
);
