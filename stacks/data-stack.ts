import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "./config";
import { EncryptionKey } from "./constructs/data/encryption-key";
import { EventsTable } from "./constructs/data/events-table";
import { Lake } from "./constructs/data/lake";
import { LakeQueues } from "./constructs/data/lake-queues";
import { Network } from "./constructs/data/network";
import { Warehouse } from "./constructs/data/warehouse";
import { deployTo } from "./constructs/deployment";

export interface DataStackProps {
  readonly environment: Environment;
}

/** What must survive: the key, the events table, the lake with its queues, and the warehouse in its network. */
export class DataStack extends TerraformStack {
  readonly keyArn: string;
  readonly events: EventsTable;
  readonly lake: Lake;
  readonly queues: LakeQueues;
  readonly warehouse: Warehouse;

  constructor(scope: Construct, id: string, { environment }: DataStackProps) {
    super(scope, id);
    deployTo(environment, this);
    const { arn: keyArn } = new EncryptionKey(this, "key", environment);
    const network = new Network(this, "network", environment);
    this.keyArn = keyArn;
    this.events = new EventsTable(this, "events", { environment, keyArn });
    this.lake = new Lake(this, "lake", { environment, keyArn });
    this.queues = new LakeQueues(this, "lake-queues", { environment, lake: this.lake });
    this.warehouse = new Warehouse(this, "warehouse", { environment, keyArn, lake: this.lake, network });
  }
}
