import { gunzipSync } from "node:zlib";
import { collect } from "../../handlers/collect/collect";
import { accessLogRequests, settings } from "../harness/access-log";
import type { Case } from "../harness/case";
import { compare } from "../harness/cpu";

export default {
  summary:
    "The collector's core on gzipped requests of ten events of a real access log, on one core; the limit is to gunzip and parse the bodies",
  unit: "events/s",
  target: { of: "ratio", bound: "at least", is: 0.5 },
  async prepare() {
    const requests = await accessLogRequests();
    const stored = requests.flatMap((request) => collect(request, settings).items);
    const events = stored.reduce((sum, { count }) => sum + count, 0);
    const work = (): void => {
      for (const request of requests) collect(request, settings);
    };
    const least = (): void => {
      for (const { body = "" } of requests)
        JSON.parse(gunzipSync(Buffer.from(body, "base64")).toString("utf8"));
    };
    const measure = () => compare(events, work, least);
    measure();
    return measure;
  },
} satisfies Case;
