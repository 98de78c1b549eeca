import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { Case } from "../harness/case";
import { median } from "../harness/numbers";

const TableName = "bench-gateway";
const Key = { id: { S: "one" } };
const PAIRS = 300;

export default {
  summary:
    "What passing a request on to the store adds to its latency, at the median; the limit is the store's own",
  unit: "ms",
  target: { of: "value", bound: "at most", is: 1 },
  async prepare({ cloud, signal }) {
    const { aws, storeUrl } = await cloud();
    const through = new DynamoDBClient(aws);
    const direct = new DynamoDBClient({ ...aws, endpoint: storeUrl });
    await through.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    await through.send(new PutItemCommand({ TableName, Item: Key }));
    const milliseconds = async (client: DynamoDBClient): Promise<number> => {
      const started = performance.now();
      await client.send(new GetItemCommand({ TableName, Key }));
      return performance.now() - started;
    };
    const measure = async (pairs = PAIRS) => {
      const times = { through: [] as number[], direct: [] as number[] };
      // In turns, so that a busy moment of the machine meets both.
      for (let pair = 0; pair < pairs && !signal.aborted; pair += 1) {
        times.through.push(await milliseconds(through));
        times.direct.push(await milliseconds(direct));
      }
      const limit = median(times.direct);
      return { value: Math.max(median(times.through) - limit, 0), limit };
    };
    await measure(100);
    return () => measure();
  },
} satisfies Case;
