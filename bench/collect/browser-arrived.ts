import { loadCase } from "./support";

export default loadCase("browser", "arrived", {
  summary:
    "Events of that minute that have arrived in the warehouse when it is over; it is reported; the limit is a bare HTTP server",
  least: 1,
});
