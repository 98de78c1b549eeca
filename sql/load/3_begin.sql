-- The first statement of the transaction, before any that reads: from here on it is the only loader.
lock table load_lock;

-- Fails, and with it the load, when another loader has loaded one of these files since this one looked.
select cast(case when count(*) = 0 then '0' else 'a file of this load is loaded already' end as integer)
from load_ledger
inner join staged_files
  on staged_files.object_key = load_ledger.object_key
where load_ledger.loaded_at >= cast(:files_from as timestamp);
