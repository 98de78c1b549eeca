import { accessLogItems } from "../harness/access-log";
import type { Case } from "../harness/case";
import { measuring } from "./support";

export default {
  summary:
    "The transform's core, every enrichment on and held to the tracking plan, on items of ten events of a real access log, on one core; the limit is to inflate and parse its input and stringify its output",
  unit: "events/s",
  target: { of: "ratio", bound: "at least", is: 0.5 },
  async prepare() {
    return measuring((await accessLogItems()).filter(({ kind }) => kind === "events"));
  },
} satisfies Case;
