/** What may stand in properties and traits: what JSON can say. */
export type PropertyValue =
  | string
  | number
  | boolean
  | null
  | readonly PropertyValue[]
  | { readonly [name: string]: PropertyValue | undefined };

export type Properties = { readonly [name: string]: PropertyValue | undefined };

/**
 * The events of a tracking plan by name, with their properties: generated types add to it. While it is empty,
 * any name may be tracked.
 */
// biome-ignore lint/suspicious/noEmptyInterface: declarations elsewhere add to it.
export interface PlannedEvents {}

export type EventName = [keyof PlannedEvents] extends [never] ? string : keyof PlannedEvents;

/** What follows the name of an event: required where the plan requires a property of it. */
export type EventArguments<Name> = Name extends keyof PlannedEvents
  ? Record<never, never> extends PlannedEvents[Name]
    ? [properties?: PlannedEvents[Name]]
    : [properties: PlannedEvents[Name]]
  : [properties?: Properties];

/** What `window.clickstream` offers once the script has run. */
export interface Clickstream {
  /** Records that something happened. */
  track<Name extends EventName>(name: Name, ...properties: EventArguments<Name>): void;
  /** Records a view of the page as it is now. Views are recorded by themselves unless `data-pages="off"`. */
  page(name?: string, properties?: Properties): void;
  /** Says who the visitor is, from now on and on the pages to come. */
  identify(userId: string, traits?: Properties): void;
  /** Forgets the visitor, as on signing out: what follows is another, anonymous one's. */
  reset(): void;
  /** Records the visitor's decision. `false` deletes what is stored and unsent; nothing is sent from then on. */
  consent(given: boolean): void;
  /** The id that stands for this browser until `reset`, for a site's own server to send events under. */
  anonymousId(): string;
  /** Calls a method by its name: what a page does before the script has run. */
  push(call: ClickstreamCall): void;
}

/** A call as `["track", "Signed Up", { plan: "gold" }]`. */
export type ClickstreamCall = readonly [
  method: "track" | "page" | "identify" | "reset" | "consent",
  ...values: unknown[],
];

declare global {
  interface Window {
    /** An array of calls before the script has run, the clickstream after. */
    clickstream?: Clickstream | ClickstreamCall[];
  }
}
