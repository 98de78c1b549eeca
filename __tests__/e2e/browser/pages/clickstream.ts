import { ClickstreamAnalytics, SendMode } from "@aws/clickstream-web";
import { ready } from "./page";

const { collector, writeKey } = window.settings;
ClickstreamAnalytics.init({
  appId: writeKey,
  endpoint: `${collector}/collect`,
  sendMode: SendMode.Immediate,
});
ready({
  identify(userId) {
    ClickstreamAnalytics.setUserId(userId);
    ClickstreamAnalytics.setUserAttributes({ plan: "gold" });
  },
  track: (name, position) => ClickstreamAnalytics.record({ name, attributes: { position } }),
});
