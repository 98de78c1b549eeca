import { invalid } from "../router";

/** Refuses a number outside its range. */
export function range(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && (!Number.isInteger(value) || value < least || value > most))
    throw invalid(`${name} must be between ${least} and ${most}, got ${value}`);
}

/**
 * Refuses a destination that could not be delivered to.
 * @param services that may be one. EventBridge, which AWS has too, is not emulated.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function checkDestination(name: string, arn: string | undefined, services: readonly string[]): void {
  if (arn === undefined || arn === "") return;
  const service = arn.split(":")[2] ?? "";
  if (!arn.startsWith("arn:") || !services.includes(service) || arn.endsWith(".fifo"))
    throw invalid(`${name} must be the ARN of a standard destination of ${services.join(", ")}, got ${arn}`);
}
