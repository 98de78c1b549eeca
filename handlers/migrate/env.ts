/** Roles of the warehouse that a database user may be granted. */
export type WarehouseRole = "loader" | "reader" | "analyst" | "steward";

/** What the migration must be given. */
export interface MigrateEnv {
  readonly WORKGROUP_NAME: string;
  readonly DATABASE_NAME: string;
  /** The secret of the managed admin password: who connects with it owns everything. */
  readonly ADMIN_SECRET_ARN: string;
  /** JSON: warehouse role by name of the IAM role whose database user (`"IAMR:<role>"`) is granted it. */
  readonly WAREHOUSE_USERS: string;
}
