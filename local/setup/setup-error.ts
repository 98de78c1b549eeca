/** What this machine lacks, as a sentence that says what to do about it. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}
