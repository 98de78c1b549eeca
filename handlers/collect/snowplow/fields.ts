import type { ColumnName } from "../../event/columns";

/** How a parameter's text is read; text that cannot be read so stays as it is. */
export type Reading = "text" | "integer" | "number" | "boolean" | "size";

/** Where a parameter goes: a column, or a member of the properties or the context. */
export interface Place {
  readonly to: ColumnName | `properties.${string}` | `context.${string}`;
  /** @default "text" */
  readonly as?: Reading;
}

/** The two numbers of a size, `1920x1080`, where they are columns. */
export const screenSize = { width: "screen_width", height: "screen_height" } as const;

/**
 * Every parameter of the tracker protocol that is more than itself; any other goes to `context.parameters`. The
 * names in properties and context are those of Snowplow's own tables, without the prefix of the kind of event.
 * @see https://docs.snowplow.io/docs/fundamentals/canonical-event/
 */
export const parameters = {
  eid: { to: "event_id" },
  uid: { to: "user_id" },
  duid: { to: "anonymous_id" },
  sid: { to: "session_id" },
  vid: { to: "context.session_index", as: "integer" },
  nuid: { to: "context.network_user_id" },
  tnuid: { to: "context.tracker_network_user_id" },
  ip: { to: "ip_network" },
  ua: { to: "user_agent" },
  url: { to: "page_url" },
  page: { to: "page_title" },
  refr: { to: "referrer_url" },
  lang: { to: "locale" },
  tz: { to: "timezone" },
  res: { to: "screen_width", as: "size" },
  aid: { to: "context.app_id" },
  p: { to: "context.platform" },
  tna: { to: "context.tracker_namespace" },
  tid: { to: "context.transaction_id", as: "integer" },
  fp: { to: "context.fingerprint" },
  vp: { to: "context.viewport", as: "size" },
  ds: { to: "context.document", as: "size" },
  cs: { to: "context.charset" },
  cd: { to: "context.color_depth", as: "integer" },
  cookie: { to: "context.cookies", as: "boolean" },
  f_pdf: { to: "context.plays_pdf", as: "boolean" },
  f_fla: { to: "context.plays_flash", as: "boolean" },
  f_java: { to: "context.plays_java", as: "boolean" },
  f_dir: { to: "context.plays_director", as: "boolean" },
  f_qt: { to: "context.plays_quicktime", as: "boolean" },
  f_realp: { to: "context.plays_realplayer", as: "boolean" },
  f_wma: { to: "context.plays_windowsmedia", as: "boolean" },
  f_gears: { to: "context.plays_gears", as: "boolean" },
  f_ag: { to: "context.plays_silverlight", as: "boolean" },
  pp_mix: { to: "properties.xoffset_min", as: "integer" },
  pp_max: { to: "properties.xoffset_max", as: "integer" },
  pp_miy: { to: "properties.yoffset_min", as: "integer" },
  pp_may: { to: "properties.yoffset_max", as: "integer" },
  se_ca: { to: "properties.category" },
  se_ac: { to: "properties.action" },
  se_la: { to: "properties.label" },
  se_pr: { to: "properties.property" },
  se_va: { to: "properties.value", as: "number" },
  tr_id: { to: "properties.order_id" },
  tr_af: { to: "properties.affiliation" },
  tr_tt: { to: "properties.total", as: "number" },
  tr_tx: { to: "properties.tax", as: "number" },
  tr_sh: { to: "properties.shipping", as: "number" },
  tr_ci: { to: "properties.city" },
  tr_st: { to: "properties.state" },
  tr_co: { to: "properties.country" },
  tr_cu: { to: "properties.currency" },
  ti_id: { to: "properties.order_id" },
  ti_sk: { to: "properties.sku" },
  ti_nm: { to: "properties.name" },
  ti_na: { to: "properties.name" },
  ti_ca: { to: "properties.category" },
  ti_pr: { to: "properties.price", as: "number" },
  ti_qu: { to: "properties.quantity", as: "integer" },
  ti_cu: { to: "properties.currency" },
} as const satisfies Readonly<Record<string, Place>>;

/** Parameters with a meaning of their own: what is read, when, and what is packed into them. */
export const structuralParameters = ["e", "tv", "dtm", "stm", "ttm", "ue_pr", "ue_px", "co", "cx"] as const;
