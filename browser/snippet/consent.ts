import type { Settings } from "./settings";

/** Where the visitor's decision is kept: it is theirs, not about them. */
const DECISION = "clickstream_consent";

/** `undefined` while the visitor has yet to decide. */
export type Consent = boolean | undefined;

/**
 * What the visitor allows: what they decided here, else no where the browser sends Global Privacy Control, else
 * undecided where the site asks first, else yes.
 * @see https://www.w3.org/TR/gpc/
 */
export function readConsent({ consentRequired, storage }: Settings): Consent {
  const decided = storage === "none" ? null : attempt(() => localStorage.getItem(DECISION));
  if (decided) return decided === "yes";
  if ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return false;
  return consentRequired ? undefined : true;
}

/** Keeps a decision for the pages to come. */
export function keepConsent({ storage }: Settings, given: boolean): void {
  if (storage !== "none") attempt(() => localStorage.setItem(DECISION, given ? "yes" : "no"));
}

function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
