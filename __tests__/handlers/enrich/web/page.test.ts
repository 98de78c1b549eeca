import { enriched } from "../events";

const none = undefined;

describe("a page's address", () => {
  it.each([
    ["https://example.com/a/b?c=d&e=f#g", "example.com", "/a/b", "c=d&e=f"],
    ["https://Example.COM:8443/", "example.com", "/", none],
    ["https://example.com", "example.com", "/", none],
    ["https://example.com/?", "example.com", "/", none],
    ["https://user:secret@example.com/a", "example.com", "/a", none],
    ["https://bücher.example/ü?q=ü", "xn--bcher-kva.example", "/%C3%BC", "q=%C3%BC"],
    ["http://127.0.0.1:8080/x", "127.0.0.1", "/x", none],
    ["http://[2001:db8::1]/x", "[2001:db8::1]", "/x", none],
    ["http://localhost/x", "localhost", "/x", none],
    ["/a/b?c=d", none, "/a/b", "c=d"],
    ["//cdn.example/x", none, none, none],
    ["app://host/screen", "host", "/screen", none],
    ["about:blank", none, "blank", none],
    ["file:///C:/page.html", none, "/C:/page.html", none],
    ["not an address", none, none, none],
    ["https://", none, none, none],
    ["https://exa mple.com/", none, none, none],
    ["https://example.com/a//b/../c", "example.com", "/a//c", none],
    ["https://example.com/%zz?%zz", "example.com", "/%zz", "%zz"],
    ["https://example.com/a?b?c", "example.com", "/a", "b?c"],
  ])("%s", (page_url, host, path, query) => {
    expect(enriched({ page_url }, ["page_host", "page_path", "page_query"])).toEqual([host, path, query]);
  });

  it("is told by the context where a client sends only the path", () => {
    const context = { page: { path: "/a", search: "?b=c" } };
    expect(enriched({ context }, ["page_host", "page_path", "page_query"])).toEqual([none, "/a", "b=c"]);
  });

  it("with too long a path is cut, and the cut is named", () => {
    const page_url = `https://example.com/${"x".repeat(3_000)}`;
    const [path, truncated] = enriched({ page_url, truncated: "page_title" }, ["page_path", "truncated"]);
    expect(path).toHaveLength(2_048);
    expect(truncated).toBe("page_title,page_path");
  });
});
