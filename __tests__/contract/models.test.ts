import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stateRoot } from "../../cli/paths";
import { whole } from "../../local/service/constraints";
import { botocoreModel, MODELLED, modelPath } from "../../local/service/model/botocore";
import { extract } from "../../local/service/model/extract";
import { serviceModel } from "../../local/service/model/load";

describe.each(MODELLED)("the model of %s", (service) => {
  it("is that of the botocore in requirements.txt; if not, run local/service/model/generate.ts", () => {
    const extracted = `${JSON.stringify(extract(botocoreModel(join(stateRoot, "python"), service)))}\n`;
    expect(readFileSync(modelPath(service), "utf8") === extracted).toBe(true);
  });

  it("has patterns that can all be checked", () => {
    const patterns = Object.values(serviceModel(service).shapes).flatMap(({ pattern }) => pattern ?? []);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) expect(() => whole(pattern)).not.toThrow();
  });
});
