import { join } from "node:path";

/** The project's folder. */
export const projectRoot = join(__dirname, "..");

/** Where the local cloud and the verbs keep what is theirs. Nothing in it is committed. */
export const stateRoot = process.env.CLICKSTREAM_STATE ?? join(projectRoot, ".local");
