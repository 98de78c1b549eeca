import { parseFault } from "../../../local/faults/parse";

function problem(text: string): string {
  const parsed = parseFault(text);
  return "problem" in parsed ? parsed.problem : "none";
}

describe("a fault as it is written", () => {
  it.each([
    [
      "dynamodb:BatchWriteItem=throttle@0.3",
      { effect: { kind: "throttle" }, moments: { kind: "rate", rate: 0.3 } },
    ],
    [
      "firehose:PutRecordBatch=partial#5",
      { effect: { kind: "partial", share: 0.5 }, moments: { kind: "calls", from: 1, to: 5 } },
    ],
    ["firehose:PutRecordBatch=partial(1)", { effect: { kind: "partial", share: 1 } }],
    ["s3:*=error", { operation: "*", effect: { kind: "error" }, moments: { kind: "always" } }],
    [
      "s3:PutObject/lake=slow(250ms)@1",
      { resource: "lake", effect: { kind: "slow", delayMs: 250 }, moments: { kind: "rate", rate: 1 } },
    ],
    ["sqs:ReceiveMessage=timeout", { effect: { kind: "timeout", done: false, holdMs: 30_000 } }],
    ["sqs:DeleteMessageBatch=timeout(done)", { effect: { kind: "timeout", done: true, holdMs: 30_000 } }],
    ["sqs:SendMessage=timeout(undone, 2s)", { effect: { kind: "timeout", done: false, holdMs: 2_000 } }],
    ["redshift-data:BatchExecuteStatement=lost#1", { effect: { kind: "lost" } }],
    [
      "lambda:environment/load=kill(100ms)#3..3",
      {
        resource: "load",
        effect: { kind: "kill", afterMs: 100 },
        moments: { kind: "calls", from: 3, to: 3 },
      },
    ],
    ["lambda:poller=stop", { effect: { kind: "stop" } }],
    ["lambda:batch/transform=duplicate@0.5", { effect: { kind: "duplicate" } }],
    ["s3:notification=reorder", { effect: { kind: "reorder" } }],
    ["dynamodb:PutItem=throttle@0", { moments: { kind: "rate", rate: 0 } }],
  ])("%s", (text, expected) => {
    expect(parseFault(text)).toMatchObject({ fault: expected });
  });

  it.each([
    ["throttle everything", "a fault must be <service>:<operation>"],
    ["dynamo:PutItem=throttle", "the service must be one of dynamodb, dynamodbstreams, firehose, iam"],
    ["dynamodb:PutItems=throttle", 'dynamodb has no operation "PutItems"; there is PutItem'],
    ["sqs:receiveMessage=throttle", 'sqs has no operation "receiveMessage"'],
    ["lambda:environments=kill(1s)", 'lambda has no operation "environments"'],
    ["iam:GetRole/loader=error", "a resource can be named for dynamodb, firehose, lambda, s3, sqs"],
    ["dynamodb:PutItem=partial", "dynamodb:PutItem can have throttle, error, timeout, lost, slow, duplicate"],
    ["dynamodb:*=partial", 'got "partial"'],
    ["lambda:environment=throttle", 'lambda:environment can have kill, got "throttle"'],
    ["lambda:Invoke=kill(1s)", 'got "kill"'],
    ["sqs:ReceiveMessage=slow", 'slow must be written slow(500ms), got "slow()"'],
    ["sqs:ReceiveMessage=slow(500)", 'got "slow(500)"'],
    ["sqs:ReceiveMessage=slow(20m)", 'got "slow(20m)"'],
    ["sqs:ReceiveMessage=timeout(2s,done)", "timeout must be written"],
    ["firehose:PutRecordBatch=partial(0)", "partial must be written"],
    ["firehose:PutRecordBatch=throttle(1)", 'throttle must be written throttle, got "throttle(1)"'],
    ["s3:GetObject=error@1.5", 'the rate after @ must be from 0 to 1, got "1.5"'],
    ["s3:GetObject=error@", 'the rate after @ must be from 0 to 1, got ""'],
    ["s3:GetObject=error#0", "the calls after # must be a count such as 5"],
    ["s3:GetObject=error#5..3", 'got "5..3"'],
    ["s3:GetObject=error@0.5#3", "a fault must be"],
    ["lambda:poller=stop#2", "stop takes no rate and no calls"],
  ])("refuses %s and says what is allowed", (text, expected) => {
    expect(problem(text)).toContain(expected);
  });
});
