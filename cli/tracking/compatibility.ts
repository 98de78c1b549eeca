import { isDeepStrictEqual } from "node:util";
import { isObjectSchema, type Schema } from "../../tracking-plan/build/schema";

/** A change of a schema that what reads or sends its events may not survive. */
export interface Break {
  /** JSON pointer of what changed, from the schema's root. */
  readonly path: string;
  readonly why: string;
}

type Keywords = Readonly<Record<string, unknown>>;
type Definitions = { readonly before: Keywords; readonly after: Keywords };

/** Keywords that say nothing of what is valid. */
const remarks: ReadonlySet<string> = new Set(
  "title description default examples deprecated readOnly writeOnly $comment $schema definitions contentMediaType contentEncoding".split(
    " ",
  ),
);

/** Bounds that a smaller, or a larger, number makes narrower. */
const lowest = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const highest = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

/** Keywords that `comparedObject` looks at; all others must stay as they are. */
const understood: ReadonlySet<string> = new Set([
  ...["type", "enum", "const", "required", "properties", "additionalProperties", "items"],
  ...["uniqueItems", "pattern", "format", "multipleOf", ...lowest, ...highest],
]);

/**
 * What a change of a schema breaks. A change is harmless when all that kept to the schema before keeps to it after, and
 * every property that was named is named still. Where that cannot be told, it counts as breaking.
 */
export function breaksBetween(before: Schema, after: Schema): Break[] {
  const definitions = {
    before: isObjectSchema(before) ? before : {},
    after: isObjectSchema(after) ? after : {},
  };
  return compared(before, after, "", definitions, new Set());
}

/** @param seen pairs of references that are being compared: a schema may contain itself. */
function compared(
  before: unknown,
  after: unknown,
  path: string,
  roots: Definitions,
  seen: ReadonlySet<string>,
): Break[] {
  if (before === false) return [];
  if (after === false) return [{ path, why: "nothing is allowed any more" }];
  const old = isObjectSchema(before) ? before : {};
  const now = isObjectSchema(after) ? after : {};
  const [oldRef, newRef] = [old.$ref, now.$ref];
  if (oldRef === undefined && newRef === undefined) return comparedObject(old, now, path, roots, seen);
  const pair = JSON.stringify([oldRef ?? path, newRef ?? path]);
  if (seen.has(pair)) return [];
  const inside = new Set([...seen, pair]);
  return compared(
    oldRef === undefined ? old : referred(roots.before, oldRef),
    newRef === undefined ? now : referred(roots.after, newRef),
    path,
    roots,
    inside,
  );
}

