/** The WebSocket API: handshakes, messages and disconnects, each carried to the integration of its route. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Meter, NO_METER } from '../bill/meter.ts';
import type { AppDoor } from '../guard/pages.ts';
import type { WebSocketApiModel } from '../template/web-socket-api-model.ts';
import { refuseUpgrade } from '../web/error-reply.ts';
import { newRequestId } from '../web/ids.ts';
import { authorize } from './authorizer.ts';
import { type Choices, DEFAULT_CHOICES } from './choices.ts';
import { Connection, type Ending, type Wire } from './connection.ts';
import { type ConnectionFacts, connectionFacts } from './connection-facts.ts';
import { authorizerEvent, connectEvent, disconnectEvent, messageEvent } from './events.ts';
import { frameGuard } from './frame-guard.ts';
import { type IntegrationOutcome, type Invoke, runIntegration } from './integration.ts';
import { FRAME_BYTES, MESSAGE_BYTES } from './platform-limits.ts';
import { handshakeOf, replyOf } from './proxy-result.ts';
import { NO_QUOTA, type StageQuota } from './quotas.ts';
import { receivedHandshake } from './received-handshake.ts';
import { selectRoute } from './route-selection.ts';
import type { Timers } from './timers.ts';

export interface WebSocketApiOptions {
  readonly model: WebSocketApiModel;
  readonly timers: Timers;
  readonly invoke: Invoke;
  /** @default nothing is counted */
  readonly meter?: Meter;
  /** @default nothing is throttled */
  readonly quota?: StageQuota;
  readonly choices?: Choices;
  /** Called for every refused handshake. */
  readonly onRefused?: (status: number, connectionId: string) => void;
}

/** A lifecycle event without a route always succeeds (HS-3). */
const ACCEPTED: IntegrationOutcome = { kind: 'result', value: { statusCode: 200 } };

/** In place of a route key, for messages that take no route. */
const NO_ROUTE = '(no route)';

/** The ending if the client leaves while `$connect` runs. */
const LOST: Ending = { code: 1006, reason: '' };

export class WebSocketApi {
  /** The connections that accept posts: their `$connect` has completed, and they are not closing. */
  readonly open = new Map<string, Connection>();
  private readonly sockets = new Set<Connection>();
  private readonly options: WebSocketApiOptions;
  private readonly meter: Meter;
  private readonly quota: StageQuota;
  private readonly choices: Choices;
  private readonly chosenProtocols = new WeakMap<IncomingMessage, string>();
  private readonly server: WebSocketServer;

  constructor(options: WebSocketApiOptions) {
    this.options = options;
    this.meter = options.meter ?? NO_METER;
    this.quota = options.quota ?? NO_QUOTA;
    this.choices = options.choices ?? DEFAULT_CHOICES;
    this.server = new WebSocketServer({
      noServer: true,
      maxPayload: MESSAGE_BYTES,
      // It is unknown whether AWS accepts compression (KA-5).
      perMessageDeflate: false,
      // The gateway never echoes a protocol by itself (HS-11).
      handleProtocols: (_offered, request) => this.chosenProtocols.get(request) ?? false,
    });
  }

  get model(): WebSocketApiModel {
    return this.options.model;
  }

  /** Pages of other machines may connect if an authorizer sees their origin, or if the template allows any page. */
  get door(): AppDoor {
    const { authorizer, admitsAnyPage = false } = this.model;
    return { admits: (origin) => admitsAnyPage || (authorizer !== undefined && origin !== undefined) };
  }

