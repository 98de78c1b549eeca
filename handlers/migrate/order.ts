import type { Model, SqlFile } from "./files";

/** A model's file, and the view that it makes. */
type ViewFile = SqlFile & { readonly view: string; readonly text: string };

/**
 * Models in an order in which each stands behind those whose views it reads; by name where that leaves a choice.
 * @throws when some read each other in a circle, naming them.
 */
export function dependencyOrder(files: readonly ViewFile[]): Model[] {
  const direct = new Map(
    files.map((file) => [
      file.name,
      files.filter((other) => other !== file && readsView(file, other.view)).map(({ name }) => name),
    ]),
  );
  const ordered: Model[] = [];
  for (let left = [...files]; left.length > 0; ) {
    const done = new Map(ordered.map((model) => [model.name, model]));
    const next = left.find(({ name }) => direct.get(name)?.every((read) => done.has(read)));
    if (next === undefined)
      throw new Error(`these models read each other in a circle: ${left.map(({ name }) => name).join(", ")}`);
    const { name, statements, checksum } = next;
    const reads = new Set(direct.get(name)?.flatMap((read) => [read, ...(done.get(read)?.reads ?? [])]));
    ordered.push({ name, statements, checksum, reads: [...reads] });
    left = left.filter((file) => file !== next);
  }
  return ordered;
}

/** Whether statements name a view behind FROM or JOIN. Comments and texts do not count. */
function readsView({ statements }: ViewFile, view: string): boolean {
  const code = statements.join("\n").replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, " ");
  return new RegExp(`\\b(?:from|join)\\s+(?:public\\.)?"?${view}"?\\b(?!\\s*\\.)`, "i").test(code);
}
