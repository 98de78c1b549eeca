-- utm_id
alter table events add column campaign_id varchar(256);

-- Id of the click on an ad or a link, as its network appended it
alter table events add column click_id varchar(512);

-- The parameter that held it: gclid, fbclid, ...
alter table events add column click_id_type varchar(32);

-- The network that appended it
alter table events add column ad_network varchar(64);

-- Width of the window, pixels
alter table events add column viewport_width integer;

-- Height of the window, pixels
alter table events add column viewport_height integer;

-- landscape, portrait or square
alter table events add column screen_orientation varchar(16);

-- Language of the locale, ISO 639
alter table events add column locale_language varchar(8);

-- Country of the locale, ISO 3166-1 alpha-2
alter table events add column locale_country varchar(2);

-- Why event_time cannot be right: future, past, or clock where the client's was off by a day
alter table events add column time_problem varchar(16);

-- Hash of what the event says: the same for copies that came under different ids
alter table events add column content_id varchar(32);

-- Names of the enrichments that failed, comma-separated: their columns are missing
alter table events add column enrichment_errors varchar(256);
