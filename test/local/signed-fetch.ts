/** Requests that the SDK's own signer has signed, as a client in another process sends them. */

import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha256.ts';

export interface Signing {
  readonly service: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly region?: string;
  readonly at?: Date;
}

export interface Signed {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** The options of `fetch`, beside the URL. */
export async function signed(
  url: string,
  request: {
    readonly method?: string;
    readonly body?: string | Uint8Array<ArrayBuffer>;
    readonly headers?: Record<string, string>;
  },
  { service, accessKeyId = 'local', secretAccessKey = 'local', region = 'us-east-1', at }: Signing,
): Promise<Signed> {
  const { method = 'GET', body, headers = {} } = request;
  const { host, hostname, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({
    service,
    region,
    credentials: { accessKeyId, secretAccessKey },
    sha256: Sha256,
  });
  const result = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname,
      path: pathname,
      query: Object.fromEntries([...searchParams.keys()].map((name) => [name, searchParams.getAll(name)])),
      headers: { ...headers, host },
      ...(body !== undefined && { body }),
    },
    { ...(at && { signingDate: at }) },
  );
  return { method, headers: result.headers, ...(body !== undefined && { body }) };
}
