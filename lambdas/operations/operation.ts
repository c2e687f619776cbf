/** The type of an operation of the HTTP API: a function from checked input to its reply. */

import type { OperationInput, OperationName, OperationReply } from 'fanfare-protocol/operations';
import type { Grants } from '../identity/grants.ts';
import type { CallPorts } from '../own-actions/call-action.ts';
import type { FanfareConfig } from '../realtime/access/namespaces.ts';
import type { RevocationStore } from '../realtime/connections/revocation.ts';
import type { PublishPorts } from '../realtime/log/publish.ts';
import type { ReadPositionStore } from '../realtime/log/read-position.ts';
import type { Sender } from '../realtime/log/sender.ts';
import type { Directory } from './directory.ts';

/** Built once per container. */
export interface OperationContext {
  readonly config: FanfareConfig;
  readonly ports: CallPorts & {
    readonly directory: Directory;
    readonly readPositions: Pick<ReadPositionStore, 'read' | 'forget'>;
    readonly revocations: RevocationStore;
  };
}

/** Built for every request. */
export type RequestContext = OperationContext & PublishContext;

/** The part that publishing needs. */
export interface PublishContext {
  readonly config: FanfareConfig;
  readonly ports: PublishPorts;
  /** The owner of the retry keys. */
  readonly sender: Sender;
  /** The channels that the server's token names. A token with this claim is good for these channels only. */
  readonly grants: Grants | undefined;
  /** The log and the answer of a failure both name it. */
  readonly requestId: string;
}

/** Refusals are thrown as `ProtocolError`. */
export type OperationHandler<O extends OperationName> = (
  input: OperationInput<O>,
  context: RequestContext,
) => Promise<OperationReply<O>>;
