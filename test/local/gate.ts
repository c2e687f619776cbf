/** Holds functions at a place that a test names, until the test or another function lets them on. */

import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../loopback.ts';
import { Queue } from './queue.ts';

export interface Gate {
  /** Source of a statement that waits until the gate is open. */
  readonly wait: string;
  /** Source of a statement that opens the gate. */
  readonly pass: string;
  /** Settles when one more function waits. */
  arrival(): Promise<void>;
  /** Settles when one more function waits no longer: let on, or killed. */
  leaving(): Promise<void>;
  open(): void;
}

/** A closed gate, for one test. */
export async function closedGate(): Promise<Gate> {
  const arrivals = new Queue<ServerResponse>();
  const lingering = new Queue<ServerResponse>();
  const held: ServerResponse[] = [];
  let isOpen = false;
  const open = () => {
    isOpen = true;
    for (const response of held.splice(0)) response.end();
  };
  const { url, close } = await listenOnLoopback((request, response) => {
    if (request.url === '/open') open();
    if (isOpen) return response.end();
    held.push(response);
    response.on('close', () => lingering.put(response));
    return arrivals.put(response);
  });
  onTestFinished(close);
  return {
    wait: `await fetch('${url}/wait');`,
    pass: `await fetch('${url}/open');`,
    async arrival() {
      await arrivals.next();
    },
    async leaving() {
      await lingering.next();
    },
    open,
  };
}
