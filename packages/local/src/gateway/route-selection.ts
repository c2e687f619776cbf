/** Which route a message takes (RT-4, RT-5, RT-9). */

import { selectedBy } from '../languages/selection-expression.ts';

/** Only the gateway sends these. A client cannot select them (RT-9, a choice of this emulator). */
const LIFECYCLE_ROUTES: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

/** The route key that the expression selects, if the route exists. Otherwise `$default`, if it exists. */
export function selectRoute(
  expression: string,
  body: string,
  routes: { has(key: string): boolean },
): string | undefined {
  const selected = selectedBy(expression, body);
  if (selected !== undefined && routes.has(selected) && !LIFECYCLE_ROUTES.has(selected)) return selected;
  return routes.has('$default') ? '$default' : undefined;
}
