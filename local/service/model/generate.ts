import { writeFileSync } from "node:fs";
import { botocoreModel, MODELLED, modelPath } from "./botocore";
import { extract } from "./extract";

/** `npx tsx local/service/model/generate.ts [<folder of the Python environment>]`, after botocore's version changed. */
const [environment = ".local/python"] = process.argv.slice(2);
for (const service of MODELLED)
  writeFileSync(modelPath(service), `${JSON.stringify(extract(botocoreModel(environment, service)))}\n`);
