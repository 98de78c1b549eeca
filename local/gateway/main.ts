import { openGuard } from "../iam/guard";
import { denialLine } from "../iam/refusal/denials";
import { type NoticeMessage, runService, serviceEnv } from "../service/process";
import { createGateway } from "./gateway";
import { parseRoutes } from "./route";

const { port, stateDir } = serviceEnv();
const routes = parseRoutes(process.env.ROUTES);
const guard = openGuard(routes, stateDir, (denial) => {
  process.send?.({ notice: denialLine(denial) } satisfies NoticeMessage);
});
void runService(createGateway(routes, guard), port, guard.close);
