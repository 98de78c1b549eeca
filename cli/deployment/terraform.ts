import { run } from "../../local/setup/run";
import { UserError } from "../terminal";
import type { SynthesizedStack } from "./synth";

/** How Terraform is called. */
export interface Terraform {
  readonly binary: string;
  /** The whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Ends Terraform when it fires; Terraform then finishes what it began and saves its state. */
  readonly signal?: AbortSignal;
}

/** What a plan would do. */
export interface Plan {
  /** Whether anything would change. */
  readonly changes: boolean;
  /** Terraform's own words. */
  readonly text: string;
}

/** What a deploy would do to a resource. */
export interface ResourceChange {
  /** As Terraform calls it: `aws_s3_bucket.lake_bucket_7B773D1A`. */
  readonly address: string;
  readonly action: "create" | "update" | "delete" | "replace";
}

/** A line of `terraform apply -json`. @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui */
interface Message {
  readonly type: string;
  readonly "@message"?: string;
  readonly hook?: { readonly resource?: { readonly addr?: string } };
  readonly change?: { readonly resource?: { readonly addr?: string }; readonly action?: string };
  readonly changes?: { readonly add: number; readonly change: number; readonly remove: number };
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string };
}

/** Makes a stack's folder ready. @throws UserError with Terraform's words. */
export async function init(terraform: Terraform, stack: SynthesizedStack): Promise<void> {
  const result = await call(terraform, stack, ["init", "-input=false", "-no-color"]);
  if (result.code !== 0)
    throw new UserError(`terraform init of ${stack.name} failed:\n${result.stderr.trim()}`);
}

/**
 * Applies a stack.
 * @param say is told how far it is: "12 of 41 · aws_s3_bucket.lake".
 * @throws UserError with every error that Terraform reported.
 */
export async function apply(
  terraform: Terraform,
  stack: SynthesizedStack,
  say: (what: string) => void,
): Promise<void> {
  let planned = 0;
  let done = 0;
  const errors: string[] = [];
  const onLine = (line: string): void => {
    const message = parse(line);
    if (message === undefined) return;
    if (message.type === "change_summary" && message.changes !== undefined && planned === 0)
      planned = message.changes.add + message.changes.change + message.changes.remove;
    if (message.type === "apply_complete") done += 1;
    if (message.type === "apply_start" || message.type === "apply_complete")
      say(`${done} of ${planned} · ${message.hook?.resource?.addr ?? ""}`);
    errors.push(...errorsOf(message));
  };
  const result = await call(terraform, stack, ["apply", "-input=false", "-auto-approve", "-json"], onLine);
  if (result.code !== 0) {
    const reason = errors.length > 0 ? errors.join("\n\n") : result.stderr.trim();
    throw new UserError(`terraform apply of ${stack.name} failed:\n${reason}`);
  }
}

/** Plans a stack and changes nothing. @throws UserError when the plan itself fails. */
export async function plan(terraform: Terraform, stack: SynthesizedStack): Promise<Plan> {
  const result = await call(terraform, stack, ["plan", "-input=false", "-no-color", "-detailed-exitcode"]);
  if (result.code !== 0 && result.code !== 2)
    throw new UserError(`terraform plan of ${stack.name} failed:\n${result.stderr.trim()}`);
  return { changes: result.code === 2, text: result.stdout };
}

/** Plans a stack, changes nothing, and lists what would change. @throws UserError with every error of Terraform's. */
export async function planChanges(terraform: Terraform, stack: SynthesizedStack): Promise<ResourceChange[]> {
  const changes: ResourceChange[] = [];
  const errors: string[] = [];
  const result = await call(terraform, stack, ["plan", "-input=false", "-json"], (line) => {
    const message = parse(line);
    const { resource, action } = message?.change ?? {};
    if (message?.type === "planned_change" && isChange(action))
      changes.push({ address: resource?.addr ?? "", action });
    if (message !== undefined) errors.push(...errorsOf(message));
  });
  if (result.code === 0) return changes;
  throw new UserError(errors.length > 0 ? errors.join("\n\n") : result.stderr.trim());
}

/** Others leave a resource as it is: reading data, moving it within the state, nothing. */
function isChange(action: string | undefined): action is ResourceChange["action"] {
  return action === "create" || action === "update" || action === "delete" || action === "replace";
}

function errorsOf({ type, diagnostic }: Message): string[] {
  if (type !== "diagnostic" || diagnostic?.severity !== "error") return [];
  return [[diagnostic.summary, diagnostic.detail ?? ""].join("\n").trim()];
}

function call(
  terraform: Terraform,
  stack: SynthesizedStack,
  args: readonly string[],
  onLine?: (line: string) => void,
): ReturnType<typeof run> {
  return run(terraform.binary, args, {
    cwd: stack.folder,
    env: terraform.env,
    ...(onLine === undefined ? {} : { onLine }),
    ...(terraform.signal === undefined ? {} : { signal: terraform.signal }),
  });
}

function parse(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined; // a line that is no message says nothing of progress
  }
}
