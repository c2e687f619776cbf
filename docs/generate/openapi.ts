/** The OpenAPI 3.1 document of the HTTP API, from the schemas that the API checks with: `npm run docs` writes it. */

import { readFile, writeFile } from 'node:fs/promises';
import { type OperationName, operationNames, operations, refusal } from 'fanfare-protocol/operations';
import { jsonSchemaOf } from './json-schema.ts';

const OPENAPI_FILE = new URL('../openapi.json', import.meta.url);

/** The document as it should be. */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fanfare',
      version: '1.0.0',
      description: 'What servers can do: publish, read history, see who is there, close connections.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: 'http://localhost:8080/local', description: 'the local runtime' },
      {
        url: 'https://{api}.execute-api.{region}.amazonaws.com/{stage}',
        description: 'a deployed stage: the output ApiUrl',
        variables: {
          api: { default: 'api' },
          region: { default: 'us-east-1' },
          stage: { default: 'prod' },
        },
      },
    ],
    security: [{ serverToken: [] }],
    paths: pathsOf(operationNames),
    components: {
      securitySchemes: { serverToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: { Refusal: jsonSchemaOf(refusal, 'output') },
    },
  };
}

function pathsOf(names: readonly OperationName[]) {
  const paths = new Map<string, Record<string, object>>();
  for (const name of names) {
    const { method, path } = operations[name];
    paths.set(path, { ...paths.get(path), [method.toLowerCase()]: operationOf(name) });
  }
  return Object.fromEntries(paths);
}

function operationOf(name: OperationName) {
  const { summary, query, body, reply, path, method } = operations[name];
  const { properties = {}, required = [] } = jsonSchemaOf(query, 'output');
  const optional = jsonSchemaOf(query, 'input').required ?? [];
  const parameters = Object.entries(properties).map(([parameter, schema]) => ({
    name: parameter,
    in: path.includes(`{${parameter}}`) ? 'path' : 'query',
    // The server always has a field with a default, and the client may omit it.
    required: required.includes(parameter) && optional.includes(parameter),
    schema,
  }));
  return {
    operationId: name,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && {
      requestBody: { required: true, content: json(jsonSchemaOf(body, 'input')) },
    }),
    responses: {
      '200': { description: 'Done', content: json(jsonSchemaOf(reply, 'output')) },
      ...(name === 'publish' && {
        '207': { description: 'Done in some of the channels', content: json(jsonSchemaOf(reply, 'output')) },
      }),
      '401': { description: 'No credentials' },
      '403': { description: 'Wrong credentials, or not for this' },
      default: { description: 'Not done', content: json({ $ref: '#/components/schemas/Refusal' }) },
    },
  };
}

function json(schema: object) {
  return { 'application/json': { schema } };
}

export async function writeOpenApi(): Promise<void> {
  await writeFile(OPENAPI_FILE, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
}

/** The document without changes. */
export async function readOpenApi(): Promise<unknown> {
  return JSON.parse(await readFile(OPENAPI_FILE, 'utf8'));
}
