import { loadCase } from "./support";

export default loadCase("server", "arrived", {
  summary:
    "Events of the same minute that have arrived in the warehouse when it is over; the limit is a bare HTTP server",
  least: 5_000,
});
