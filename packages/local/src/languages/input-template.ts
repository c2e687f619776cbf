/** Fills the template of an input transformer: `{"who": <name>, "text": "<name> is here"}`. */

/** Values by the names of the variables. A missing value is an empty text. */
export type Variables = ReadonlyMap<string, unknown>;

/** A quoted text, or a variable outside of quotes. */
const PART = /"(?:[^"\\]|\\.)*"|<[\w.-]+>/g;
const VARIABLE = /<([\w.-]+)>/g;

/**
 * Fills the template and parses it.
 *
 * @throws SyntaxError if the filled template is not JSON.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function fillTemplate(template: string, variables: Variables): unknown {
  const filled = template.replaceAll(PART, (part) =>
    part.startsWith('"')
      ? part.replaceAll(VARIABLE, (_variable, name: string) => withinText(variables.get(name)))
      : JSON.stringify(variables.get(part.slice(1, -1)) ?? ''),
  );
  return JSON.parse(filled);
}

/** The JSON of a text without its outer quotes. */
function withinText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
