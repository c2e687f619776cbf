/** Opens every port: puts the APIs of the template and the runtime's own services behind their doors. */

import type { BillMeter } from '../bill/bill-meter.ts';
import type { OnClose } from '../cleanups.ts';
import type { Functions } from '../functions/functions.ts';
import { type Choices, DEFAULT_CHOICES } from '../gateway/choices.ts';
import { CONNECTION_LIFETIME_MS, IDLE_TIMEOUT_MS } from '../gateway/platform-limits.ts';
import { postDelay } from '../gateway/post-delay.ts';
import { NO_QUOTA, type QuotaOptions, Quotas } from '../gateway/quotas.ts';
import type { Refusals } from '../gateway/refusals.ts';
import type { Timers } from '../gateway/timers.ts';
import { WebSocketApi } from '../gateway/web-socket-api.ts';
import { FunctionUrl } from '../http/function-url.ts';
import { HttpApi } from '../http/http-api.ts';
import type { JsonOperations } from '../permissions/json-api.ts';
import type { Permissions } from '../permissions/permissions.ts';
import type { AppModel } from '../template/app-model.ts';
import type { WebSocketApiModel } from '../template/web-socket-api-model.ts';
import type { ApiPort } from './api-ports.ts';
import { type MorePages, PAGES_PATH, type Pages } from './pages.ts';
import { doorsOf, type Site } from './site.ts';

export interface ServedParts {
  readonly model: AppModel;
  readonly permissions: Permissions;
  readonly functions: Functions;
  readonly operations: JsonOperations;
  readonly meter: BillMeter;
  readonly refusals: Refusals;
  readonly pages: Pages;
  /** @default none */
  readonly morePages?: MorePages | undefined;
  /** @default the pages */
  readonly home?: string | undefined;
  readonly timers?: Partial<Timers> | undefined;
  readonly choices?: Partial<Choices> | undefined;
  readonly quotas?: QuotaOptions | undefined;
}

export function serveApis(apiPorts: readonly ApiPort[], parts: ServedParts, onClose: OnClose): void {
  const { functions, permissions, meter } = parts;
  const quotas = parts.quotas && new Quotas(parts.quotas);
  const shared = sharedByPorts(parts, quotas);
  const invoke = (name: string, event: unknown) => functions.invoke(name, event);
  for (const { open, webSocketApi, httpApi } of apiPorts) {
    const api = webSocketApi && webSocketApiOf(webSocketApi, parts, quotas);
    onClose(() => api?.close());
    open(doorsOf({ ...shared, api, httpApi: httpApi && new HttpApi(httpApi, invoke, permissions, meter) }));
  }
}

/** The parts that each port serves beside its own APIs. */
function sharedByPorts(parts: ServedParts, quotas: Quotas | undefined): Omit<Site, 'api' | 'httpApi'> {
  const { model, functions, permissions, home = PAGES_PATH } = parts;
  const choices = { ...DEFAULT_CHOICES, ...parts.choices };
  const functionUrls = model.functionUrls.map(
    (url) => [url.functionName, new FunctionUrl(url, functions, permissions)] as const,
  );
  const { operations, meter, refusals, pages, morePages = new Map() } = parts;
  return {
    functionUrls: new Map(functionUrls),
    functions,
    operations,
    guard: permissions,
    meter,
    choices,
    admitsRequest: quotas?.admitsRequest ?? (() => true),
    delay: postDelay(choices.shufflePosts),
    refusals,
    pages,
    morePages,
    home,
  };
}

function webSocketApiOf(
  model: WebSocketApiModel,
  { functions, meter, refusals, timers, choices }: ServedParts,
  quotas: Quotas | undefined,
): WebSocketApi {
  return new WebSocketApi({
    model,
    timers: { idleTimeoutMs: IDLE_TIMEOUT_MS, lifetimeMs: CONNECTION_LIFETIME_MS, ...timers },
    invoke: (name, event) => functions.invoke(name, event),
    meter,
    quota: quotas ? quotas.stage(model.throttles) : NO_QUOTA,
    choices: { ...DEFAULT_CHOICES, ...choices },
    onRefused: (status, connectionId) => refusals.refused(status, { connectionId }),
  });
}
