import type { CanonicalEvent } from "../../event/event";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";

/** Language and country of the locale. */
export function addLocale({ locale }: CanonicalEvent): FittedAdditions {
  return locale === undefined ? NOTHING : describe(locale);
}

/** `de_AT.UTF-8@euro` of POSIX, `de-AT,de;q=0.9` of browsers: the tag is what stands first. */
const BEHIND_TAG = /[.@,;].*$/s;

const describe = cached((locale): FittedAdditions => {
  const tag = localeOf(locale.replace(BEHIND_TAG, "").trim().replaceAll("_", "-"));
  if (tag === undefined) return NOTHING;
  const { language, region } = tag;
  return FittedAdditions.fit({
    locale_language: language === "und" ? undefined : language,
    // Regions of three digits are parts of the world: es-419 is Latin America.
    locale_country: region !== undefined && /^[A-Z]{2}$/.test(region) ? region : undefined,
  });
}, 1_000);

function localeOf(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
