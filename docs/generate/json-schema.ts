/** The protocol's schemas as JSON Schema, for the documents that tools read. */

import { toJsonSchema } from '@valibot/to-json-schema';
import { errorStatus } from 'fanfare-protocol/errors';
import { errorCode } from 'fanfare-protocol/events';
import type * as v from 'valibot';

/** Checks that are code have no counterpart in JSON Schema; the server still makes them. */
export function jsonSchemaOf(schema: v.GenericSchema, typeMode: 'input' | 'output') {
  const { $schema: _, ...jsonSchema } = toJsonSchema(schema, {
    typeMode,
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }) =>
      valibotSchema === errorCode ? { type: 'string', enum: Object.keys(errorStatus) } : undefined,
  });
  return jsonSchema;
}
