import { localEnvironment } from "../../../local/cloud";

describe("the environment of a process that shall see the local cloud", () => {
  it("has nothing of the user's own AWS, and all else", () => {
    const env = localEnvironment(
      { gatewayUrl: "http://127.0.0.1:20000" },
      {
        PATH: "/bin",
        AWS_PROFILE: "work",
        AWS_SESSION_TOKEN: "secret",
        AWS_REGION: "eu-west-1",
        UNSET: undefined,
      },
    );
    expect(env).toMatchObject({
      PATH: "/bin",
      AWS_ENDPOINT_URL: "http://127.0.0.1:20000",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(["AWS_PROFILE"]));
    expect(env).not.toHaveProperty("AWS_SESSION_TOKEN");
    expect(env).not.toHaveProperty("UNSET");
  });
});
