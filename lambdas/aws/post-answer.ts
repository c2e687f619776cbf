/** Turns the gateway's answer to a post into an outcome. */

import type { Dispatcher } from 'undici';
import type { PostOutcome } from '../realtime/connections/outbound.ts';
import { isRefusal, reasonFrom } from '../realtime/platform-refusal.ts';

const OUTCOMES: ReadonlyMap<number, PostOutcome> = new Map([
  [200, 'sent'],
  [410, 'gone'],
  [429, 'throttled'],
]);

/**
 * 400 is about this post: the gateway knows no such connection id (MG-7). 401, 403, 404, 413 and the other statuses below 500 are
 * about every post: the grant, the signature, the endpoint or the size of the frame (MG-5, MG-8, MG-9). From 500 on the platform
 * has failed.
 */
export function outcomeOf(status: number, reason = String(status)): PostOutcome {
  const outcome = OUTCOMES.get(status);
  if (outcome !== undefined) return outcome;
  if (!isRefusal(status)) return 'failed';
  return { refused: status === 400 ? 'this post' : 'every post', reason };
}

/** As much of a body is read as can hold the sentence. Bytes. */
const BODY_BYTES = 2_048;

/** Reads the status of an answer; of a refusal also the reason. */
export class PostAnswer implements Dispatcher.DispatchHandler {
  private status = 0;
  private kind = '';
  private body = '';
  private readonly resolve: (outcome: PostOutcome) => void;
  private readonly onFailure: (reason: string) => void;

  constructor(resolve: (outcome: PostOutcome) => void, onFailure: (reason: string) => void) {
    this.resolve = resolve;
    this.onFailure = onFailure;
  }

  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.status = status;
    if (!OUTCOMES.has(status)) this.kind = kindIn(status, headers['x-amzn-errortype']);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.kind !== '' && this.body.length < BODY_BYTES)
      this.body += chunk.toString('latin1', 0, BODY_BYTES);
  }

  onResponseEnd(): void {
    const reason = this.kind === '' ? undefined : reasonFrom(this.kind, sentenceIn(this.body));
    const outcome = outcomeOf(this.status, reason);
    if (outcome === 'failed') this.onFailure(reason ?? String(this.status));
    this.resolve(outcome);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.onFailure('code' in error ? String(error.code) : error.name);
    this.resolve('failed');
  }
}

/** `403 AccessDeniedException`; behind the name there may be a colon and an address. */
function kindIn(status: number, errorType: string | string[] | undefined): string {
  const [name = ''] = String(errorType ?? '').split(':');
  return `${status} ${name}`.trim();
}

/** `message` of a JSON body, in either case; bodies that are cut off, or no JSON, have the sentence somewhere as well. */
function sentenceIn(body: string): string {
  return /"message"\s*:\s*"((?:[^"\\]|\\.)*)/i.exec(body)?.[1]?.replace(/\\[nr].*/s, '') ?? '';
}
