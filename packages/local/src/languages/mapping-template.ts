/** The part of mapping templates that MOCK replies usually need: values of the message and of its context (MK-4, IN-6). */

import { jsonPath, valueAt } from './json-path.ts';

const VARIABLE =
  /\$input\.(?<form>path|json)\(\s*(['"])(?<path>\$[^'"]*)\2\s*\)|\$input\.body\b|\$context\.(?<name>\w+)/g;

/** The first unknown part of a template, such as a directive. `undefined` if all parts are known. */
export function misunderstood(template: string): string | undefined {
  const rest = template.replaceAll(VARIABLE, (variable, _form, _quote, path?: string) =>
    path === undefined || jsonPath(path) ? '' : variable,
  );
  return /[$#].{0,30}/.exec(rest)?.[0];
}

/** The parts of a message's event that templates can read. */
export interface TemplateScope {
  readonly body?: string;
  readonly requestContext?: Readonly<Record<string, unknown>>;
}

export function render(template: string, { body = '', requestContext = {} }: TemplateScope): string {
  if (!template.includes('$')) return template;
  const document = parsed(body);
  return template.replaceAll(
    VARIABLE,
    (_variable, form?: string, _quote?: string, path?: string, name?: string) => {
      if (form !== undefined) return valueText(valueAt(document, jsonPath(path ?? '') ?? []), form);
      return name === undefined ? body : valueText(requestContext[name], 'path');
    },
  );
}

/** `path` inserts a text unchanged, `json` inserts it in quotes. A missing value is the empty text. */
function valueText(value: unknown, form: string): string {
  if (form === 'path' && (typeof value === 'string' || value === undefined)) return value ?? '';
  return JSON.stringify(value ?? '');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