  /** First the authorizer, then `$connect`, and only then the 101 (HS-1, HS-2). */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { model, invoke } = this.options;
    const arrival = connectionFacts(request, model);
    const requestId = newRequestId();
    const refuse = (status: number) => {
      this.options.onRefused?.(status, arrival.connectionId);
      refuseUpgrade(socket, status, requestId);
    };
    // API Gateway checks the quota first (TH-4).
    if (!this.quota('$connect')) return refuse(429);
    const received = receivedHandshake(request, arrival.connectedAt);
    const question = this.staged(authorizerEvent(arrival, received, requestId));
    const authorization = await authorize(model.authorizer, question, invoke, this.choices);
    if (!authorization.allowed) return refuse(authorization.status);
    this.meter.handshake();
    const facts = { ...arrival, ...authorization.facts };
    const handshake = handshakeOf(
      await this.runLifecycle('$connect', connectEvent(facts, received, requestId)),
      this.choices,
    );
    if (!handshake.accepted) return refuse(handshake.status);
    // If the client has closed its half, the socket still exists, and `ws` would drop it without an event.
    if (!socket.readable || !socket.writable) {
      socket.destroy();
      await this.disconnected(facts, LOST);
      return;
    }
    if (handshake.subprotocol !== undefined) this.chosenProtocols.set(request, handshake.subprotocol);
    this.accept(facts, request, socket, head);
  }

  /** Ends every connection without a close handshake. */
  close(): void {
    for (const connection of this.sockets) connection.terminate();
    this.server.close();
  }

  private accept(facts: ConnectionFacts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    let connection: Connection | undefined;
    // Bytes that came with the upgrade go back into the socket, so that `ws` sees them as well as the guard.
    socket.unshift(head);
    // The guard listens before `ws` does, so that it sees the header of a frame before `ws` sees the message.
    socket.on(
      'data',
      frameGuard(FRAME_BYTES, () => connection?.refuseFrame()),
    );
    this.server.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) => {
      connection = this.register(facts, { socket: webSocket, stream: socket });
    });
  }

  private register(facts: ConnectionFacts, wire: Wire): Connection {
    const { connectionId } = facts;
    const timers = { ...this.options.timers, pingsKeepOpen: this.choices.pingsKeepOpen };
    const connection: Connection = new Connection(facts, wire, timers, {
      onMessage: (text) => void this.message(connection, text),
      onSent: (text, route) => this.meter.message('out', route, text),
      onClosing: () => this.open.delete(connectionId),
      onClosed: (ending) => {
        this.sockets.delete(connection);
        this.meter.disconnected(connectionId);
        void this.disconnected(facts, ending);
      },
    });
    this.sockets.add(connection);
    this.open.set(connectionId, connection);
    this.meter.connected(connectionId);
    return connection;
  }

  /** Messages of one connection run in parallel (OR-2). The socket stays open after any failure (ER-1). */
  private async message(connection: Connection, body: string): Promise<void> {
    const { model, invoke } = this.options;
    const requestId = newRequestId();
    const routeKey = selectRoute(model.routeSelectionExpression, body, model.routes);
    const route = routeKey === undefined ? undefined : model.routes.get(routeKey);
    if (!this.quota(routeKey ?? NO_ROUTE)) {
      sendFailure(connection, routeKey ?? NO_ROUTE, this.choices.throttledMessage, requestId);
      return;
    }
    this.meter.message('in', routeKey ?? NO_ROUTE, body);
    if (routeKey === undefined || !route) {
      sendFailure(connection, NO_ROUTE, 'Forbidden', requestId);
      return;
    }
    const event = this.staged(messageEvent(connection.facts, routeKey, body, requestId));
    const reply = replyOf(await runIntegration(route.integration, event, invoke));
    // The client gets failures on one-way routes as well (ER-2).
    if ('failure' in reply) sendFailure(connection, routeKey, reply.failure, requestId);
    else if (route.replies) this.reply(connection, routeKey, reply.text, requestId);
  }

  /** A reply over the message limit is replaced by an error (PR-9). */
  private reply(connection: Connection, routeKey: string, text: string, requestId: string): void {
    if (Buffer.byteLength(text) > MESSAGE_BYTES)
      sendFailure(connection, routeKey, this.choices.largeReplyMessage, requestId);
    else connection.send(text, routeKey);
  }

  /** The result is ignored, because the client has left (DC-2). */
  private async disconnected(facts: ConnectionFacts, { code, reason }: Ending): Promise<void> {
    await this.runLifecycle('$disconnect', disconnectEvent(facts, code, reason, newRequestId()));
  }

  private async runLifecycle(
    routeKey: '$connect' | '$disconnect',
    event: object,
  ): Promise<IntegrationOutcome> {
    const { model, invoke } = this.options;
    const route = model.routes.get(routeKey);
    return route ? runIntegration(route.integration, this.staged(event), invoke) : ACCEPTED;
  }

  /** Adds the stage variables, if the stage has any (EV-8b, unknown on AWS). */
  private staged<Event extends object>(event: Event): Event {
    const { stageVariables } = this.options.model;
    return stageVariables ? { ...event, stageVariables } : event;
  }
}

function sendFailure(connection: Connection, routeKey: string, message: string, requestId: string): void {
  const { connectionId } = connection.facts;
  connection.send(JSON.stringify({ message, connectionId, requestId }), routeKey);
}
