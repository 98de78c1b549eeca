-- Order Completed: the shop's number of the order
alter table events add column order_id varchar(256);
