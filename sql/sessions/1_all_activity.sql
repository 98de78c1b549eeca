-- Builds sessions anew, from all activity there is, under the settings as they are now.
create temp table session_parts as
select * from activity;

delete from all_sessions;
