/** A valibot schema as the short text that a reader of the protocol needs. */

import * as v from 'valibot';

/** The members of every schema. Each kind has further ones. */
const anySchema = v.looseObject({ type: v.string() });
const objectSchema = v.object({ type: v.literal('object'), entries: v.record(v.string(), anySchema) });
const wrapped = v.object({ wrapped: anySchema });
const list = v.object({ item: anySchema });
const options = v.object({ options: v.array(anySchema) });
const picklist = v.object({ options: v.array(v.string()) });
const literal = v.object({ literal: v.union([v.string(), v.boolean()]) });

type Schema = v.InferOutput<typeof anySchema>;

const texts = new Map<string, (schema: Schema) => string>([
  ['string', () => 'string'],
  ['number', () => 'number'],
  ['boolean', () => 'boolean'],
  ['unknown', () => 'any'],
  ['custom', () => 'any'],
  ['literal', (schema) => JSON.stringify(v.parse(literal, schema).literal)],
  [
    'picklist',
    (schema) =>
      v
        .parse(picklist, schema)
        .options.map((option) => JSON.stringify(option))
        .join(' or '),
  ],
  ['optional', (schema) => schemaText(v.parse(wrapped, schema).wrapped)],
  ['nullable', (schema) => `${schemaText(v.parse(wrapped, schema).wrapped)} or null`],
  ['array', (schema) => `[${schemaText(v.parse(list, schema).item)}, …]`],
  ['union', (schema) => v.parse(options, schema).options.map(schemaText).join(' or ')],
  ['object', objectText],
]);

/** @throws Error for a kind of schema that the protocol has not used before. */
export function schemaText(schema: unknown): string {
  const known = v.parse(anySchema, schema);
  const text = texts.get(known.type);
  if (!text) throw new Error(`Say in schema-text.ts how to write a schema of type ${known.type}`);
  return text(known);
}

/** The discriminating field comes first. Optional fields have a question mark. */
function objectText(schema: Schema): string {
  const entries = Object.entries(v.parse(objectSchema, schema).entries);
  const fields = entries.map(
    ([name, field]) => `${name}${field.type === 'optional' ? '?' : ''}: ${schemaText(field)}`,
  );
  const isFirst = (field: string) => /^(action|event):/.test(field);
  return `{ ${[...fields.filter(isFirst), ...fields.filter((field) => !isFirst(field))].join(', ')} }`;
}
