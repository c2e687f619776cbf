/** The gateway's management API (`@connections`). Posts use our own fast client; closing a connection is rare and uses the SDK client. */

import type { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import type { Outbound, PostOutcome } from '../realtime/connections/outbound.ts';
import { MOST_IN_FLIGHT } from '../realtime/delivery/container-pace.ts';
import { bounded, reasonFrom, statusOf } from '../realtime/platform-refusal.ts';
import { outcomeOf } from './post-answer.ts';
import { CONNECT_TIMEOUT_MS, type PosterOptions, poster } from './poster.ts';
import type { Credentials, Signatory } from './request-signer.ts';

/**
 * A post usually takes milliseconds. A post that takes longer is given up and tried again, so that a stuck peer does not hold up
 * a broadcast. Milliseconds.
 */
const POST_TIMEOUT_MS = 1_000;

/**
 * A gateway on this machine shares its processors with functions, tests and browsers. When the machine is busy, a late answer says
 * nothing about the peer, and a post that is given up may have arrived. Milliseconds.
 */
const LOCAL_POST_TIMEOUT_MS = 20_000;

/** AWS answers over TLS only. */
const timeoutFor = (endpoint: string) =>
  endpoint.startsWith('https:') ? POST_TIMEOUT_MS : LOCAL_POST_TIMEOUT_MS;

/** Everything but the endpoint and the signatory has a default; tests and benchmarks bring their own. */
export type ManagementApiOptions = Pick<PosterOptions, 'endpoint' | 'signatory'> & Partial<PosterOptions>;

/**
 * The API of one stage.
 *
 * @throws the SDK's exceptions, from `disconnect` only.
 */
export function managementApi(given: ManagementApiOptions): Outbound {
  const options = { sockets: MOST_IN_FLIGHT, timeoutMs: timeoutFor(given.endpoint), ...given };
  let lastFailure: string | undefined;
  const onFailure = (reason: string) => {
    lastFailure = reason;
  };
  return {
    ...disconnector(options),
    post: poster({ ...options, onFailure }),
    whyFailed: () => lastFailure,
  };
}

/**
 * The part for functions that rarely close a connection or post to one. It loads the SDK client with the first call.
 *
 * @throws the SDK's exceptions, from `disconnect`.
 */
export function disconnector({
  endpoint,
  timeoutMs = timeoutFor(endpoint),
}: Pick<ManagementApiOptions, 'endpoint' | 'timeoutMs'>): Outbound {
  let loading: Promise<Outbound> | undefined;
  const load = () => {
    loading ??= sdkManagementApi({ endpoint, timeoutMs });
    return loading;
  };
  return {
    disconnect: async (connectionId) => (await load()).disconnect(connectionId),
    post: async (connectionId, frame) => (await load()).post(connectionId, frame),
  };
}

interface SdkClient {
  readonly config: {
    readonly region: () => Promise<string>;
    readonly credentials: () => Promise<Credentials>;
  };
}

/** Region and credentials of an SDK client that the function has already, so that no second client has to be loaded. */
export function signatoryOf({ config }: SdkClient): () => Promise<Signatory> {
  return async () => ({ region: await config.region(), credentials: await config.credentials() });
}

/** The same with the SDK client alone. Tests and benchmarks compare the fast client with it. */
export function outboundOf(client: ApiGatewayManagementApiClient, sdk: Sdk): Outbound {
  return {
    post: (connectionId, frame) => {
      const command = new sdk.PostToConnectionCommand({ ConnectionId: connectionId, Data: frame });
      return client.send(command).then(
        (): PostOutcome => 'sent',
        (error) => outcomeOf(statusOf(error), reasonOf(error)),
      );
    },

    async disconnect(connectionId) {
      try {
        await client.send(new sdk.DeleteConnectionCommand({ ConnectionId: connectionId }));
        return 'closed';
      } catch (error) {
        if (outcomeOf(statusOf(error)) !== 'gone') throw withoutSecrets(error);
        return 'gone';
      }
    },
  };
}

type Sdk = typeof import('@aws-sdk/client-apigatewaymanagementapi');

async function sdkManagementApi({
  endpoint,
  timeoutMs,
}: Pick<PosterOptions, 'endpoint' | 'timeoutMs'>): Promise<Outbound> {
  const sdk = await import('@aws-sdk/client-apigatewaymanagementapi');
  const requestHandler = { requestTimeout: timeoutMs, connectionTimeout: CONNECT_TIMEOUT_MS };
  return outboundOf(new sdk.ApiGatewayManagementApiClient({ endpoint, requestHandler }), sdk);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? reasonFrom(error.name, error.message) : 'unknown';
}

/** The answer to a wrong signature repeats headers (MG-5), and this exception ends in a log. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message } = error;
  const safe = bounded(message);
  if (safe === message) return error;
  return Object.assign(new Error(safe), { name, $metadata: { httpStatusCode: statusOf(error) } });
}
