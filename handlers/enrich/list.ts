import type { ColumnName } from "../event/columns";
import type { CanonicalEvent } from "../event/event";
import type { Additions, FittedAdditions } from "./additions";
import { addBot } from "./client/bot";
import { addDevice } from "./client/device";
import { addLocale } from "./client/locale";
import { addScreen } from "./client/screen";
import { addUserAgent } from "./client/user-agent";
import { addContentId } from "./content-id";
import { addCountry } from "./country";
import { addMoney } from "./money";
import type { EnrichmentName } from "./names";
import { addTimeProblem } from "./time-problem";
import { addCampaign } from "./web/campaign";
import { addPage } from "./web/page";
import { addReferrer } from "./web/referrer";

/** What enrichments ask that stands outside of the code. */
export interface Lookups {
  /** The country of a network, ISO 3166-1 alpha-2; undefined where it is not known. */
  readonly countryOf: (network: string) => string | undefined;
}

/** One enrichment: what an event, as it was sent, lets it know. It changes nothing, and needs no other. */
export interface Enrichment {
  /** What it adds, in a sentence. */
  readonly does: string;
  /** The columns that it may fill. */
  readonly adds: readonly ColumnName[];
  /** @param content what `contentOf` answers of the event. */
  readonly add: (event: CanonicalEvent, lookups: Lookups, content: string) => Additions | FittedAdditions;
}

/** Every enrichment. `docs/enrichment.md` shows this list. */
export const enrichments: Readonly<Record<EnrichmentName, Enrichment>> = {
  timeProblem: {
    does: "Flags a time that cannot be right, though corrected for the client's clock",
    adds: ["time_problem"],
    add: addTimeProblem,
  },
  contentId: {
    does: "Gives events that say the same of the same moment the same id, whatever their event_id",
    adds: ["content_id"],
    add: addContentId,
  },
  page: {
    does: "Takes the page's address apart; tokens, passwords and mail addresses are left out",
    adds: ["page_host", "page_path", "page_query"],
    add: addPage,
  },
  campaign: {
    does: "Reads the campaign and the ad that was clicked from the page's address",
    adds: [
      "campaign_source",
      "campaign_medium",
      "campaign_name",
      "campaign_term",
      "campaign_content",
      "campaign_id",
      "click_id",
      "click_id_type",
      "ad_network",
    ],
    add: addCampaign,
  },
  referrer: {
    does: "Says how a visitor came: by search, social network, mail, ad, link, from the same site, or directly",
    adds: ["referrer_host", "referrer_medium", "referrer_source"],
    add: addReferrer,
  },
  userAgent: {
    does: "Reads browser, operating system and device from the user agent",
    adds: ["browser_name", "browser_version", "os_name", "os_version", "device_brand", "device_model"],
    add: addUserAgent,
  },
  bot: {
    does: "Tells crawlers and tools from people, by the user agent",
    adds: ["is_bot"],
    add: addBot,
  },
  device: {
    does: "Puts the device into a class, by the user agent, else by what an app says of its device",
    adds: ["device_class"],
    add: addDevice,
  },
  country: {
    does: "Looks up the country of the visitor's network, where the edge did not name it",
    adds: ["geo_country"],
    add: addCountry,
  },
  screen: {
    does: "Reads the size of the window, and how the screen is held",
    adds: ["viewport_width", "viewport_height", "screen_orientation"],
    add: addScreen,
  },
  locale: {
    does: "Reads language and country from the locale, however it is written",
    adds: ["locale_language", "locale_country"],
    add: addLocale,
  },
  money: {
    does: "Reads money from a text like `€ 1.234,50`, as a decimal and a currency of ISO 4217",
    adds: ["revenue", "currency"],
    add: addMoney,
  },
};
