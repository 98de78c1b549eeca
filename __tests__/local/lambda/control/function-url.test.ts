import { apiOfEachTest, FUNCTIONS } from "./lambda-api";

const { call, create } = apiOfEachTest();

test("opens a function URL on a port of its own and closes it with the function", async () => {
  await create();
  const { status, body } = await call("POST", "/2021-10-31/functions/probe/url", { AuthType: "NONE" });
  expect(status).toBe(201);
  const address = String(body.FunctionUrl);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  expect((await fetch(address)).status).toBe(403); // no policy yet
  await call("POST", `${FUNCTIONS}/probe/policy`, {
    StatementId: "public",
    Action: "lambda:InvokeFunctionUrl",
    Principal: "*",
    FunctionUrlAuthType: "NONE",
  });
  expect(await (await fetch(`${address}?q=1`)).json()).toMatchObject({ got: { rawQueryString: "q=1" } });
  await call("DELETE", `${FUNCTIONS}/probe`);
  await expect(fetch(address)).rejects.toThrow();
});

test("keeps a function URL's CORS settings through an update without any, and takes them away with empty ones", async () => {
  await create();
  const path = "/2021-10-31/functions/probe/url";
  const Cors = { AllowOrigins: ["*"] };
  await call("POST", path, { AuthType: "AWS_IAM", Cors });
  await call("PUT", path, { AuthType: "NONE" });
  expect((await call("GET", path)).body).toMatchObject({ AuthType: "NONE", Cors });
  await call("PUT", path, { Cors: {} });
  expect((await call("GET", path)).body).not.toHaveProperty("Cors");
});
