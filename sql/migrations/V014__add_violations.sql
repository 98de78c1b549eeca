-- Where the event breaks the tracking plan: a list of path, must and got
alter table events add column violations super;

-- Version of the tracking plan that the event keeps to, or was held against
alter table events add column plan_version integer;
