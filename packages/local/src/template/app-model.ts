/** Reads the resources that the runtime serves from a synthesized template: APIs, functions, tables, event buses and secrets. */

import type { Template } from './cloud-formation.ts';
import { type EventBusModel, eventBusModel } from './event-bus-model.ts';
import { type EventSourceModel, eventSourceModels } from './event-source-model.ts';
import { type FunctionModels, functionModels } from './function-model.ts';
import { type FunctionUrlModel, functionUrlModels } from './function-url-model.ts';
import { type HttpApiModel, httpApiModels } from './http-api-model.ts';
import { readResources } from './read-resources.ts';
import { type SecretModel, secretModels } from './secret-model.ts';
import { outputsOf } from './stack-outputs.ts';
import { type TableModel, tableModels } from './table-model.ts';
import { type OnUnsupported, refuse } from './unsupported.ts';
import { type WebSocketApiModel, webSocketApiModels } from './web-socket-api-model.ts';

export interface AppModel extends FunctionModels {
  readonly webSocketApis: readonly WebSocketApiModel[];
  readonly httpApis: readonly HttpApiModel[];
  readonly functionUrls: readonly FunctionUrlModel[];
  readonly tables: readonly TableModel[];
  /** The functions that read streams of tables. */
  readonly eventSources: readonly EventSourceModel[];
  readonly eventBuses: EventBusModel;
  readonly secrets: readonly SecretModel[];
  /** The outputs of the stack whose values are known here. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * @param onUnsupported Called for each part that the runtime does not serve. @default the template is refused
 * @throws StartError that names what the runtime cannot serve.
 */
export function readAppModel(template: Template, onUnsupported: OnUnsupported = refuse): AppModel {
  const resources = readResources(template, onUnsupported);
  const tables = tableModels(resources);
  return {
    webSocketApis: webSocketApiModels(resources),
    httpApis: httpApiModels(resources),
    functionUrls: functionUrlModels(resources),
    ...functionModels(resources, onUnsupported),
    tables,
    eventSources: eventSourceModels(resources, tables, onUnsupported),
    eventBuses: eventBusModel(resources),
    secrets: secretModels(resources),
    outputs: outputsOf(template),
  };
}