function comparedObject(
  old: Keywords,
  now: Keywords,
  path: string,
  roots: Definitions,
  seen: ReadonlySet<string>,
): Break[] {
  const part = (keyword: string): string => `${path}/${keyword}`;
  const unclear = [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((keyword) => !remarks.has(keyword) && !understood.has(keyword))
    .filter((keyword) => !isDeepStrictEqual(old[keyword], now[keyword]))
    .map((keyword) => ({
      path: part(keyword),
      why: `${keyword} changed, and that cannot be told to be harmless`,
    }));
  return [
    ...types(old, now, part("type")),
    ...values(old, now, path),
    ...bounds(old, now, path),
    ...texts(old, now, path),
    ...required(old, now, part("required")),
    ...properties(old, now, path, roots, seen),
    ...items(old, now, part("items"), roots, seen),
    ...unclear,
  ];
}

function types(old: Keywords, now: Keywords, path: string): Break[] {
  if (now.type === undefined) return [];
  const wider = listOf(now.type);
  const kept = (type: unknown): boolean =>
    wider.includes(type) || (type === "integer" && wider.includes("number"));
  if (old.type !== undefined && listOf(old.type).every(kept)) return [];
  const before = old.type === undefined ? "any" : listOf(old.type).join(" or ");
  return [{ path, why: `the type is narrowed from ${before} to ${wider.join(" or ")}` }];
}

function values(old: Keywords, now: Keywords, path: string): Break[] {
  const allowed = allowedBy(now);
  if (allowed === undefined) return [];
  const keyword = now.enum === undefined ? "const" : "enum";
  const before = allowedBy(old);
  if (before === undefined)
    return [{ path: `${path}/${keyword}`, why: `only ${shown(allowed)} are allowed now` }];
  const gone = before.filter((value) => !allowed.some((each) => isDeepStrictEqual(each, value)));
  return gone.length === 0 ? [] : [{ path: `${path}/${keyword}`, why: `${shown(gone)} is allowed no more` }];
}

function allowedBy({ enum: list, const: only }: Keywords): readonly unknown[] | undefined {
  if (Array.isArray(list)) return list;
  return only === undefined ? undefined : [only];
}

function bounds(old: Keywords, now: Keywords, path: string): Break[] {
  const narrower = (keyword: string, worse: (now: number, old: number) => boolean): Break[] => {
    const [from, to] = [old[keyword], now[keyword]];
    if (typeof to !== "number" || (typeof from === "number" && !worse(to, from))) return [];
    return [{ path: `${path}/${keyword}`, why: changed(keyword, from, to) }];
  };
  return [
    ...lowest.flatMap((keyword) => narrower(keyword, (to, from) => to > from)),
    ...highest.flatMap((keyword) => narrower(keyword, (to, from) => to < from)),
    ...narrower("multipleOf", (to, from) => from % to !== 0),
  ];
}

function texts(old: Keywords, now: Keywords, path: string): Break[] {
  const unlike = ["pattern", "format"].filter(
    (keyword) => now[keyword] !== undefined && now[keyword] !== old[keyword],
  );
  const unique = now.uniqueItems === true && old.uniqueItems !== true ? ["uniqueItems"] : [];
  return [...unlike, ...unique].map((keyword) => ({
    path: `${path}/${keyword}`,
    why: changed(keyword, old[keyword], now[keyword]),
  }));
}

function required(old: Keywords, now: Keywords, path: string): Break[] {
  const before = listOf(old.required);
  return listOf(now.required)
    .filter((name) => !before.includes(name))
    .map((name) => ({ path, why: `${shown([name])} is required now` }));
}

function properties(
  old: Keywords,
  now: Keywords,
  path: string,
  roots: Definitions,
  seen: ReadonlySet<string>,
): Break[] {
  const before = membersOf(old.properties);
  const after = membersOf(now.properties);
  const named = Object.keys(before).flatMap((name) => {
    const at = `${path}/properties/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return Object.hasOwn(after, name)
      ? compared(before[name], after[name], at, roots, seen)
      : [{ path: at, why: "the property is removed" }];
  });
  const others = now.additionalProperties;
  if (others === undefined || others === true || old.additionalProperties === false) return named;
  const at = `${path}/additionalProperties`;
  if (others === false) return [...named, { path: at, why: "other properties are allowed no more" }];
  return [...named, ...compared(old.additionalProperties ?? true, others, at, roots, seen)];
}

function items(
  old: Keywords,
  now: Keywords,
  path: string,
  roots: Definitions,
  seen: ReadonlySet<string>,
): Break[] {
  if (Array.isArray(old.items) || Array.isArray(now.items))
    return isDeepStrictEqual(old.items, now.items)
      ? []
      : [{ path, why: "items changed, and that cannot be told to be harmless" }];
  if (old.items === undefined && now.items === undefined) return [];
  return compared(old.items ?? true, now.items ?? true, path, roots, seen);
}

/** What `#/definitions/x` refers to. */
function referred(root: unknown, ref: unknown): unknown {
  let here = root;
  for (const part of decodeURIComponent(String(ref)).split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    here = typeof here === "object" && here !== null ? (here as Keywords)[name] : undefined;
  }
  return here ?? true;
}

function membersOf(value: unknown): Keywords {
  return isObjectSchema(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value].flat();
}

function shown(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}

function changed(keyword: string, from: unknown, to: unknown): string {
  return from === undefined
    ? `${keyword} ${JSON.stringify(to)} is demanded now`
    : `${keyword} is narrowed from ${JSON.stringify(from)} to ${JSON.stringify(to)}`;
}
