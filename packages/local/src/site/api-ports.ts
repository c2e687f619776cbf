/** Gives each API a port: the first WebSocket API and the first HTTP API share one, and every other API has its own. */

import { closeAll, type OnClose } from '../cleanups.ts';
import { type Listeners, listen } from '../guard/listen.ts';
import type { AppModel } from '../template/app-model.ts';
import type { HttpApiModel } from '../template/http-api-model.ts';
import type { WebSocketApiModel } from '../template/web-socket-api-model.ts';

type Apis = Pick<AppModel, 'webSocketApis' | 'httpApis'>;

interface ApiGroup {
  readonly webSocketApi?: WebSocketApiModel | undefined;
  readonly httpApi?: HttpApiModel | undefined;
}

/** The APIs of one port. */
export interface ApiPlace extends ApiGroup {
  readonly port: number;
}

export interface ApiPort extends ApiGroup, Listeners {}

/** There is at least one group, which may be empty: its port also serves the APIs of AWS. */
function apiGroups({ webSocketApis, httpApis }: Apis): readonly ApiGroup[] {
  const [webSocketApi, ...moreWebSocketApis] = webSocketApis;
  const [httpApi, ...moreHttpApis] = httpApis;
  return [
    { webSocketApi, httpApi },
    ...moreWebSocketApis.map((api) => ({ webSocketApi: api })),
    ...moreHttpApis.map((api) => ({ httpApi: api })),
  ];
}

/**
 * @param firstPort The other ports follow it. 0 for any free ports.
 * @param onClose Closes each open port, also if a later one cannot be opened.
 * @throws StartError when a port is taken.
 */
export async function listenForApis(
  apis: Apis,
  firstPort: number,
  onClose: OnClose,
): Promise<readonly ApiPort[]> {
  const ports: ApiPort[] = [];
  for (const [index, group] of apiGroups(apis).entries()) {
    const listeners = await listen(firstPort === 0 ? 0 : firstPort + index);
    onClose(() => closeAll(listeners.servers));
    ports.push({ ...group, ...listeners });
  }
  return ports;
}
