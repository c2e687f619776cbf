/** Starts the function `farewell` by asynchronous invocations. */

import type { FarewellTask } from '../realtime/presence/farewell-task.ts';
import type { Farewells } from '../realtime/presence/presence-store.ts';
import { invokeLater } from './invoke-later.ts';

/** Even with the longest names, the payload stays under the 256 KB that every region accepts. */
const USERS_PER_TASK = 200;

/** @param functionName name or ARN of the function. */
export function lambdaFarewells(functionName: string): Farewells {
  const invoke = invokeLater(functionName);
  return {
    async start(users) {
      for (let from = 0; from < users.length; from += USERS_PER_TASK) {
        const task: FarewellTask = { lingering: users.slice(from, from + USERS_PER_TASK) };
        await invoke(task);
      }
    },
    async startShift(worker) {
      const task: FarewellTask = { worker };
      await invoke(task);
    },
  };
}
