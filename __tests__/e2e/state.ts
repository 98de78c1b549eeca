import { testState } from "./verb";

// What the tests call in their own process works on the tests' cloud too.
process.env.CLICKSTREAM_STATE = testState;
