// Written by `npm run schema -- --types` from tracking-plan/. Include it where `track` is called: calls are checked then.
import type {} from "./types";

/**
 * The events of the tracking plan, with their properties.
 */
export interface Plan {
  "File Downloaded": FileDownloaded;
  "Order Completed": OrderCompleted;
  "Outbound Link Clicked": OutboundLinkClicked;
  "Product Added": ProductAdded;
  "Product Viewed": ProductViewed;
  "Signed Up": SignedUp;
}
/**
 * A visitor has followed a link to a file. The snippet records it.
 */
export interface FileDownloaded {
  /**
   * Address of the file
   */
  url: string;
  /**
   * What the link says
   */
  text?: string;
  [k: string]: unknown;
}
/**
 * A visitor has ordered, and the order is accepted.
 */
export interface OrderCompleted {
  /**
   * The shop's number of the order
   */
  order_id: string;
  /**
   * What the order brought, in currency
   */
  revenue: number;
  /**
   * Currency, ISO 4217
   */
  currency: string;
  /**
   * Code of the coupon that was used
   */
  coupon?: string;
  /**
   * What was ordered
   */
  products?: Product[];
  [k: string]: unknown;
}
export interface Product {
  product: string;
  price?: number;
  quantity?: number;
  [k: string]: unknown;
}
/**
 * A visitor has followed a link to another site. The snippet records it.
 */
export interface OutboundLinkClicked {
  /**
   * Where the link leads
   */
  url: string;
  /**
   * What the link says
   */
  text?: string;
  [k: string]: unknown;
}
/**
 * A visitor has put a product into the cart.
 */
export interface ProductAdded {
  /**
   * The product's number or short name
   */
  product: string;
  /**
   * Price of one, in currency
   */
  price?: number;
  /**
   * Currency, ISO 4217
   */
  currency?: string;
  /**
   * How many
   */
  quantity?: number;
  [k: string]: unknown;
}
/**
 * A visitor looks at a product.
 */
export interface ProductViewed {
  /**
   * The product's number or short name
   */
  product: string;
  /**
   * What it belongs to
   */
  category?: string;
  /**
   * Price of one, in currency
   */
  price?: number;
  /**
   * Currency, ISO 4217
   */
  currency?: string;
  [k: string]: unknown;
}
/**
 * A visitor has made an account.
 */
export interface SignedUp {
  /**
   * What was chosen: basic, gold
   */
  plan?: string;
  [k: string]: unknown;
}

declare module "./types" {
  interface PlannedEvents extends Plan {}
}
