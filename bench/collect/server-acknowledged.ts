import { loadCase } from "./support";

export default loadCase("server", "acknowledged", {
  summary:
    "Events acknowledged in a minute through the local function URL, all parts on this machine: batches of 20 events of 1 KB of 5,000 users to a source of kind server, none lost on the way to the warehouse; the limit is a bare HTTP server",
  least: 10_000,
});
