/** The template by which a WebSocket API finds the route of a message: text and variables with paths (RT-1 to RT-3). */

const IN_BRACKETS = String.raw`\[(?:\d+|'[^']*'|"[^"]*")\]`;

/** Without braces a name ends before the first character that no name has, because text may follow. */
const BARE_PATH = `(?:\\.\\w+|${IN_BRACKETS})+`;

const PATH_IN_BRACES = String.raw`(?:\.[^.[\]{}()'"*?@]+|${IN_BRACKETS})+`;

const VARIABLE = new RegExp(
  `\\\\(.)|\\$\\{request\\.body(${PATH_IN_BRACES})\\}|\\$request\\.body(${BARE_PATH})`,
  'g',
);

const EACH_STEP = /\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]|\.([^.[]+)/g;

/** What a variable begins with. A variable that `VARIABLE` does not match has a path that cannot be read here. */
const REST_OF_VARIABLE = /\$\{|\$request\b/;

/** Whether each variable has a path of names and indexes. Other JSONPaths, such as filters, cannot be read here (RT-2). */
export function isReadable(expression: string): boolean {
  return !REST_OF_VARIABLE.test(expression.replaceAll(VARIABLE, ''));
}

/** Replaces variables once, without recursion (RT-3). A body that is not JSON or nests too deep selects nothing (RT-5). */
export function selectedBy(expression: string, body: string): string | undefined {
  try {
    const document: unknown = JSON.parse(body);
    return expression.replaceAll(VARIABLE, (_match, escaped?: string, braced?: string, bare?: string) => {
      return escaped ?? stringify(lookUp(document, stepsOf(braced ?? bare ?? '')));
    });
  } catch {
    return undefined;
  }
}

/** The steps of a path, from the outside in: `.items[0]['kind']` has three. */
function stepsOf(path: string): string[] {
  return [...path.matchAll(EACH_STEP)].map(
    ([, index, single, double, name]) => index ?? single ?? double ?? name ?? '',
  );
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
