import type { ApiRequest } from "../../request";

/** What an S3 request is about; no bucket is the service itself. */
export interface S3Address {
  readonly bucket?: string;
  readonly key?: string;
}

const IP_V4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const LABEL = /^[a-z0-9][a-z0-9-]*$/;
/** What hosts other than buckets may begin with. */
const SERVICES: ReadonlySet<string> = new Set(["s3", "s3-control"]);

/**
 * The bucket and the key that a request addresses, in the host (`<bucket>.<gateway>`, `<bucket>.s3.…`) or in the
 * path; undefined when it cannot be told for sure.
 * @param gatewayHost the gateway's own name, without its port
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function addressOf(
  { path, headers }: Pick<ApiRequest, "path" | "headers">,
  gatewayHost = "127.0.0.1",
): S3Address | undefined {
  const decoded = decode(path);
  if (decoded === undefined || !decoded.startsWith("/")) return undefined;
  const host = (headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
  const bucket = bucketOf(host, gatewayHost);
  const rest = decoded.slice(1);
  if (bucket !== undefined) return rest === "" ? { bucket } : { bucket, key: rest };
  if (rest === "") return {};
  const slash = rest.indexOf("/");
  if (slash < 0) return { bucket: rest };
  if (slash === 0) return undefined;
  const key = rest.slice(slash + 1);
  return key === "" ? { bucket: rest.slice(0, slash) } : { bucket: rest.slice(0, slash), key };
}

function bucketOf(host: string, gatewayHost: string): string | undefined {
  if (IP_V4.test(host) || !host.includes(".")) return undefined;
  const label = host.slice(0, host.indexOf("."));
  const tail = host.slice(label.length + 1);
  if (!LABEL.test(label) || SERVICES.has(label)) return undefined;
  const named =
    tail === gatewayHost || tail.endsWith(`.${gatewayHost}`) || /^s3(?:-|express-|\.|$)/.test(tail);
  return named ? label : undefined;
}

/** A percent-encoded text; undefined when its encoding is broken. */
export function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
