import { loadCase } from "./support";

export default loadCase("browser", "acknowledged", {
  summary:
    "The same to a source of kind browser, which stores an item for each visitor of a batch; it is reported, and none may be lost; the limit is a bare HTTP server",
  least: 1,
});
