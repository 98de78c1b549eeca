/** What the attributes of the script's tag say. */
export interface Settings {
  /** The source's write key: `data-key`. */
  readonly key: string;
  /** Where batches go: `data-path`, from the script's own folder. @default `v1/b` */
  readonly endpoint: string;
  /** Where the visitor's id lives: `data-storage`. @default a first-party cookie, and local storage beside it */
  readonly storage: "cookie" | "local" | "none";
  /** The domain that the cookie is set for: `data-domain`. @default the page's own host, without its subdomains */
  readonly domain: string | undefined;
  /** `data-consent="required"` holds everything back until `consent(true)`. */
  readonly consentRequired: boolean;
  /** Which changes of the address are page views: `data-pages` is `off`, or `hash` for sites that navigate by it. */
  readonly pages: "on" | "off" | "hash";
  /** Whether clicks that leave the site or download a file are recorded: `data-clicks="off"`. */
  readonly clicks: boolean;
}

/** Reads the settings of the running script. */
export function readSettings(script: HTMLOrSVGScriptElement | null): Settings {
  const { src, dataset } = script as HTMLScriptElement;
  const { storage, pages } = dataset;
  return {
    key: dataset.key ?? "",
    endpoint: new URL(dataset.path ?? "v1/b", src).href,
    storage: storage === "none" || storage === "local" ? storage : "cookie",
    domain: dataset.domain,
    consentRequired: dataset.consent === "required",
    pages: pages === "off" || pages === "hash" ? pages : "on",
    clicks: dataset.clicks !== "off",
  };
}
