import { randomUUID } from "node:crypto";
import type { ObjectStore } from "../firehose/delivery/object-store";
import type { OwnFaults } from "./client";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[^/]*$)/;
/** `<stream>-<version>-<time>-<uuid>`, with slashes before and an extension after. */
const OBJECT = /([^/]+)-\d+-\d{4}(?:-\d\d){5}-[0-9a-f-]{36}[^/]*$/;

/** Delivers objects once more under another name, where a fault says so: Firehose may deliver records twice. */
export function deliveredTwice(objects: ObjectStore, faults: OwnFaults): ObjectStore {
  return {
    async put(object) {
      await objects.put(object);
      const stream = OBJECT.exec(object.key)?.[1];
      const effect = await faults.draw("object", ...(stream === undefined ? [] : [stream]));
      if (effect?.kind === "duplicate")
        await objects.put({ ...object, key: object.key.replace(UUID, randomUUID()) });
    },
  };
}
