import { gunzipSync } from "node:zlib";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { WHOLE_PAYLOAD } from "../../handlers/event/lake";
import type { Target } from "../environment";
import { objectsOfSpan } from "../replaying/lake";
import type { Rejection } from "./rejections";

/** How the message of a rejection ends whose payload its column could not hold. */
const CUT = /\(the first \d+ of \d+ bytes are here\)$/;

/**
 * A rejection's payload, whole: what its column cuts lies in the lake's `failed/`, in one of the objects that arrived
 * when it was received, or some time after.
 * @returns what the column holds where that is all there is.
 */
export async function wholePayload(
  { outputs }: Target,
  { failed_id, received_at, message, payload }: Rejection,
): Promise<string> {
  if (!CUT.test(message)) return payload;
  const bucket = outputs.lakeBucket;
  const received = new Date(`${received_at.replace(" ", "T")}Z`);
  const s3 = new S3Client({});
  for (const { key } of await objectsOfSpan(bucket, "failed", received, received, new Date())) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? "").toString("utf8");
    for (const line of text.split("\n"))
      if (line.includes(failed_id)) {
        const found = JSON.parse(line) as Readonly<Record<string, unknown>>;
        if (found.failed_id === failed_id && typeof found[WHOLE_PAYLOAD] === "string")
          return found[WHOLE_PAYLOAD];
      }
  }
  return payload;
}
