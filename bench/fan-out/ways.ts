/** The ways to deliver one message to many connections that are compared with each other. */

import * as sdk from '@aws-sdk/client-apigatewaymanagementapi';
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import { outboundOf } from '../../lambdas/aws/management-api.ts';
import { requestSigner, sha256 } from '../../lambdas/aws/request-signer.ts';
import type { PostOutcome } from '../../lambdas/realtime/connections/outbound.ts';
import { MOST_IN_FLIGHT } from '../../lambdas/realtime/delivery/container-pace.ts';
import { visitInFlight } from '../../lambdas/realtime/in-flight.ts';
import { recipientOf } from './connection-ids.ts';
import type { Listening } from './endpoint-messages.ts';
import { signatory } from './fake-signatory.ts';
import { frame } from './frame.ts';
import { UNLIMITED, workerTo } from './worker.ts';

export type WayName = 'sdkUnbounded' | 'sdk' | 'ours' | 'floor';

/** @throws Error unless every connection got the frame. */
export type Way = (connectionIds: readonly string[]) => Promise<void>;

type Address = Pick<Listening, 'url' | 'ca'>;

/** The default of the SDK client. */
const SDK_SOCKETS = 50;
export const SDK_IN_FLIGHT = 64;

/** It warns when requests wait for a socket, and here they are meant to. Milliseconds. */
const SDK_WARNS_AFTER_MS = 600_000;

/** As long as ours: no round of the other ways takes that long. */
const KEEP_ALIVE_MS = 30_000;

export function waysTo(address: Address): Readonly<Record<WayName, Way>> {
  const unbounded = sdkPost(address, SDK_SOCKETS);
  const inFlight = sdkPost(address, SDK_IN_FLIGHT);
  return {
    async sdkUnbounded(connectionIds) {
      for (const outcome of await Promise.all(connectionIds.map(unbounded))) expectSent(outcome);
    },
    sdk: (connectionIds) =>
      visitInFlight(connectionIds, SDK_IN_FLIGHT, async (id) => expectSent(await inFlight(id))),
    ours: oursTo(address),
    floor: floorTo(address),
  };
}

function sdkPost({ url, ca }: Address, maxSockets: number): (connectionId: string) => Promise<PostOutcome> {
  const agent = { keepAlive: true, maxSockets, ...(ca !== undefined && { ca }) };
  const client = new sdk.ApiGatewayManagementApiClient({
    endpoint: url,
    ...signatory,
    requestHandler: {
      httpAgent: agent,
      httpsAgent: agent,
      socketAcquisitionWarningTimeout: SDK_WARNS_AFTER_MS,
    },
  });
  const { post } = outboundOf(client, sdk);
  return (connectionId) => post(connectionId, frame);
}

/** All work that a delivery worker does for its recipients. */
function oursTo(address: Address): Way {
  const deliver = workerTo(address);
  return async (connectionIds) => {
    const { sent } = await deliver(connectionIds.map(recipientOf), UNLIMITED);
    if (sent !== connectionIds.length) throw new Error(`Only ${sent} of ${connectionIds.length} were sent`);
  };
}

/** The same requests with as many sockets. One signature serves for all, and outcomes are not recorded. */
function floorTo({ url, ca }: Address): Way {
  const { origin, host, pathname } = new URL(url);
  const contentType = 'application/octet-stream';
  const request = { method: 'POST', host, path: pathname, contentType, bodyHash: sha256(frame) };
  const headers = requestSigner('execute-api')(request, signatory, Date.now());
  const pool = new Pool(origin, {
    connections: MOST_IN_FLIGHT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    ...(ca !== undefined && { connect: { ca } }),
  });

  return (connectionIds) =>
    new Promise((resolve, reject) => {
      let next = 0;
      let left = connectionIds.length;
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart: () => {},
        onResponseStart: (_controller, status) => {
          if (status !== 200) reject(new Error(`The endpoint answered ${status}`));
        },
        onResponseData: () => {},
        onResponseEnd: () => {
          left -= 1;
          if (left === 0) resolve();
          postNext();
        },
        onResponseError: (_controller, error) => reject(error),
      };
      const postNext = () => {
        const connectionId = connectionIds[next];
        if (connectionId === undefined) return;
        next += 1;
        const path = `${pathname}/%40connections/${encodeURIComponent(connectionId)}`;
        pool.dispatch({ path, method: 'POST', headers, body: frame }, handler);
      };
      for (let count = 0; count < MOST_IN_FLIGHT; count++) postNext();
    });
}

function expectSent(outcome: PostOutcome): void {
  if (outcome !== 'sent') throw new Error(`A post has ${JSON.stringify(outcome)}`);
}
