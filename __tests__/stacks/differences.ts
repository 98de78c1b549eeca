type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Where two synthesized values differ, by path: what stands in the one, and what in the other. Policies and
 * other JSON in strings are compared as what they mean.
 */
export function differences(one: unknown, other: unknown): Record<string, { one?: Json; other?: Json }> {
  const found: Record<string, { one?: Json; other?: Json }> = {};
  compare(one as Json, other as Json, "", found);
  return found;
}

function compare(
  one: Json | undefined,
  other: Json | undefined,
  path: string,
  found: Record<string, { one?: Json; other?: Json }>,
): void {
  const [left, right] = [readable(one), readable(other)];
  if (isBranch(left) && isBranch(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    for (const key of [...keys].sort())
      compare(left[key], right[key], path === "" ? key : `${path}.${key}`, found);
  } else if (left !== right) {
    found[path] = {
      ...(left === undefined ? {} : { one: left }),
      ...(right === undefined ? {} : { other: right }),
    };
  }
}

function readable(value: Json | undefined): Json | undefined {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function isBranch(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null;
}
