-- Who may do what. The migration grants these roles to the database users of the functions' and people's roles.

-- Writes what arrives.
create role loader;
grant select, insert on events to role loader;
grant select, insert on failed_events to role loader;
grant select, insert on load_ledger to role loader;
grant select, insert on load_counts to role loader;
grant select, insert, update, delete on load_lock to role loader;

-- Reads the models.
create role reader;

-- Reads everything, rejected events included.
create role analyst;
grant select on events to role analyst;
grant select on failed_events to role analyst;
grant select on load_ledger to role analyst;
grant select on load_counts to role analyst;

-- Sees to people's rights.
create role steward;
grant select, delete, update on events to role steward;
grant select, delete, update on failed_events to role steward;
