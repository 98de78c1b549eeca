import { join } from "node:path";
import { App } from "cdktf";
import { environmentsOf } from "./stacks/config";
import { STATE_FOLDER } from "./stacks/constructs/deployment";
import { DataStack } from "./stacks/data-stack";
import { bundleHandlers, FUNCTIONS_FOLDER } from "./stacks/functions/bundle";
import { bundleCountries } from "./stacks/functions/countries";
import { OperationsStack } from "./stacks/operations-stack";
import { PipelineStack } from "./stacks/pipeline-stack";

const { CLICKSTREAM_ENV: only, CLICKSTREAM_STATE: stateRoot = join(__dirname, ".local") } = process.env;

const app = new App({ context: { [STATE_FOLDER]: join(stateRoot, "terraform") } });
const folder = join(app.outdir, FUNCTIONS_FOLDER);
const bundles = { ...bundleHandlers(__dirname, folder), countries: bundleCountries(folder) };

for (const environment of environmentsOf(only)) {
  const { stack } = environment.names;
  const data = new DataStack(app, stack("data"), { environment });
  new PipelineStack(app, stack("pipeline"), { environment, data, bundles });
  new OperationsStack(app, stack("operations"), { environment, data });
}

app.synth();
