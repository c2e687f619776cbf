/** Fills the template of an input transformer: `{"who": <name>, "text": "<name> is here"}`. */

/** By the name of the variable; what is not there is left out, as an empty text. */
export type Variables = ReadonlyMap<string, unknown>;

/** A text in quotes, or a variable outside of one. */
const PART = /"(?:[^"\\]|\\.)*"|<[\w.-]+>/g;
const VARIABLE = /<([\w.-]+)>/g;

/**
 * The value that the filled template is.
 *
 * @throws SyntaxError when it is no JSON then.
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

/** Without quotes of its own, and with those inside escaped. */
function withinText(value: unknown): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}
