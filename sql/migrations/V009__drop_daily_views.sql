-- `pages` and `daily` take their place.
drop view if exists daily_pages;
drop view if exists daily_traffic;
