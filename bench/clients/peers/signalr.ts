/** The client of SignalR, with the reconnects that it offers by default but does not switch on. */

import * as v from 'valibot';
import type { Peer } from '../peer.ts';

interface Hub {
  on(method: 'message', run: (number: number) => void): void;
  onreconnected(run: () => void): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface HubBuilder {
  withUrl(url: string, options: object): HubBuilder;
  withAutomaticReconnect(): HubBuilder;
  configureLogging(level: number): HubBuilder;
  build(): Hub;
}

const exported = v.object({
  HubConnectionBuilder: v.custom<new () => HubBuilder>((it) => typeof it === 'function'),
});

/** Members of its enums `HttpTransportType` and `LogLevel`. */
const WEB_SOCKETS = 1;
const NO_LOG = 6;

/** Ends each of its messages. */
const SEPARATOR = '\u001e';

export const signalr: Peer = {
  name: '@microsoft/signalr',
  install: { name: '@microsoft/signalr', version: '10.0.11' },
  entry: "export { HubConnectionBuilder } from '@microsoft/signalr'",
  follow(module, { host, port }, { subscribed, received }) {
    const { HubConnectionBuilder } = v.parse(exported, module);
    const hub = new HubConnectionBuilder()
      .withUrl(`http://${host}:${port}/hub`, { skipNegotiation: true, transport: WEB_SOCKETS })
      .withAutomaticReconnect()
      .configureLogging(NO_LOG)
      .build();
    hub.on('message', received);
    hub.onreconnected(subscribed);
    void hub.start().then(subscribed);
    return () => void hub.stop();
  },
  conversation: {
    greeting: [],
    answer: (frame) => (frame.includes('"protocol"') ? [`{}${SEPARATOR}`] : []),
    heartbeat: { everyMs: 15_000, frame: `{"type":6}${SEPARATOR}` },
    publication: (number) =>
      `${JSON.stringify({ type: 1, target: 'message', arguments: [number] })}${SEPARATOR}`,
  },
};
