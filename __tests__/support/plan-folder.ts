import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder with a tracking plan: files by name, each an object or text as it is. */
export function planFolder(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), "clickstream-plan-"));
  folders.push(root);
  mkdirSync(join(root, "tracking-plan"));
  for (const [name, content] of Object.entries(files))
    writeFileSync(
      join(root, "tracking-plan", name),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  return root;
}

/** A file of the plan, with what every file must say. */
export function eventFile(event: string, versions: unknown, more: object = {}): object {
  return { event, owner: "a team", description: "Something happened.", versions, ...more };
}

/** A version whose properties are an object of these, some of them required. */
export function propertiesOf(properties: object, required: readonly string[] = []): object {
  return { properties: { type: "object", properties, required } };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
