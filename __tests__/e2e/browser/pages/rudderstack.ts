import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";
import { ready } from "./page";

const { collector, writeKey } = window.settings;
const analytics = new RudderAnalytics();
analytics.load(writeKey, collector, {
  getSourceConfig: () => ({
    updatedAt: "2026-01-01T00:00:00.000Z",
    source: {
      id: "web",
      name: "web",
      writeKey,
      enabled: true,
      workspaceId: "workspace",
      updatedAt: "2026-01-01T00:00:00.000Z",
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
      destinations: [],
    },
  }),
});
analytics.ready(() => undefined);
ready({
  identify: (userId) => analytics.identify(userId),
  track: (name, position) => analytics.track(name, { position }),
});
