import type { RoleCredentials } from "../../local/service/role";

/** Credentials of a role that no policy was written for. */
export const roleCredentials: RoleCredentials = {
  accessKeyId: "ASIAPROBE",
  secretAccessKey: "secret",
  sessionToken: "token",
  expiration: new Date(Date.now() + 12 * 3_600_000),
};
