import { bindParameters } from "../../../cli/asking/question";
import { questionNamed } from "../../../cli/asking/questions";
import type { CsvMap } from "../../../cli/importing/csv/map";
import { csvReader } from "../../../cli/importing/csv/reader";
import { combinedParser } from "../../../cli/importing/formats/combined";
import { lineIds, type Message } from "../../../cli/importing/message";
import type { LakeFile } from "../../../handlers/load/queue/notification";
import { transform } from "../../../handlers/transform/transform";
import type { Value } from "../../../handlers/warehouse/rows";
import { basic, post } from "../../handlers/collect/requests";
import { enrichAll } from "../../handlers/enrich/events";
import { noPlan, record } from "../../handlers/transform/records";
import { PipelineWarehouse } from "../warehouse/harness";

const BATCH = 200;
/** Lines of a file of the lake. */
const FILE = 20_000;

/** Messages of an access log's lines, as `npm run import` makes them. */
export function messagesOf(lines: readonly string[]): Message[] {
  const idOf = lineIds();
  const parse = combinedParser();
  return lines.map((line, at) => parse(line, at + 1, idOf(line)));
}

/** Messages of a CSV file's records, read by a mapping, as `npm run import` makes them. */
export function csvMessagesOf(lines: readonly string[], map: CsvMap): Message[] {
  const idOf = lineIds();
  const { read } = csvReader(map);
  return lines.flatMap((line, at) => read(line, at + 1, idOf(line)) ?? []);
}

/** The real collector, transform, loader, models and engine; only the services between them are left out. */
export class AskedWarehouse {
  readonly #pipeline = new PipelineWarehouse();

  /** @returns how many events there are then. */
  async start(messages: readonly Message[]): Promise<number> {
    await this.#pipeline.start();
    await this.#pipeline.migrate();
    const lines: string[] = [];
    for (let at = 0; at < messages.length; at += BATCH) {
      const batch = messages.slice(at, at + BATCH);
      const { items } = post({ batch }, { headers: { authorization: basic("server-key") } });
      lines.push(
        ...transform(
          items.map((item) => record(item)),
          enrichAll,
          noPlan,
        ).lines.events,
      );
    }
    const files: LakeFile[] = [];
    for (let at = 0; at < lines.length; at += FILE)
      files.push(this.#pipeline.file(`events/${at}`, ...lines.slice(at, at + FILE)));
    await this.#pipeline.load(...files);
    return lines.length;
  }

  stop(): Promise<void> {
    return this.#pipeline.stop();
  }

  /** The rows of a question, asked as `npm run query -- --name … --param …` does. */
  async ask(name: string, ...params: readonly string[]): Promise<readonly (readonly Value[])[]> {
    const question = questionNamed(name);
    const parameters = bindParameters(question, params, new Date());
    return (await this.#pipeline.migrateDeps().warehouse.query(question.sql, { parameters })).rows;
  }
}
