/** The namespaces in which facts play: those of the stage's own configuration whose access rules allow what the facts do. */

import { CommandLineError } from '../bin/command-line.ts';
import type { AccessRule, FanfareConfig, NamespacePolicy } from '../lambdas/realtime/access/namespaces.ts';
import { admitsAnonymous } from '../lambdas/realtime/access/namespaces.ts';
import { NotShown } from './not-shown.ts';

/**
 * What a fact does in a channel. Users are those with a token that names no channels.
 * - `chat`: users read and publish, and messages are kept
 * - `live`: users read and publish; messages are not kept, if the stage has such a namespace
 * - `public`: users read, and messages are kept
 * - `fleeting`: users read, and messages are not kept
 * - `members`: users read, and ask who is there
 * - `present`: the same, and they are told of joins and leaves
 */
export type Role = 'chat' | 'live' | 'public' | 'fleeting' | 'members' | 'present';

/** A namespace, and the one channel of it that may be used, if the operator has named one. */
interface Candidate {
  readonly namespace: string;
  readonly channel: string | undefined;
  readonly policy: NamespacePolicy;
}

type Test = (candidate: Candidate) => boolean;

const may =
  (right: 'subscribe' | 'publish' | 'members'): Test =>
  ({ policy, channel }) =>
    isForUsers(policy[right]) || (policy[right] === 'granted' && channel !== undefined);

const isForUsers = (rule: AccessRule) => rule === 'anyone' || rule === 'signed-in';
const reads = may('subscribe');
const publishes = may('publish');
const asksMembers = may('members');
const keeps: Test = ({ policy }) => policy.history !== 'none';

const needs: Readonly<Record<Role, readonly Test[]>> = {
  chat: [reads, publishes, keeps],
  live: [reads, publishes],
  public: [reads, keeps],
  fleeting: [reads, (candidate) => !keeps(candidate)],
  members: [reads, asksMembers],
  present: [reads, asksMembers, ({ policy }) => policy.presence !== 'none'],
};

const WORDS: Readonly<Record<Role, string>> = {
  chat: 'users read and publish, and messages are kept',
  live: 'users read and publish',
  public: 'users read, and messages are kept',
  fleeting: 'users read, and messages are not kept',
  members: 'users read, and see the members',
  present: 'users read, and see joins and leaves',
};

const prefers: Readonly<Partial<Record<Role, Test>>> = {
  live: (candidate) => !keeps(candidate),
  public: (candidate) => !publishes(candidate),
};

const hasRules = ({ schema, onPublish, onSubscribe }: NamespacePolicy) =>
  schema !== undefined || onPublish !== undefined || onSubscribe !== undefined;

export class Places {
  /** Whether a connection without a token is let in. */
  readonly admitsAnonymous: boolean;
  /** Whether the application decides by a function of its own how its users are named. */
  readonly namesUsers: boolean;
  /** Whether the application refuses messages or subscriptions by rules of its own. */
  readonly hasRules: boolean;
  private readonly candidates: readonly Candidate[];

  /**
   * @param channels The channels that facts may use, as `namespace:name`. @default names of their own in all namespaces
   * @throws CommandLineError for a channel of a namespace that the configuration does not have.
   */
  constructor(config: FanfareConfig, channels: readonly string[] = []) {
    this.admitsAnonymous = admitsAnonymous(config);
    this.namesUsers = config.onConnect !== undefined;
    const named = Object.entries(config.namespaces);
    this.hasRules = named.some(([, policy]) => hasRules(policy));
    this.candidates =
      channels.length === 0
        ? named.map(([namespace, policy]) => ({ namespace, policy, channel: undefined }))
        : channels.map((channel) => given(channel, config));
  }

  /** @throws NotShown if no namespace of the stage allows it. */
  channel(role: Role, name: string): string {
    const { namespace, channel = `${namespace}:${name}` } = this.placeFor(role);
    return channel;
  }

  /** Whether a connection without a token may read there. */
  isForAnyone(role: Role): boolean {
    return this.placeFor(role).policy.subscribe === 'anyone';
  }

  private placeFor(role: Role): Candidate {
    const fit = this.candidates.filter((candidate) => needs[role].every((test) => test(candidate)));
    // Rules of the application may refuse what a fact publishes.
    const rank = (one: Candidate) =>
      (prefers[role]?.(one) === false ? 2 : 0) + (hasRules(one.policy) ? 1 : 0);
    const [first] = fit.toSorted((one, other) => rank(one) - rank(other));
    if (first) return first;
    throw new NotShown(`no namespace of this stage in which ${WORDS[role]}`);
  }
}

/** @throws CommandLineError for a channel of a namespace that the configuration does not have. */
function given(channel: string, { namespaces }: FanfareConfig): Candidate {
  const [namespace = ''] = channel.split(':');
  const policy = Object.hasOwn(namespaces, namespace) ? namespaces[namespace] : undefined;
  if (policy) return { namespace, channel, policy };
  throw new CommandLineError(`--channel: the configuration has no namespace of ${channel}.`);
}
