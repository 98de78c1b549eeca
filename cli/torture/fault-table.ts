import type { SetFault } from "../../local/faults/keeper";
import { table } from "../terminal";

/** The faults that are set, and how often each has struck. */
export function faultTable(faults: readonly SetFault[]): string {
  return table(
    ["fault", "struck", "of calls", "id"],
    faults.map(({ fault, struck, seen, id }) => [fault, struck, seen, id]),
  );
}
