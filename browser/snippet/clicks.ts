import type { Properties } from "../types";

/** Files that a link offers to keep rather than to read. */
const DOWNLOAD =
  /\.(7z|apk|avi|csv|deb|dmg|docx?|epub|exe|gz|iso|json|key|mkv|mov|mp3|mp4|msi|pdf|pkg|pptx?|rar|rpm|tgz|txt|wav|xlsx?|xml|zip)$/i;

/** Calls back for clicks on links that leave the site or download a file. */
export function watchClicks(clicked: (event: string, properties: Properties) => void): void {
  const listener = ({ target, button }: MouseEvent): void => {
    // A right click opens a menu, not the link.
    const link = button < 2 && target instanceof Element && target.closest<HTMLAnchorElement>("a[href]");
    if (!link || !/^https?:$/.test(link.protocol)) return;
    const properties = { url: link.href, text: link.textContent?.trim().slice(0, 200) };
    if (link.hasAttribute("download") || DOWNLOAD.test(link.pathname)) clicked("File Downloaded", properties);
    else if (link.host !== location.host) clicked("Outbound Link Clicked", properties);
  };
  for (const name of ["click", "auxclick"] as const) document.addEventListener(name, listener, true);
}
