/** The event buses of a template, with their rules and the functions that the rules invoke. */

import { eventPattern } from '../languages/event-pattern/event-pattern.ts';
import type { Matches } from '../languages/event-pattern/read-pattern.ts';
import { rateMs } from '../languages/schedule.ts';
import { StartError } from '../start-error.ts';
import { busNameOf, DEFAULT_BUS, ruleArn } from './event-bus-arn.ts';
import { functionNameOf, hasFunction } from './function-arn.ts';
import type { Resource, Resources } from './resources.ts';

/** The properties of a target that select its input. */
export type TargetInput = Pick<Rule['Targets'][number], 'Input' | 'InputPath' | 'InputTransformer'>;

interface TargetModel {
  readonly functionName: string;
  /** Selects the part of an event that the function gets. */
  readonly input: TargetInput;
}

export interface RuleModel {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly wants: Matches;
  /** The interval of a rule with a rate. Milliseconds. */
  readonly everyMs: number | undefined;
  readonly targets: readonly TargetModel[];
}

export interface EventBusModel {
  readonly buses: readonly string[];
  /** The enabled rules. */
  readonly rules: readonly RuleModel[];
  /** A sentence about each target and schedule that is left out. */
  readonly notes: readonly string[];
}

type Rule = Resource<'AWS::Events::Rule'>;

/** @throws StartError that names a rule with a pattern, an input or a bus that is not known here. */
export function eventBusModel(resources: Resources): EventBusModel {
  const buses = [DEFAULT_BUS, ...resources['AWS::Events::EventBus'].map(({ Name }) => Name)];
  const rules = resources['AWS::Events::Rule'].filter(({ State }) => State !== 'DISABLED');
  return {
    buses,
    rules: rules.map((rule) => ruleModel(rule, buses, resources)),
    notes: rules.flatMap((rule) => [...notedTargets(rule, resources), ...notedSchedule(rule)]),
  };
}

function ruleModel(rule: Rule, buses: readonly string[], resources: Resources): RuleModel {
  const { logicalId, Name: name = logicalId, EventPattern, ScheduleExpression } = rule;
  const busName = busNameOf(rule.EventBusName);
  if (!buses.includes(busName))
    throw new StartError(
      `The rule ${logicalId} is of ${rule.EventBusName}, which is no bus of the template.`,
    );
  const identity = { name, arn: ruleArn(name, busName) };
  const served = rule.Targets.filter((target) => isFunction(target.Arn, resources));
  return {
    ...identity,
    busName,
    wants: EventPattern === undefined ? () => false : eventPattern(EventPattern, logicalId),
    everyMs: ScheduleExpression === undefined ? undefined : rateMs(ScheduleExpression),
    targets: served.map((target) => ({
      functionName: functionNameOf(target.Arn),
      input: target,
    })),
  };
}

function notedTargets({ logicalId, Targets }: Rule, resources: Resources): string[] {
  return Targets.filter(({ Arn }) => !isFunction(Arn, resources)).map(
    ({ Arn }) =>
      `The rule ${logicalId} has the target ${Arn}, which gets nothing here: it is no function of the template.`,
  );
}

function notedSchedule({ logicalId, ScheduleExpression: schedule }: Rule): string[] {
  if (schedule === undefined || rateMs(schedule) !== undefined) return [];
  return [`The rule ${logicalId} has the schedule ${schedule}, which does not run here: it is no rate.`];
}

function isFunction(arn: string, resources: Resources): boolean {
  return hasFunction(resources, functionNameOf(arn));
}
