export { plan } from "../transform/plan.mjs";
