import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { listen } from "../../local/service/http";

/** Answers AssumeRole as STS does. */
export function answerAssumeRole(response: ServerResponse): void {
  const expiration = new Date(Date.now() + 12 * 3_600_000).toISOString();
  response.writeHead(200, { "content-type": "text/xml" }).end(
    `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAPROBE</AccessKeyId>
     <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
     <Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
}

/** Whether a request is for STS. */
export function isForSts({ headers }: Pick<IncomingMessage, "headers">): boolean {
  return headers.authorization?.includes("/sts/aws4_request") === true;
}

/** A gateway that has STS behind it and nothing else: it breaks every other connection. */
export async function stsAlone(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    if (isForSts(request)) answerAssumeRole(response);
    else request.destroy();
  });
  return { url: `http://127.0.0.1:${await listen(server, 0)}`, server };
}
