import { AnalyticsBrowser } from "@segment/analytics-next";
import { ready } from "./page";

const { collector, writeKey } = window.settings;
// Its settings come with the page: a site with a collector of its own asks no server of Segment's for them.
const analytics = AnalyticsBrowser.load(
  { writeKey, cdnSettings: { integrations: { "Segment.io": { apiKey: writeKey } } } },
  {
    integrations: {
      "Segment.io": { apiHost: `${collector.replace(/^https?:\/\//, "")}/v1`, protocol: "http" },
    },
  },
);
void analytics.ready().then(() =>
  ready({
    identify: (userId) => void analytics.identify(userId),
    track: (name, position) => void analytics.track(name, { position }),
  }),
);
