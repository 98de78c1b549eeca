import { Concurrency } from "../../../../local/lambda/execution/concurrency";

const reason = (Reason: string) =>
  expect.objectContaining({ status: 429, members: { Type: "User", Reason } });

test("limits how many executions there are at once", () => {
  const concurrency = new Concurrency(
    () => 2,
    () => 0,
  );
  concurrency.enter();
  concurrency.enter();
  expect(() => concurrency.enter()).toThrow(reason("ReservedFunctionConcurrentInvocationLimitExceeded"));
  concurrency.leave();
  concurrency.enter();
});

test("limits executions to ten a second for each that is reserved", () => {
  let now = 0;
  const concurrency = new Concurrency(
    () => 1,
    () => now,
  );
  const once = (): void => {
    concurrency.enter();
    concurrency.leave();
  };
  for (let count = 0; count < 10; count += 1) once();
  expect(once).toThrow(reason("ReservedFunctionInvocationRateLimitExceeded"));
  now = 1_000;
  expect(once).not.toThrow();
});

test("limits nothing without a reservation, and everything with none left", () => {
  const free = new Concurrency(() => undefined);
  for (let count = 0; count < 100; count += 1) free.enter();
  expect(() => new Concurrency(() => 0).enter()).toThrow(
    reason("ReservedFunctionConcurrentInvocationLimitExceeded"),
  );
});
