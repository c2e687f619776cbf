/** Which route a message takes (RT-1 to RT-9). */

/** Only the gateway sends these. A client cannot select them (RT-9, a choice of this emulator). */
const LIFECYCLE_ROUTES: ReadonlySet<string> = new Set(['$connect', '$disconnect']);

const VARIABLE = /\\(.)|\$\{request\.body\.([^}]+)\}|\$request\.body\.((?:[\w.]|\[\d+\])+)/g;

/** The route key that the expression selects, if the route exists. Otherwise `$default`, if it exists. */
export function selectRoute(
  expression: string,
  body: string,
  routes: { has(key: string): boolean },
): string | undefined {
  const selected = evaluate(expression, body);
  if (selected !== undefined && routes.has(selected) && !LIFECYCLE_ROUTES.has(selected)) return selected;
  return routes.has('$default') ? '$default' : undefined;
}

/** Replaces variables once, without recursion (RT-3). A body that is not JSON or nests too deep selects nothing (RT-5). */
function evaluate(expression: string, body: string): string | undefined {
  try {
    const document: unknown = JSON.parse(body);
    return expression.replaceAll(VARIABLE, (_match, escaped?: string, braced?: string, bare?: string) => {
      return escaped ?? stringify(lookUp(document, stepsOf(braced ?? bare ?? '')));
    });
  } catch {
    return undefined;
  }
}

/** A JSONPath may have names and indexes: `items[0].kind` (RT-2). */
function stepsOf(path: string): string[] {
  return path.split(/[.[\]]+/).filter((step) => step !== '');
}

/** A missing path is the empty string (RT-2). Only own members count, because every object inherits `constructor`. */
function lookUp(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const member of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, member)) return '';
    found = Object.entries(found).find(([name]) => name === member)?.[1];
  }
  return found;
}

/** An array becomes the text `[item1, item2]` (RT-2). */
function stringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stringify).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
