const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Tests that come after all others, in this order: one puts so many events into the warehouse that each later look at
 * it takes longer, one puts files into the lake that nothing collected, after which the warehouse cannot balance, and
 * one looks at what all the others used.
 */
const last = ["e2e/import.test.ts", "e2e/loading.test.ts", "e2e/iam/used.test.ts"];

module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => last.findIndex((name) => path.endsWith(name));
    const sorted = super.sort(tests);
    const late = sorted.filter((test) => place(test) >= 0).sort((one, other) => place(one) - place(other));
    return [...sorted.filter((test) => place(test) < 0), ...late];
  }
};
