/**
 * Preset dictionaries of the body codec, by version. An item names the version it was written with, so a
 * dictionary is never changed, only followed by a new one. Deflate finds the end of a dictionary cheapest:
 * what is commonest comes last.
 */
export const dictionaries: Readonly<Record<number, Buffer>> = {
  1: Buffer.from(
    [
      "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
      "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
      '"Order Completed","Product Viewed","Product Added","Checkout Started","Signed Up","Signed In","Button Clicked"',
      '"order_id":"","product_id":"","category":"","quantity":1,"price":0,"value":0,"label":"","plan":"","email":"","name":"","method":"GET","status":200,"bytes":',
      "https://www.google.com/https://www.facebook.com/https://t.co/",
      '"Europe/Berlin","America/New_York","UTC","en-US","en-GB","de-DE","fr-FR"',
      '"analytics.js","analytics-node","@segment/analytics-node","rudder-sdk-node","js-4.0.0"',
      '"truncated":"","revenue":"","currency":"USD","group_id":"","previous_id":"","geo_city":"","geo_region":"","geo_country":"US"',
      '"campaign_content":"","campaign_term":"","campaign_name":"","campaign_medium":"cpc","campaign_source":"google"',
      '"screen_height":1080,"screen_width":1920,"timezone":"","locale":"en-US","ip_network":"","user_agent":"Mozilla/5.0 ("',
      '"sdk_name":"","sdk_version":"","session_id":"","user_id":"","anonymous_id":"","sent_at":"2026-01-01T00:00:00.000Z"',
      '"context":{"library":{"name":"","version":""},"page":{"path":"/","referrer":"","search":"","title":"","url":""}}',
      '"page_title":"","referrer_url":"https://www.","page_url":"https://www.',
      '"properties":{},"event_type":"identify","event_type":"screen","event_type":"track","event_name":"","event_type":"page"',
      '{"common":{"event_time":"2026-11-0T","event_id":"',
      '},"events":[{"event_id":"","event_time":"2026-11-0T00:00:00.000Z","event_type":"',
      '"},{"event_id":"',
    ].join("\n"),
  ),
};

/** The version that is written today. */
export const CURRENT_DICTIONARY = 1;
