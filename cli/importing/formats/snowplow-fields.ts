/** How a field's text is read; text that cannot be read so stays as it is. */
export type SnowplowReading = "text" | "integer" | "number" | "flag";

/** Where a field of an enriched event goes: the path in a message; "" for those that `snowplow.ts` reads itself. */
export interface SnowplowField {
  readonly name: string;
  readonly to: string;
  readonly as: SnowplowReading;
}

/**
 * The fields of Snowplow's enriched events, in the order of its TSV, as `name destination [reading]`. Names in
 * properties and context are those that an event has that comes by Snowplow's tracker protocol, where it has them.
 * @see https://docs.snowplow.io/docs/fundamentals/canonical-event/understanding-the-enriched-tsv-format/
 */
const TABLE = `
app_id                   context.app_id
platform                 context.platform
etl_tstamp               context.snowplow.etl_tstamp
collector_tstamp         context.snowplow.collector_tstamp
dvce_created_tstamp      context.snowplow.dvce_created_tstamp
event                    -
event_id                 messageId
txn_id                   context.transaction_id integer
name_tracker             context.tracker_namespace
v_tracker                -
v_collector              context.snowplow.v_collector
v_etl                    context.snowplow.v_etl
user_id                  userId
user_ipaddress           context.ip
user_fingerprint         context.fingerprint
domain_userid            -
domain_sessionidx        context.session_index integer
network_userid           context.network_user_id
geo_country              context.location.country
geo_region               context.location.region
geo_city                 context.location.city
geo_zipcode              context.snowplow.geo_zipcode
geo_latitude             context.snowplow.geo_latitude number
geo_longitude            context.snowplow.geo_longitude number
geo_region_name          context.snowplow.geo_region_name
ip_isp                   context.snowplow.ip_isp
ip_organization          context.snowplow.ip_organization
ip_domain                context.snowplow.ip_domain
ip_netspeed              context.snowplow.ip_netspeed
page_url                 context.page.url
page_title               context.page.title
page_referrer            context.page.referrer
page_urlscheme           context.snowplow.page_urlscheme
page_urlhost             context.snowplow.page_urlhost
page_urlport             context.snowplow.page_urlport integer
page_urlpath             context.snowplow.page_urlpath
page_urlquery            context.snowplow.page_urlquery
page_urlfragment         context.snowplow.page_urlfragment
refr_urlscheme           context.snowplow.refr_urlscheme
refr_urlhost             context.snowplow.refr_urlhost
refr_urlport             context.snowplow.refr_urlport integer
refr_urlpath             context.snowplow.refr_urlpath
refr_urlquery            context.snowplow.refr_urlquery
refr_urlfragment         context.snowplow.refr_urlfragment
refr_medium              context.snowplow.refr_medium
refr_source              context.snowplow.refr_source
refr_term                context.snowplow.refr_term
mkt_medium               context.campaign.medium
mkt_source               context.campaign.source
mkt_term                 context.campaign.term
mkt_content              context.campaign.content
mkt_campaign             context.campaign.name
contexts                 -
se_category              properties.category
se_action                properties.action
se_label                 properties.label
se_property              properties.property
se_value                 properties.value number
unstruct_event           -
tr_orderid               properties.order_id
tr_affiliation           properties.affiliation
tr_total                 properties.total number
tr_tax                   properties.tax number
tr_shipping              properties.shipping number
tr_city                  properties.city
tr_state                 properties.state
tr_country               properties.country
ti_orderid               properties.order_id
ti_sku                   properties.sku
ti_name                  properties.name
ti_category              properties.category
ti_price                 properties.price number
ti_quantity              properties.quantity integer
pp_xoffset_min           properties.xoffset_min integer
pp_xoffset_max           properties.xoffset_max integer
pp_yoffset_min           properties.yoffset_min integer
pp_yoffset_max           properties.yoffset_max integer
useragent                context.userAgent
br_name                  context.snowplow.br_name
br_family                context.snowplow.br_family
br_version               context.snowplow.br_version
br_type                  context.snowplow.br_type
br_renderengine          context.snowplow.br_renderengine
br_lang                  context.locale
br_features_pdf          context.plays_pdf flag
br_features_flash        context.plays_flash flag
br_features_java         context.plays_java flag
br_features_director     context.plays_director flag
br_features_quicktime    context.plays_quicktime flag
br_features_realplayer   context.plays_realplayer flag
br_features_windowsmedia context.plays_windowsmedia flag
br_features_gears        context.plays_gears flag
br_features_silverlight  context.plays_silverlight flag
br_cookies               context.cookies flag
br_colordepth            context.color_depth integer
br_viewwidth             context.viewport.width integer
br_viewheight            context.viewport.height integer
os_name                  context.snowplow.os_name
os_family                context.snowplow.os_family
os_manufacturer          context.snowplow.os_manufacturer
os_timezone              context.timezone
dvce_type                context.snowplow.dvce_type
dvce_ismobile            context.snowplow.dvce_ismobile flag
dvce_screenwidth         context.screen.width integer
dvce_screenheight        context.screen.height integer
doc_charset              context.charset
doc_width                context.document.width integer
doc_height               context.document.height integer
tr_currency              properties.currency
tr_total_base            properties.total_base number
tr_tax_base              properties.tax_base number
tr_shipping_base         properties.shipping_base number
ti_currency              properties.currency
ti_price_base            properties.price_base number
base_currency            properties.base_currency
geo_timezone             context.snowplow.geo_timezone
mkt_clickid              context.snowplow.mkt_clickid
mkt_network              context.snowplow.mkt_network
etl_tags                 context.snowplow.etl_tags
dvce_sent_tstamp         context.snowplow.dvce_sent_tstamp
refr_domain_userid       context.snowplow.refr_domain_userid
refr_dvce_tstamp         context.snowplow.refr_dvce_tstamp
derived_contexts         -
domain_sessionid         context.sessionId
derived_tstamp           -
event_vendor             context.snowplow.event_vendor
event_name               -
event_format             context.snowplow.event_format
event_version            context.snowplow.event_version
event_fingerprint        context.snowplow.event_fingerprint
true_tstamp              -
`;

export const snowplowFields: readonly SnowplowField[] = TABLE.trim()
  .split("\n")
  .map((row) => {
    const [name = "", to = "-", as = "text"] = row.split(/\s+/);
    return { name, to: to === "-" ? "" : to, as: as as SnowplowReading };
  });
