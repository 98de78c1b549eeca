import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";

/** A site that has each SDK in a page of its own: `/<sdk>`. */
export interface Site {
  readonly url: string;
  close(): void;
}

/** Serves the pages of `pages/`, each bundled with the package that it uses, as a site's own build would. */
export async function startSite(sdks: readonly string[], settings: object): Promise<Site> {
  const { outputFiles } = await build({
    entryPoints: sdks.map((sdk) => join(__dirname, "pages", `${sdk}.ts`)),
    outdir: "/",
    bundle: true,
    write: false,
    platform: "browser",
    logLevel: "error",
  });
  const scripts = new Map(
    sdks.map((sdk, at) => [`/${sdk}.js`, outputFiles[at]?.contents ?? new Uint8Array()]),
  );
  const server = createServer(({ url = "/" }, response) => {
    const path = new URL(url, "http://site").pathname;
    const script = scripts.get(path);
    response.setHeader("content-type", script ? "text/javascript" : "text/html");
    response.end(
      script ??
        `<!doctype html><title>Shop</title><link rel="icon" href="data:,">
<script>window.settings = ${JSON.stringify(settings)};</script><script src="${path}.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
