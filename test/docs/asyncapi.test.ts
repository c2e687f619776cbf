import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { actionSchemas } from 'fanfare-protocol/actions';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument, readAsyncApi } from '../../docs/generate/asyncapi.ts';

/** As the file has it: members that are `undefined` are not there. */
const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const reference = v.object({ $ref: v.string() });

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = v.is(reference, value) ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

function at(path: string, document: unknown): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce((value: unknown, name) => Object(value)[name], document);
}

describe('the AsyncAPI document', () => {
  it('is what the schemas say; npm run docs brings it up to date', async () => {
    expect(await readAsyncApi()).toEqual(written(asyncApiDocument()));
  });

  it('is valid AsyncAPI 3.0', async () => {
    // The types of both packages say otherwise whether a member may be `undefined`.
    const schema = JSON.parse(JSON.stringify(specs.schemasWithoutId['3.0.0']));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

    validate(written(asyncApiDocument()));

    expect(validate.errors ?? []).toEqual([]);
  });

  it('has a target for each of its references', () => {
    const document = written(asyncApiDocument());
    const references = referencesIn(document);

    expect(references.length).toBeGreaterThan(30);
    expect(references.filter((path) => at(path, document) === undefined)).toEqual([]);
  });

  it('has every action once, with its reply and the error that may come in its place', () => {
    const { operations } = asyncApiDocument();
    const received = Object.entries(operations).filter(([, { action }]) => action === 'receive');

    expect(received.map(([name]) => name)).toEqual([...Object.keys(actionSchemas), 'own-action']);
    for (const [name, operation] of received)
      expect(operation).toMatchObject({
        messages: [{ $ref: `#/channels/stage/messages/${name}` }],
        reply: {
          messages: [
            { $ref: `#/channels/stage/messages/${name}-reply` },
            { $ref: '#/channels/stage/messages/error' },
          ],
        },
      });
  });

  it('names every code of an error', () => {
    expect(asyncApiDocument().components.messages).toMatchObject({
      error: { payload: { properties: { code: { enum: expect.arrayContaining(['busy', 'forbidden']) } } } },
    });
  });
});
