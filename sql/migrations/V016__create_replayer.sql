-- What a replay may do: see what is missing, renew events, settle the loader's counts, and build sessions anew.
-- What was missing it hands to the loader.
create role replayer;
grant select, insert, delete on events to role replayer;
grant select on failed_events to role replayer;
grant select on settings to role replayer;
grant select, insert, delete on all_sessions to role replayer;
grant select, delete on identity_links to role replayer;
grant select, delete on load_ledger to role replayer;
grant select, insert, delete on load_counts to role replayer;
grant select, delete on load_failures to role replayer;
grant select, insert, update, delete on load_lock to role replayer;
