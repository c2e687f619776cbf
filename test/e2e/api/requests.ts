/** Makes a request for each operation of the OpenAPI document from the schemas in the document. */

import * as v from 'valibot';
import { readOpenApi } from '../../../docs/generate/openapi.ts';

export interface ApiCall {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

const document = v.object({
  paths: v.record(
    v.string(),
    v.record(
      v.string(),
      v.object({
        operationId: v.string(),
        parameters: v.optional(
          v.array(v.object({ name: v.string(), in: v.picklist(['path', 'query']), required: v.boolean() })),
          [],
        ),
        requestBody: v.optional(v.unknown()),
      }),
    ),
  ),
});

/** Values for parameters of these names. The connection is an open one, and the name is that of an action. */
export interface Values {
  readonly connectionId: string;
  readonly channel: string;
  readonly user: string;
  readonly name: string;
  /** Of a message in the channel. */
  readonly seq: number;
}

const bodies = new Map<string, (values: Values) => object>([
  ['publish', ({ channel }) => ({ channels: [channel], data: 'from a generated request' })],
  ['edit', ({ channel, seq }) => ({ channel, seq, data: 'edited by a generated request' })],
  ['revoke', ({ user }) => ({ user })],
  ['callAction', () => ({ data: 21 })],
]);

/** One for each operation, with all required parameters. */
export async function generatedCalls(values: Values): Promise<readonly ApiCall[]> {
  const given = new Map<string, unknown>(Object.entries(values));
  const { paths } = v.parse(document, await readOpenApi());
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters }]) => {
      const query = new URLSearchParams();
      let filled = path;
      for (const parameter of parameters.filter(({ required }) => required)) {
        const value = given.get(parameter.name);
        if (typeof value !== 'string') throw new Error(`Say what the parameter ${parameter.name} may be`);
        if (parameter.in === 'query') query.set(parameter.name, value);
        else filled = filled.replace(`{${parameter.name}}`, encodeURIComponent(value));
      }
      const body = bodies.get(operationId)?.(values);
      return {
        operationId,
        method: method.toUpperCase(),
        path: query.size > 0 ? `${filled}?${query}` : filled,
        ...(body && { body: JSON.stringify(body) }),
      };
    }),
  );
}
