import type {} from "../../../../browser/types";
import { ready } from "./page";

const { collector, writeKey } = window.settings;
const script = document.createElement("script");
script.src = `${collector}/clickstream.js`;
script.dataset.key = writeKey;
document.head.append(script);
window.clickstream = [];
ready({
  identify: (userId) => void window.clickstream?.push(["identify", userId, { plan: "gold" }]),
  track: (name, position) => void window.clickstream?.push(["track", name, { position }]),
});
