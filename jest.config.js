const { availableParallelism } = require("node:os");

/** Unit tests are fast and pure; the end-to-end project shares one deployment of the local cloud, parts need none. */
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
      ...base,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...parts],
      setupFiles: ["<rootDir>/__tests__/e2e/state.ts"],
      globalSetup: "<rootDir>/__tests__/e2e/setup.ts",
      globalTeardown: "<rootDir>/__tests__/e2e/teardown.ts",
    },
    {
      ...base,
      displayName: "parts",
      testMatch: parts.map((part) => `${part}{/**/*,}.test.ts`),
      globalSetup: "<rootDir>/__tests__/support/python.ts",
    },
  ],
};
