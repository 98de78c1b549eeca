/**
 * What the compiler says of calls, with the plan's types: `npm run check` compiles this file, and each line behind an
 * `@ts-expect-error` must be refused.
 */
import "../../browser/plan";
import type { Clickstream } from "../../browser/types";

export function calls({ track, page }: Clickstream): void {
  track("Order Completed", { order_id: "o-1", revenue: 79.5, currency: "EUR" });
  track("Order Completed", {
    order_id: "o-1",
    revenue: 79.5,
    currency: "EUR",
    products: [{ product: "assam", quantity: 1 }],
    more: "what the plan does not name may be said too",
  });
  track("Product Viewed", { product: "assam" });
  track("Signed Up");
  track("Signed Up", { plan: "gold" });
  page("Cart", { any: "properties" });

  // @ts-expect-error it is in no plan
  track("Order Complete", { order_id: "o-1", revenue: 79.5, currency: "EUR" });
  // @ts-expect-error a required property is missing
  track("Order Completed", { order_id: "o-1", revenue: 79.5 });
  // @ts-expect-error properties are required
  track("Order Completed");
  // @ts-expect-error a number is no text
  track("Order Completed", { order_id: "o-1", revenue: "79.50", currency: "EUR" });
  // @ts-expect-error a product must say which
  track("Order Completed", { order_id: "o-1", revenue: 1, currency: "EUR", products: [{ quantity: 1 }] });
  // @ts-expect-error an optional property has its type too
  track("Signed Up", { plan: 1 });
}
