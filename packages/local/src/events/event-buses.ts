/** The event buses of the template: each event goes to the functions of all rules that match it. */

import type { EventBusModel, RuleModel } from '../template/event-bus-model.ts';
import { type BusEvent, busEvent } from './event.ts';
import { type InputOf, targetInput } from './target-input.ts';

export interface EventBusesOptions {
  readonly model: EventBusModel;
  /** Invokes a function asynchronously. */
  readonly enqueue: (functionName: string, event: unknown) => void;
  /** Gets a sentence about each event that is lost. */
  readonly onNote: (sentence: string) => void;
}

/** Node fires a longer timer immediately. A rule with a longer rate never fires here. Milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

interface Receiver {
  readonly functionName: string;
  readonly inputOf: InputOf;
}

/**
 * The functions that each rule invokes, with the input that they get.
 *
 * @throws StartError that names a rule whose input cannot be made here.
 */
export function receiversOf({ rules }: EventBusModel): ReadonlyMap<RuleModel, readonly Receiver[]> {
  return new Map(
    rules.map((rule) => [
      rule,
      rule.targets.map(({ functionName, input }) => ({ functionName, inputOf: targetInput(input, rule) })),
    ]),
  );
}

export class EventBuses {
  private readonly options: EventBusesOptions;
  private readonly receivers: ReadonlyMap<RuleModel, readonly Receiver[]>;
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(options: EventBusesOptions) {
    this.options = options;
    this.receivers = receiversOf(options.model);
  }

  has(busName: string): boolean {
    return this.options.model.buses.includes(busName);
  }

  /** Passes an event to the targets of each rule of the bus that matches it. */
  put(busName: string, event: BusEvent): void {
    for (const rule of this.options.model.rules)
      if (rule.busName === busName && rule.wants(event)) this.handOver(event, rule);
  }

  /** Starts the timers of rules with a rate. A rule fires for the first time after one interval. */
  start(): void {
    for (const rule of this.options.model.rules) {
      if (rule.everyMs === undefined || rule.everyMs > LONGEST_TIMER_MS) continue;
      this.timers.push(setInterval(() => this.handOver(scheduledEvent(rule), rule), rule.everyMs));
    }
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
  }

  private handOver(event: BusEvent, rule: RuleModel): void {
    for (const { functionName, inputOf } of this.receivers.get(rule) ?? []) {
      try {
        this.options.enqueue(functionName, inputOf(event));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        this.options.onNote(
          `The input template of the rule ${rule.name} made no JSON of an event, which is lost.`,
        );
      }
    }
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
function scheduledEvent({ arn }: RuleModel): BusEvent {
  return busEvent({
    source: 'aws.events',
    detailType: 'Scheduled Event',
    detail: {},
    resources: [arn],
    at: Date.now(),
  });
}
