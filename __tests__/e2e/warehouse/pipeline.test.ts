import { PATIENCE_MS, PipelineWarehouse } from "./harness";
import { loaderTests } from "./loader";
import { modelTests } from "./models";
import { replayTests } from "./replays";
import { rightsTests } from "./rights";
import { sessionTests } from "./sessions";

// One warehouse for all of them: to migrate one costs more than most tests.
const pipeline = new PipelineWarehouse();
jest.setTimeout(PATIENCE_MS);
beforeAll(async () => {
  await pipeline.start();
  await pipeline.migrate();
});
beforeEach(() => pipeline.empty());
afterAll(() => pipeline.stop());

loaderTests(pipeline);
sessionTests(pipeline);
modelTests(pipeline);
replayTests(pipeline);
rightsTests(pipeline);
