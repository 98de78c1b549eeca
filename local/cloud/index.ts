export { type Cloud, type CloudOptions, startCloud } from "./cloud";
export { environment, localEnvironment } from "./environment";
export { CloudAlreadyRunning, PortTaken, ServiceFailed } from "./errors";
export type { CloudEvent } from "./keeper";
export { type CloudInfo, type ProcessInfo, readCloud, siteUrl } from "./record";
export { SERVICES, type Service } from "./services";
