import { describe, expect, it, vi } from 'vitest';

const pools: object[] = [];

vi.mock('undici/lib/dispatcher/pool.js', () => ({
  default: class {
    constructor(_origin: string, options: object) {
      pools.push(options);
    }

    dispatch(_request: object, answer: { onResponseError(controller: object, error: Error): void }): void {
      answer.onResponseError({}, new Error('no network in this test'));
    }
  },
}));

const { managementApi } = await import('../../../lambdas/aws/management-api.ts');

const signatory = async () => ({
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
});

describe('the sockets of the poster', () => {
  it('may take five seconds to open, as a cold function needs, while a post has one second', async () => {
    const api = managementApi({ endpoint: 'https://api.example/prod', signatory });

    expect(await api.post('id=', new Uint8Array())).toBe('failed');

    expect(pools.at(-1)).toMatchObject({
      connect: { timeout: 5_000 },
      headersTimeout: 1_000,
      bodyTimeout: 1_000,
    });
  });

  it('wait for a gateway on this machine until only a hang can be the reason', async () => {
    const api = managementApi({ endpoint: 'http://127.0.0.1:8080/local', signatory });

    expect(await api.post('id=', new Uint8Array())).toBe('failed');

    expect(pools.at(-1)).toMatchObject({ headersTimeout: 20_000, bodyTimeout: 20_000 });
  });
});
