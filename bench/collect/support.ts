import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { SourceKind } from "../../handlers/event/stored/item";
import type { Bench, Case, Sample } from "../harness/case";
import { loadingOf, startDeployed, stopDeployed } from "../harness/deployed";

/** What is sent, as RudderStack's server was measured: batches of 20 events of 1 KB, of 5,000 users, for a minute. */
const EVENTS_A_BATCH = 20;
const EVENT_BYTES = 1_000;
const USERS = 5_000;
const SENDING_MS = 60_000;
const LIMIT_MS = 10_000;
/** As many requests are under way at once, and processes of the collector's function run: more only get in each other's way. */
const CONNECTIONS = 4;
const WARM_UP_MS = 15_000;
/** The loader is asked to run as `import --wait` does, not only at its schedule's minute. */
const WAKE_EVERY_MS = 2_000;
/** How long what is still under way may take to arrive. */
const PATIENCE_MS = 15 * 60_000;

/** What came of a minute's sending, in events a second. */
interface Measured {
  readonly acknowledged: number;
  /** What the warehouse held when the minute was over. */
  readonly arrived: number;
  /** A bare HTTP server that takes the same requests and answers them at once. */
  readonly limit: number;
}

const measured = new Map<SourceKind, Promise<Measured>>();

/**
 * A case of a minute's load through the local function URL into the warehouse; nothing may be lost. Two cases of one
 * kind of source, that ask for different sides of it, share a measurement.
 */
export function loadCase(
  kind: SourceKind,
  side: "acknowledged" | "arrived",
  { summary, least }: { readonly summary: string; readonly least: number },
): Case {
  return {
    summary,
    unit: "events/s",
    target: { of: "value", bound: "at least", is: least },
    runs: 1,
    prepare: async (bench) => async (): Promise<Sample> => {
      let outcome = measured.get(kind);
      if (outcome === undefined) {
        outcome = measure(bench, kind);
        measured.set(kind, outcome);
      }
      const { [side]: value, limit } = await outcome;
      return { value, limit };
    },
  };
}

async function measure(bench: Bench, kind: SourceKind): Promise<Measured> {
  bench.say("deploying a cloud of the benchmark's own (the first time it takes some minutes)");
  const { outputs } = await startDeployed(bench);
  try {
    const source = outputs.sources.find((one) => one.kind === kind);
    if (source === undefined) throw new Error(`no source is of kind ${kind}`);
    const loading = loadingOf(bench, outputs, Date.now() + SENDING_MS + PATIENCE_MS);
    const mark = randomUUID();
    const arrivedSoFar = () => loading.count(`select count(*) from events where event_name = '${mark}'`);
    const target = { url: new URL("v1/batch", outputs.collectorUrl), writeKey: source.writeKey, mark };
    bench.say(`warming up for ${WARM_UP_MS / 1_000} s`);
    await send(bench, { ...target, mark: randomUUID() }, WARM_UP_MS);
    bench.say(`sending for ${SENDING_MS / 1_000} s`);
    const waking = new AbortController();
    const wake = keepWaking(loading.wake, waking.signal);
    try {
      const acknowledged = await send(bench, target, SENDING_MS);
      const arrived = await arrivedSoFar();
      bench.say(`${acknowledged} events acknowledged, ${arrived} have arrived; waiting for the others`);
      const since = Date.now();
      for (let now = arrived; now < acknowledged; now = await arrivedSoFar()) {
        if (Date.now() - since > PATIENCE_MS)
          throw new Error(`${acknowledged} events were acknowledged, and ${now} arrived`);
        await sleep(1_000, undefined, { signal: bench.signal });
      }
      const different = await loading.count(
        `select count(distinct event_id) from events where event_name = '${mark}'`,
      );
      const all = await arrivedSoFar();
      if (all !== acknowledged || different !== acknowledged)
        throw new Error(
          `${acknowledged} events were acknowledged, ${all} arrived, ${different} of them different`,
        );
      bench.say(`all have arrived, ${Math.round((Date.now() - since) / 1_000)} s later`);
      const seconds = SENDING_MS / 1_000;
      return {
        acknowledged: acknowledged / seconds,
        arrived: arrived / seconds,
        limit: await limitOf(bench),
      };
    } finally {
      waking.abort();
      await wake;
    }
  } finally {
    await stopDeployed(bench);
  }
}

