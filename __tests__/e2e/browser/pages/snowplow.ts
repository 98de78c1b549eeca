import { newTracker, setUserId, trackSelfDescribingEvent, trackStructEvent } from "@snowplow/browser-tracker";
import { ready } from "./page";

const { collector, writeKey } = window.settings;
newTracker("sp", collector, { appId: writeKey });
ready({
  identify(userId) {
    setUserId(userId);
    trackStructEvent({ category: "account", action: "signed in" });
  },
  track: (name, position) =>
    trackSelfDescribingEvent({
      event: { schema: `iglu:com.example/${name}/jsonschema/1-0-0`, data: { position } },
    }),
});
