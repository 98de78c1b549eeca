const { default: Sequencer } = require("@jest/test-sequencer");

/** Runs tests that look at what all others did after them. */
module.exports = class extends Sequencer {
  sort(tests) {
    const last = ({ path }) => path.endsWith("iam/used.test.ts");
    const sorted = super.sort(tests);
    return [...sorted.filter((test) => !last(test)), ...sorted.filter(last)];
  }
};
