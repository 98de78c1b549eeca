/** What a parameter tells that an ad network, or a service that sends mail, appends to an address. */
export interface ClickId {
  readonly network: string;
  /** Whether only ads carry it. Some networks mark every link that is followed. */
  readonly paid: boolean;
}

const ad = (network: string): ClickId => ({ network, paid: true });
const link = (network: string): ClickId => ({ network, paid: false });

/**
 * Parameters of ad clicks, lower case, the more telling first: of several in one address the first here counts.
 * @see https://support.google.com/google-ads/answer/9744275 (gclid), 11367152 (gbraid, wbraid)
 * @see https://learn.microsoft.com/en-us/advertising/guides/universal-event-tracking (msclkid)
 * @see https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc (fbclid)
 * @see https://ads.tiktok.com/help/article/track-offline-web-and-app-conversions (ttclid)
 * @see https://learn.microsoft.com/en-us/linkedin/marketing/conversions/enabling-first-party-cookies (li_fat_id)
 */
export const clickIds: ReadonlyMap<string, ClickId> = new Map([
  ["gclid", ad("Google Ads")],
  ["gbraid", ad("Google Ads")],
  ["wbraid", ad("Google Ads")],
  ["dclid", ad("Google Marketing Platform")],
  ["msclkid", ad("Microsoft Advertising")],
  ["ttclid", ad("TikTok Ads")],
  ["li_fat_id", ad("LinkedIn Ads")],
  ["twclid", ad("X Ads")],
  ["yclid", ad("Yandex Direct")],
  ["rdt_cid", ad("Reddit Ads")],
  ["sccid", ad("Snapchat Ads")],
  ["qclid", ad("Quora Ads")],
  ["tblci", ad("Taboola")],
  ["dicbo", ad("Outbrain")],
  ["ob_click_id", ad("Outbrain")],
  ["vmcid", ad("Yahoo Native")],
  ["cto_pld", ad("Criteo")],
  ["ndclid", ad("Nextdoor Ads")],
  ["bdclid", ad("Baidu Ads")],
  ["bd_vid", ad("Baidu Ads")],
  ["irclickid", ad("Impact")],
  ["awc", ad("Awin")],
  ["cjevent", ad("CJ Affiliate")],
  ["ransiteid", ad("Rakuten Advertising")],
  ["fbclid", link("Meta")],
  ["igshid", link("Instagram")],
  ["igsh", link("Instagram")],
  ["epik", link("Pinterest")],
  ["ysclid", link("Yandex")],
  ["srsltid", link("Google Merchant Center")],
  ["mc_eid", link("Mailchimp")],
  ["mkt_tok", link("Marketo")],
  ["_hsenc", link("HubSpot")],
  ["_kx", link("Klaviyo")],
]);
