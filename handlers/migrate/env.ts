/** Roles of the warehouse that a database user may be granted. */
export const warehouseRoles = ["loader", "replayer", "reader", "analyst", "steward"] as const;
export type WarehouseRole = (typeof warehouseRoles)[number];

/** What the migration must be given. */
export interface MigrateEnv {
  readonly WORKGROUP_NAME: string;
  readonly DATABASE_NAME: string;
  /** The secret of the managed admin password: who connects with it owns everything. */
  readonly ADMIN_SECRET_ARN: string;
}

/** What the environment decides about the warehouse; it comes with the deploy's call. */
export interface WarehouseConfiguration {
  /** Warehouse role by name of the IAM role whose database user (`"IAMR:<role>"`) is granted it. */
  readonly users: Readonly<Record<string, WarehouseRole>>;
  /** After so many minutes without activity a session has ended. */
  readonly sessionMinutes: number;
  /** The time zone that days are counted in, IANA. */
  readonly timeZone: string;
  /** Whose events are marked as internal and left out of the models. */
  readonly internalTraffic: InternalTraffic;
}

/** Traffic that is nobody's visit: tests, offices, the team's own accounts. */
export interface InternalTraffic {
  /** Hosts of pages, lower case: `staging.example.com`. */
  readonly hosts?: readonly string[];
  /** Networks, `203.0.113.0/24` or wider, `2001:db8:1::/48` or wider: only so much of an address is stored. */
  readonly networks?: readonly string[];
  /** User ids. */
  readonly users?: readonly string[];
}
