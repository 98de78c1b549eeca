import { AwsError } from "../../service/aws";

/** Requests a second for each execution at once that a function has reserved. */
const RATE_PER_EXECUTION = 10;

/**
 * How much of a function's reserved concurrency is in use, over all its versions. Without a reservation nothing is
 * limited here.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling
 */
export class Concurrency {
  #active = 0;
  #secondAt = Number.NEGATIVE_INFINITY;
  #inSecond = 0;

  /** @param reserved what the function has reserved now. @param now ms, of any clock that never goes back. */
  constructor(
    readonly reserved: () => number | undefined,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Begins an execution. @throws TooManyRequestsException when the reservation, or its rate, is used up. */
  enter(): void {
    const reserved = this.reserved();
    if (reserved !== undefined) {
      if (this.#active >= reserved) throw throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
      const now = this.now();
      if (now - this.#secondAt >= 1_000) {
        this.#secondAt = now;
        this.#inSecond = 0;
      }
      if (this.#inSecond >= reserved * RATE_PER_EXECUTION)
        throw throttled("ReservedFunctionInvocationRateLimitExceeded");
      this.#inSecond += 1;
    }
    this.#active += 1;
  }

  /** Ends an execution. */
  leave(): void {
    this.#active -= 1;
  }
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export function throttled(reason: string): AwsError {
  return new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Type: "User", Reason: reason });
}
