import { openGuard } from "../iam/guard";
import { runService, serviceEnv } from "../service/process";
import { createGateway } from "./gateway";
import { parseRoutes } from "./route";

const { port, stateDir } = serviceEnv();
const routes = parseRoutes(process.env.ROUTES);
const guard = openGuard(routes, stateDir, (denied) => process.send?.({ denied }));
void runService(createGateway(routes, guard), port, guard.close);
