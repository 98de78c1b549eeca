import type { CanonicalEvent, Json } from "../../event/event";
import { isObject } from "../../event/json";
import { FittedAdditions, NOTHING } from "../additions";
import { cached } from "../cache";

/** More than any screen has; what is larger is a mistake. */
const MOST_PIXELS = 100_000;

/** The size of the window, in pixels of CSS, and how the screen is held. */
export function addScreen({ screen_width, screen_height, context }: CanonicalEvent): FittedAdditions {
  const [width, height] = context === undefined ? NO_SIZE : viewportOf(context);
  if (width === undefined && screen_width === undefined) return NOTHING;
  return describe(`${width ?? ""} ${height ?? ""} ${screen_width ?? ""} ${screen_height ?? ""}`);
}

type Size = readonly [width: number | undefined, height: number | undefined];
const NO_SIZE: Size = [undefined, undefined];

/** There are many sizes of windows, but a visitor changes it rarely. */
const describe = cached((sizes): FittedAdditions => {
  const [width, height, screenWidth, screenHeight] = sizes
    .split(" ")
    .map((size) => (size === "" ? undefined : Number(size)));
  return FittedAdditions.fit({
    viewport_width: width,
    viewport_height: height,
    screen_orientation: orientationOf(screenWidth, screenHeight),
  });
}, 5_000);

function orientationOf(width: number | undefined, height: number | undefined): string | undefined {
  if (width === undefined || height === undefined || width <= 0 || height <= 0) return undefined;
  if (width === height) return "square";
  return width > height ? "landscape" : "portrait";
}

/** Where clients say it: Snowplow's `vp`, RudderStack's `context.screen`, what others call `viewport`. */
function viewportOf(context: { readonly [name: string]: Json }): Size {
  const { viewport, screen } = context;
  if (isObject(viewport)) return sizeOf(viewport.width, viewport.height);
  return isObject(screen) ? sizeOf(screen.innerWidth, screen.innerHeight) : NO_SIZE;
}

function sizeOf(width: Json | undefined, height: Json | undefined): Size {
  return isSize(width) && isSize(height) ? [Math.round(width), Math.round(height)] : NO_SIZE;
}

function isSize(value: Json | undefined): value is number {
  return typeof value === "number" && value > 0 && value < MOST_PIXELS;
}
