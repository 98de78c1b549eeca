const { availableParallelism } = require("node:os");

/** Unit tests are fast and pure; end-to-end projects share one deployment of the local cloud each, parts need none. */
const base = {
  transform: {
    "^.+\\.(ts|mjs)$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }],
  },
  testEnvironment: "node",
};

/** Slow tests of parts by themselves: the warehouse's engine, MiniStack, Terraform on an empty cloud, the snippet in its browser. */
const parts = ["warehouse", "questions", "local", "resources", "edge/terraform", "browser/snippet"].map(
  (part) => `<rootDir>/__tests__/e2e/${part}`,
);

/** Tests of what sends events, on a deployed cloud of their own: they break nothing for each other. */
const senders = ["browser/sdks", "clients/node", "collector", "edge/collector", "plan", "watch"].map(
  (sender) => `<rootDir>/__tests__/e2e/${sender}.test.ts`,
);

/** On a deployed local cloud, one for all. */
const deployed = {
  ...base,
  setupFiles: ["<rootDir>/__tests__/e2e/state.ts"],
  globalSetup: "<rootDir>/__tests__/e2e/setup.ts",
  globalTeardown: "<rootDir>/__tests__/e2e/teardown.ts",
};

module.exports = {
  // A test that hangs fails; one on a busy machine does not.
  testTimeout: 30_000,
  // Many tests wait on timers and sockets, not on the processor.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testSequencer: "./__tests__/e2e/sequencer.js",
  projects: [
    {
      ...base,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/e2e/"],
      globalSetup: "<rootDir>/__tests__/support/python.ts",
    },
    {
      ...deployed,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...parts, ...senders],
    },
    { ...deployed, displayName: "senders", testMatch: senders },
    {
      ...base,
      displayName: "parts",
      testMatch: parts.map((part) => `${part}{/**/*,}.test.ts`),
      globalSetup: "<rootDir>/__tests__/support/python.ts",
    },
  ],
};
