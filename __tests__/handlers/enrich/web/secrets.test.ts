import { enriched } from "../events";

const none = undefined;

const partsOf = (page_url: string) => enriched({ page_url }, ["page_path", "page_query"]);

describe("the query of a page", () => {
  it.each([
    ["page=2&sort=price", "page=2&sort=price"],
    ["token=abc", none],
    ["access_token=abc&x=1", "x=1"],
    ["accessToken=abc&x=1", "x=1"],
    ["x=1&refresh-token=abc&y=2", "x=1&y=2"],
    ["id_token=abc", none],
    ["csrf_token=abc&a=b", "a=b"],
    ["api_key=abc&a=b", "a=b"],
    ["apikey=abc&a=b", "a=b"],
    ["key=AIzaSyD&a=b", "a=b"],
    ["client_secret=abc&a=b", "a=b"],
    ["password=hunter2&a=b", "a=b"],
    ["PASSWORD=hunter2&a=b", "a=b"],
    ["user%5Bpassword%5D=hunter2&a=b", "a=b"],
    ["user[password_confirmation]=hunter2&pwd=1&passwd=2&pass=3&a=b", "a=b"],
    ["new_password=1&newPassword=2&a=b", "a=b"],
    ["email=me%40example.com&a=b", "a=b"],
    ["e-mail=x&user_email=y&mail=z&a=b", "a=b"],
    ["q=me@example.com&a=b", "a=b"],
    ["q=write+to+me%40example.com+now&a=b", "a=b"],
    ["q=me%2540example.com&a=b", "a=b"],
    ["me@example.com&a=b", "a=b"],
    ["sid=123&PHPSESSID=9&JSESSIONID=8&session_id=7&a=b", "a=b"],
    ["auth=1&authorization=Bearer+abcdefgh123&jwt=x&sig=1&otp=123456&a=b", "a=b"],
    ["X-Amz-Signature=1&X-Amz-Credential=2&X-Amz-Security-Token=3&X-Amz-Date=4", "X-Amz-Date=4"],
    ["d=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln&a=b", "a=b"],
    ["d=ghp_abcdefghijklmnopqrstuvwxyz0123456789&a=b", "a=b"],
    ["d=AKIAIOSFODNN7EXAMPLE&a=b", "a=b"],
    ["code=4%2FP7q&state=xyz&a=b", "state=xyz&a=b"],
    ["code=SUMMER20&a=b", "code=SUMMER20&a=b"],
    ["next=%2Freset%3Ftoken%3Dabc&a=b", "a=b"],
    ["next=%2Fcart%3Fpage%3D2&a=b", "next=%2Fcart%3Fpage%3D2&a=b"],
    ["gclid=Cj0KCQiA&utm_source=x", "gclid=Cj0KCQiA&utm_source=x"],
    ["a=%zz&b=100%", "a=%zz&b=100%"],
    ["&&a=b&", "&&a=b&"],
    ["keyword=shoes&monkey=1&tokens_used=3", "keyword=shoes&monkey=1&tokens_used=3"],
  ])("?%s", (query, expected) => {
    expect(partsOf(`https://example.com/?${query}`)).toEqual(["/", expected]);
    // A client that sends no address may send the query.
    const context = { page: { path: "/", search: `?${query}` } };
    expect(enriched({ context }, ["page_query"])).toEqual([expected]);
  });
});

describe("the path of a page", () => {
  it.each([
    ["/users/me@example.com/edit", "/users/-/edit"],
    ["/users/me%40example.com", "/users/-"],
    ["/reset/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "/reset/-"],
    ["/keys/ghp_abcdefghijklmnopqrstuvwxyz0123456789", "/keys/-"],
    ["/cart;jsessionid=A1B2C3?x=1", "/cart"],
    ["/@someone/article", "/@someone/article"],
    ["/npm/react@18.2.0/index.js", "/npm/react@18.2.0/index.js"],
    ["/products/1001", "/products/1001"],
    ["/a;b=c/d", "/a;b=c/d"],
  ])("%s", (path, expected) => {
    expect(partsOf(`https://example.com${path}`)[0]).toBe(expected);
  });
});
