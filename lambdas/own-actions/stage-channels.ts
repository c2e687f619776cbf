/** The channels of the stage, as the handler of an action uses them: with the rights of a server, at the expense of the caller. */

import { parseChannel } from 'fanfare-protocol/channel';
import { ProtocolError } from 'fanfare-protocol/errors';
import { HISTORY_LIMIT, HISTORY_LIMIT_MAX } from 'fanfare-protocol/limits';
import type { StageChannels } from '../own-logic/own-action.ts';
import { plainJson } from '../own-logic/plain-json.ts';
import { type FanfareConfig, type NamespacePolicy, policyOf } from '../realtime/access/namespaces.ts';
import { requiredLogOf } from '../realtime/log/channel-log.ts';
import { pageOfChannel } from '../realtime/log/history.ts';
import type { PublishPorts } from '../realtime/log/publish.ts';
import { publishByRules } from '../realtime/log/publish-by-rules.ts';
import { replyRoom } from '../realtime/log/reply-room.ts';
import { membersOf, membersPerPage, type PresencePorts } from '../realtime/presence/members.ts';
import type { ActionCaller } from './caller.ts';

export interface StageContext {
  readonly config: FanfareConfig;
  readonly ports: PublishPorts & PresencePorts;
}

/** A handler while it runs. */
interface Running {
  readonly action: string;
  readonly caller: ActionCaller;
  readonly signal: AbortSignal;
}

export function stageChannels({ config, ports }: StageContext, running: Running): StageChannels {
  const policyFor = (channel: string): NamespacePolicy => {
    running.signal.throwIfAborted();
    const parsed = parseChannel(channel);
    if (!parsed) throw new ProtocolError('bad-request', `${channel} is not a channel name.`);
    return policyOf(config, parsed);
  };

  return {
    async publish(channel, data, key) {
      const { origin, spend } = running.caller;
      const policy = policyFor(channel);
      const sender = { kind: 'action', id: running.action } as const;
      const draft = { data: plainJson(running.action, data), ...(key !== undefined && { key }) };
      const [seq] = await publishByRules({ ports, channel, policy, sender, origin, spend }, [draft]);
      return seq === undefined ? {} : { seq };
    },

    async history(channel, { after, before, limit = HISTORY_LIMIT } = {}) {
      const log = requiredLogOf(ports, channel, policyFor(channel));
      const page = { after, before, limit: Math.min(limit, HISTORY_LIMIT_MAX) };
      const { messages, more } = await pageOfChannel(log, page, replyRoom(1));
      return { messages, more };
    },

    members(channel, cursor = '') {
      const policy = policyFor(channel);
      let room = membersPerPage(policy);
      return membersOf(ports, policy, channel, cursor, () => room-- > 0);
    },
  };
}
