import { Validator } from '@seriousme/openapi-schema-validator';
import { operationNames } from 'fanfare-protocol/operations';
import { describe, expect, it } from 'vitest';
import { openApiDocument, readOpenApi } from '../../docs/generate/openapi.ts';

describe('the OpenAPI document', () => {
  it('follows the schemas; npm run docs brings it up to date', async () => {
    expect(await readOpenApi()).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();

    expect(await validator.validate(JSON.parse(JSON.stringify(openApiDocument())))).toMatchObject({
      valid: true,
    });
    expect(validator.version).toBe('3.1');
  });

  it('has every operation once, with its refusals', () => {
    const described = Object.values(openApiDocument().paths).flatMap((path) => Object.values(path));

    expect(
      described.map((operation) => 'operationId' in operation && operation.operationId).toSorted(),
    ).toEqual([...operationNames].toSorted());
  });
});
