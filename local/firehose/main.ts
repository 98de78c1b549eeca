import { FaultListener } from "../faults/client";
import { deliveredTwice } from "../faults/firehose";
import { awsJson } from "../service/aws";
import { httpServer } from "../service/http";
import { serviceModel } from "../service/model/load";
import { runService, serviceEnv } from "../service/process";
import { RoleSessions } from "../service/role";
import { systemClock } from "./clock";
import { cloudWatchErrors } from "./delivery/error-log";
import { s3Store } from "./delivery/object-store";
import { openFirehose } from "./firehose";

/** Amazon Data Firehose: Direct PUT to S3. */
const { port, stateDir, gatewayUrl } = serviceEnv();
const sessions = new RoleSessions({ service: "firehose.amazonaws.com", gatewayUrl });
const errors = cloudWatchErrors(gatewayUrl, sessions);
const faults = new FaultListener(gatewayUrl, "firehose");
const objects = deliveredTwice(s3Store(sessions), faults);
const firehose = openFirehose({ stateDir, objects, errors, clock: systemClock });
const server = httpServer(awsJson(serviceModel("firehose"), firehose.operations));
void runService(server, port, () => {
  faults.close();
  return firehose.stop();
});
