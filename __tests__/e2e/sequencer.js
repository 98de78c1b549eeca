const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Tests that come before all others, in this order: one makes the transform's mapping anew, which then reads the table's
 * stream from its beginning, and one leaves a record in the stream that can never be read.
 */
const first = ["e2e/migration.test.ts", "e2e/replay.test.ts"];

/**
 * Tests that come after all others, in this order: one puts so many events into the warehouse that each later look at
 * it takes longer, one puts files into the lake that nothing collected, after which the warehouse cannot balance, and
 * one looks at what all the others used.
 */
const last = ["e2e/import.test.ts", "e2e/loading.test.ts", "e2e/iam/used.test.ts"];

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const early = named(first, sorted);
    const late = named(last, sorted);
    return [...early, ...sorted.filter((test) => !early.includes(test) && !late.includes(test)), ...late];
  }
};

/** Those of the tests that are listed, in the list's order. */
function named(list, tests) {
  return list.flatMap((name) => tests.filter(({ path }) => path.endsWith(name)));
}
