const NAMESPACE = "Clickstream";

/**
 * Counts, written as CloudWatch embedded metrics to standard output. Every line is billed as log, so a busy
 * function writes its sums only every few seconds; what it counted since is lost when it is never called again.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class Metrics<Name extends string> {
  private counts = new Map<Name, number>();
  private flushedAt = Number.NEGATIVE_INFINITY;

  /**
   * @param handler name of the handler: the metrics' only dimension.
   * @param everyMs the least time between two lines.
   * @param write takes a whole line. By default not the console, which Lambda wraps in a log record of its own.
   */
  constructor(
    private readonly handler: string,
    private readonly everyMs: number,
    private readonly write: (line: string) => void = (line) => {
      process.stdout.write(line);
    },
  ) {}

  /** Adds to counts; those of zero are left out. */
  add(counts: { readonly [name in Name]?: number }): void {
    for (const [name, count] of Object.entries(counts) as [Name, number][])
      if (count > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  /** Writes what was counted, if it is time. @param now milliseconds since 1970. */
  flush(now: number): void {
    if (this.counts.size === 0 || now - this.flushedAt < this.everyMs) return;
    const metrics = [...this.counts.keys()].map((name) => ({ Name: name, Unit: "Count" }));
    const line = {
      _aws: {
        Timestamp: now,
        CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [["handler"]], Metrics: metrics }],
      },
      handler: this.handler,
      ...Object.fromEntries(this.counts),
    };
    this.write(`${JSON.stringify(line)}\n`);
    this.counts = new Map();
    this.flushedAt = now;
  }
}
