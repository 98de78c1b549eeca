/** The user name of Basic auth, where Segment's clients put the write key. */
export function basicUser(authorization: string | undefined): string | undefined {
  const credentials = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (credentials === undefined) return undefined;
  const [user] = Buffer.from(credentials, "base64").toString("utf8").split(":");
  return user === "" ? undefined : user;
}
