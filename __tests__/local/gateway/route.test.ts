import { parseRoutes, serviceOf } from "../../../local/gateway/route";

const signed = (scope: string) => ({
  url: "/",
  headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00` },
});

describe("the service a request is for", () => {
  it("is what its signature's scope names", () => {
    expect(serviceOf(signed("test/20261123/us-east-1/firehose/aws4_request"))).toBe("firehose");
    expect(serviceOf(signed("test/20261123/us-east-1/redshift-data/aws4_request"))).toBe("redshift-data");
  });

  it("is found in a signature for many Regions, whose scope names none", () => {
    expect(serviceOf(signed("test/20261123/s3/aws4_request"))).toBe("s3");
  });

  it("is found in a presigned address", () => {
    const url =
      "/bucket/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261123%2Fus-east-1%2Fs3%2Faws4_request";
    expect(serviceOf({ url, headers: {} })).toBe("s3");
  });

  it("is found in the target of an unsigned request", () => {
    expect(serviceOf({ url: "/", headers: { "x-amz-target": "RedshiftData.ExecuteStatement" } })).toBe(
      "redshift-data",
    );
    expect(serviceOf({ url: "/", headers: { "x-amz-target": "Unheard.Of" } })).toBeUndefined();
  });

  it("is unknown when the request does not say", () => {
    expect(
      serviceOf({ url: "/?X-Amz-Credential=nonsense", headers: { authorization: "Basic a2V5Og==" } }),
    ).toBeUndefined();
  });

  it("goes by the signature when the target says otherwise", () => {
    const request = signed("test/20261123/us-east-1/dynamodb/aws4_request");
    expect(
      serviceOf({ ...request, headers: { ...request.headers, "x-amz-target": "Firehose_20150804.X" } }),
    ).toBe("dynamodb");
  });
});

describe("routes", () => {
  it("map services to origins", () => {
    const routes = parseRoutes('{"*":"http://127.0.0.1:1","lambda":"http://127.0.0.1:2"}');
    expect([routes["*"].port, routes.lambda?.port]).toEqual(["1", "2"]);
  });

  it.each([
    [undefined, "ROUTES must map service names to origins"],
    ['{"lambda":"http://127.0.0.1:2"}', "ROUTES must have *"],
    ['{"*":7}', "ROUTES: * must be an origin, got 7"],
  ])("are refused when they are %s", (text, message) => {
    expect(() => parseRoutes(text)).toThrow(message);
  });
});
