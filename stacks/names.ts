/** Every name that a resource bears in AWS. Names tell what may be told without asking Terraform. */
export function namesOf(environment: string, account: string, region: string) {
  const named = <Part extends string>(part: Part) => `clickstream-${environment}-${part}`;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  return {
    stack: named,
    /** Bucket names are everyone's: the account tells this one from another's of the same name. */
    stateBucket: `clickstream-terraform-${account}-${region}`,
    outputsParameter: `/clickstream/${environment}/outputs`,
    arn,

    keyAlias: `alias/${named("data")}`,
    eventsTable: named("events"),
    lakeBucket: `${named("lake")}-${account}`,
    network: named("warehouse"),
    namespace: named("warehouse"),
    workgroup: named("warehouse"),
    database: "clickstream",
    copyRole: named("copy"),

    functions: {
      collect: named("collect"),
      transform: named("transform"),
      load: named("load"),
      migrate: named("migrate"),
      replay: named("replay"),
    },
    countryLayer: named("countries"),
    streams: { raw: named("raw"), events: named("events"), failed: named("failed") },
    deliveryRole: named("delivery"),
    deliveryLogs: `/aws/kinesisfirehose/${named("delivery")}`,
    cachePolicy: named("collect"),
    requestPolicy: named("collect"),
    webAcl: named("collect"),
    lakeQueue: named("lake"),
    lakeDeadLetters: named("lake-dead-letters"),
    attentionQueue: named("attention"),
    loadSchedule: named("load"),
    sweepSchedule: named("sweep"),
    scheduleRole: named("schedule"),

    alarmTopic: named("alarms"),
    alarm: (what: string) => named(what),
    dashboard: named("pipeline"),
    budget: named("monthly"),
  } as const;
}

export type Names = ReturnType<typeof namesOf>;
