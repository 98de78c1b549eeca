import type { Case } from "../harness/case";
import { eShopItems } from "../harness/e-shop";
import { measuring } from "./support";

/** As many as are measured in some seconds. */
const CLICKS = 30_000;

export default {
  summary:
    "The same on items of ten clicks of a real shop; the limit is to inflate and parse its input and stringify its output",
  unit: "events/s",
  target: { of: "ratio", bound: "at least", is: 0.5 },
  async prepare() {
    return measuring(await eShopItems(CLICKS));
  },
} satisfies Case;
