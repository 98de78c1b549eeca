/** What the test tells a page. */
export interface PageSettings {
  /** The collector's address, without a slash at its end. */
  readonly collector: string;
  readonly writeKey: string;
}

/** What a page does for the test: it calls the SDK as a site would. */
export interface SdkPage {
  /** Says who the visitor is. */
  identify(userId: string): void;
  /** Tracks an event with `{"position": n}` as its properties. */
  track(name: string, position: number): void;
}

declare global {
  interface Window {
    settings: PageSettings;
    sdk?: SdkPage;
  }
}

/** Hands the page's SDK to the test. */
export function ready(sdk: SdkPage): void {
  window.sdk = sdk;
}
