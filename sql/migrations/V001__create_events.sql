-- Grain: one row an event. `handlers/event/columns.ts` says the same, and a test holds the two together.
-- Sorted by the time of receipt, which is the order it is loaded in: a load looks only at what came lately.
create table events (
  -- Identity of the event: the client's message id, else a hash of the content
  event_id varchar(128) not null,
  -- The stored item the event came in: the hash in its sort key
  batch_id varchar(64) not null,
  -- track, page, screen, identify, group or alias
  event_type varchar(16) not null,
  -- What was tracked; the name of a page or screen
  event_name varchar(256),
  -- When it happened, corrected for the client's clock
  event_time timestamp not null,
  -- When the client sent it, by the client's clock
  sent_at timestamp,
  -- When the collector received it
  received_at timestamp not null,
  -- The visitor: a device or a browser
  anonymous_id varchar(256),
  -- The known user
  user_id varchar(256),
  -- The session, where the client numbers its own
  session_id varchar(128),
  -- alias: the id that user_id replaces
  previous_id varchar(256),
  -- group: the account or organization joined
  group_id varchar(256),
  -- Address of the page
  page_url varchar(4096),
  -- Host of the page, lower case
  page_host varchar(255),
  -- Path of the page
  page_path varchar(2048),
  -- Query string of the page, without its question mark
  page_query varchar(2048),
  -- Title of the page
  page_title varchar(1024),
  -- Address of the page before
  referrer_url varchar(4096),
  -- Host of the page before, lower case
  referrer_host varchar(255),
  -- direct, internal, search, social, mail or referral
  referrer_medium varchar(16),
  -- Name of the search engine, network or mail service
  referrer_source varchar(64),
  -- utm_source
  campaign_source varchar(256),
  -- utm_medium
  campaign_medium varchar(256),
  -- utm_campaign
  campaign_name varchar(256),
  -- utm_term
  campaign_term varchar(256),
  -- utm_content
  campaign_content varchar(256),
  -- The client's user agent string
  user_agent varchar(1024),
  -- Browser
  browser_name varchar(64),
  -- Browser's version
  browser_version varchar(32),
  -- Operating system
  os_name varchar(64),
  -- Operating system's version
  os_version varchar(32),
  -- desktop, mobile, tablet, tv, console, wearable, embedded, bot or unknown
  device_class varchar(16),
  -- Maker of the device
  device_brand varchar(64),
  -- Model of the device
  device_model varchar(64),
  -- Whether the user agent is a known crawler's
  is_bot boolean,
  -- Language tag, BCP 47
  locale varchar(35),
  -- Time zone, IANA
  timezone varchar(64),
  -- Width of the screen, pixels
  screen_width integer,
  -- Height of the screen, pixels
  screen_height integer,
  -- The client's network: its address cut to /24 (IPv4) or /48 (IPv6)
  ip_network varchar(45),
  -- Country, ISO 3166-1 alpha-2
  geo_country varchar(2),
  -- Region, ISO 3166-2 without its country
  geo_region varchar(16),
  -- City
  geo_city varchar(128),
  -- Money the event brought, in currency
  revenue decimal(18, 4),
  -- Currency, ISO 4217
  currency varchar(3),
  -- What the event carries: properties, or the traits of identify and group
  properties super,
  -- What the client said of itself and has no column of its own
  context super,
  -- The source whose write key was used
  source varchar(64) not null,
  -- The protocol it came in by
  protocol varchar(32) not null,
  -- The client library
  sdk_name varchar(64),
  -- The client library's version
  sdk_version varchar(32),
  -- Names of the columns that were cut to fit, comma-separated
  truncated varchar(1024),
  -- Version of this table of columns that the event was written by
  schema_version integer not null
)
diststyle auto
sortkey (received_at);
