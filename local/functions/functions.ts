/** All functions of the template, ready to be invoked by name. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../start-error.ts';
import type { FunctionModel } from '../template/app-model.ts';
import type { FunctionSpec, Outcome } from './execution-environment.ts';
import { FunctionPool, type PoolOptions } from './function-pool.ts';
import { type Endpoints, variablesOf } from './variables.ts';

export class Functions {
  private readonly pools = new Map<string, FunctionPool>();
  private readonly options: PoolOptions;
  private readonly endpoints: Endpoints;

  constructor(endpoints: Endpoints, options: PoolOptions) {
    this.endpoints = endpoints;
    this.options = options;
  }

  /** Puts these functions in place, or in the place of older versions of them. */
  load(models: readonly FunctionModel[], codeFolder: (s3Key: string) => string): void {
    for (const model of models) {
      const spec = specOf(model, codeFolder(model.s3Key), this.endpoints);
      const pool = this.pools.get(model.name);
      if (pool) pool.replace(spec);
      else this.pools.set(model.name, new FunctionPool(spec, this.options));
    }
  }

  async invoke(name: string, event: unknown): Promise<Outcome> {
    const pool = this.pools.get(name);
    return pool ? pool.invoke(event) : { kind: 'error', message: `There is no function ${name}.` };
  }

  /** The pool of a function, for tests that stop it or kill one of its environments. */
  pool(name: string): FunctionPool | undefined {
    return this.pools.get(name);
  }

  stop(): void {
    for (const pool of this.pools.values()) pool.stop();
  }
}

/** `index.handler` is the export `handler` of `index.mjs` or its CommonJS relatives. */
function specOf(model: FunctionModel, folder: string, endpoints: Endpoints): FunctionSpec {
  const [file = '', exportName = ''] = model.handler.split('.');
  const candidates = ['.mjs', '.js', '.cjs'].map((extension) => path.resolve(folder, file + extension));
  const module = candidates.find((candidate) => existsSync(candidate));
  if (module === undefined)
    throw new StartError(`The code of ${model.name} has no file for its handler ${model.handler}.`);
  const { name, memoryMb, timeoutMs } = model;
  return { name, module, export: exportName, memoryMb, timeoutMs, variables: variablesOf(model, endpoints) };
}
