-- Grain: one row an event that was rejected, with what was sent, whole, and why.
create table failed_events (
  -- Identity of the rejection: hash of source and content
  failed_id varchar(64) not null,
  -- The stored item it came in
  batch_id varchar(64) not null,
  -- When the collector received it
  received_at timestamp not null,
  -- The source whose write key was used
  source varchar(64) not null,
  -- The protocol it came in by
  protocol varchar(32) not null,
  -- Where it was rejected: import, collect or transform
  stage varchar(16) not null,
  -- Why, as one of a fixed set of names
  reason varchar(64) not null,
  -- Why, as a sentence
  message varchar(1024) not null,
  -- What was sent: the original text, else base64 of the original bytes
  payload varchar(65535) not null,
  -- text or base64
  payload_encoding varchar(8) not null
)
diststyle auto
sortkey (received_at);
