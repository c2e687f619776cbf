/** Which APIs are served on which port: the first WebSocket API and the first HTTP API share one, every other has its own. */

import { closeAll, type OnClose } from '../cleanups.ts';
import { type Listeners, listen } from '../guard/listen.ts';
import type { AppModel } from '../template/app-model.ts';
import type { HttpApiModel } from '../template/http-api-model.ts';
import type { WebSocketApiModel } from '../template/web-socket-api-model.ts';

type Apis = Pick<AppModel, 'webSocketApis' | 'httpApis'>;

export interface ApiGroup {
  readonly webSocketApi?: WebSocketApiModel | undefined;
  readonly httpApi?: HttpApiModel | undefined;
}

/** Where it is served. */
export interface ApiPlace extends ApiGroup {
  readonly port: number;
}

export interface ApiPort extends ApiGroup, Listeners {}

/** One at least, though nothing be in it: the APIs of AWS are served beside it. */
export function apiGroups({ webSocketApis, httpApis }: Apis): readonly ApiGroup[] {
  const [webSocketApi, ...moreWebSocketApis] = webSocketApis;
  const [httpApi, ...moreHttpApis] = httpApis;
  return [
    { webSocketApi, httpApi },
    ...moreWebSocketApis.map((api) => ({ webSocketApi: api })),
    ...moreHttpApis.map((api) => ({ httpApi: api })),
  ];
}

/**
 * @param firstPort The others follow it; 0 for any free ones.
 * @param onClose Each port is closed by it, also when a later one cannot be opened.
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
