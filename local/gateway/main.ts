import { runService, serviceEnv } from "../service/process";
import { createGateway } from "./gateway";
import { parseRoutes } from "./route";

const { port } = serviceEnv();
void runService(createGateway(parseRoutes(process.env.ROUTES)), port, () => undefined);