async function keepWaking(wake: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await wake();
    await sleep(WAKE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

interface Target {
  readonly url: URL;
  readonly writeKey: string;
  /** The events' name. */
  readonly mark: string;
}

/**
 * Sends batches as fast as they are answered.
 * @returns how many events were acknowledged.
 * @throws when an answer is neither 200 nor one after which a client tries again, or some events are not accepted.
 */
async function send({ signal }: Bench, target: Target, milliseconds: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const next = batches(target);
  const end = performance.now() + milliseconds;
  let acknowledged = 0;
  const connection = async () => {
    while (performance.now() < end) {
      const body = next();
      // A client keeps a batch until it is acknowledged.
      for (let answer = await post(agent, target, body, signal); ; ) {
        if (answer.status === 200) {
          if (answer.text.includes(`"accepted":${EVENTS_A_BATCH},`)) acknowledged += EVENTS_A_BATCH;
          else throw new Error(`not all of a batch was accepted: ${answer.text}`);
          break;
        }
        if (answer.status !== 503 && answer.status !== 429)
          throw new Error(`the collector answered ${answer.status}: ${answer.text}`);
        await sleep(250, undefined, { signal });
        answer = await post(agent, target, body, signal);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  } finally {
    agent.destroy();
  }
  return acknowledged;
}

function post(
  agent: Agent,
  { url, writeKey }: Target,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port, pathname } = url;
    const headers = {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const sent = request(
      { agent, hostname, port, path: pathname, method: "POST", headers, signal },
      (answer) => {
        let text = "";
        answer
          .setEncoding("utf8")
          .on("data", (part: string) => {
            text += part;
          })
          .on("end", () => resolve({ status: answer.statusCode ?? 0, text }))
          .on("error", reject);
      },
    );
    sent.on("error", reject).end(body);
  });
}

/** Makes batches; each event has an id of its own, and a user that is one of many. */
function batches({ mark }: Target): () => string {
  let count = 0;
  const words = Array.from({ length: 400 }, (_, index) => ((index * 2_654_435_761) >>> 7).toString(36));
  const event = (): string => {
    count += 1;
    const user = (count * 7_919) % USERS;
    const start = `{"type":"track","event":"${mark}","messageId":"${mark}-${count}","anonymousId":"visitor-${user}","userId":"user-${user}","timestamp":"${new Date().toISOString()}","properties":{"order_id":"o-${count}","category":"Shoes","price":${count % 300}.5,"text":"`;
    let text = "";
    for (let word = count; start.length + text.length < EVENT_BYTES - 4; word += 17)
      text += `${words[word % words.length]} `;
    return `${start}${text}"}}`;
  };
  return () => {
    const events = Array.from({ length: EVENTS_A_BATCH }, event);
    return `{"batch":[${events.join()}],"sentAt":"${new Date().toISOString()}"}`;
  };
}

const BARE_SERVER = `require("node:http").createServer((request, answer) => {
  request.resume().on("end", () => answer.end('{"accepted":${EVENTS_A_BATCH},}'));
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
process.stdin.resume().on("end", () => process.exit());`;

async function limitOf(bench: Bench): Promise<number> {
  // It ends with its standard input, and that with this process.
  const child = spawn(process.execPath, ["-e", BARE_SERVER], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
      child.once("error", reject);
    });
    const target = { url: new URL(`http://127.0.0.1:${port}/`), writeKey: "bench", mark: randomUUID() };
    return (await send(bench, target, LIMIT_MS)) / (LIMIT_MS / 1_000);
  } finally {
    child.kill();
  }
}
