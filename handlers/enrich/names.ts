/** Names of all enrichments, by which they are switched off and by which those that failed are told. */
export const enrichmentNames = [
  "timeProblem",
  "contentId",
  "page",
  "campaign",
  "referrer",
  "userAgent",
  "bot",
  "device",
  "country",
  "screen",
  "locale",
  "money",
] as const;

export type EnrichmentName = (typeof enrichmentNames)[number];
