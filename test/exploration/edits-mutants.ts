/** Mistakes with edits, planted between the domain and its ports, that the exploration must find. */

import type { LogRecord, MessageRecord } from '../../lambdas/realtime/log/log-store.ts';
import { isEdit, isMessage } from '../../lambdas/realtime/log/log-store.ts';
import type { PublishPorts } from '../../lambdas/realtime/log/publish.ts';
import type { MemoryPorts } from '../memory/memory-ports.ts';
import type { EditMutant } from './edits-world.ts';

type Log = PublishPorts['channelLog'];

const withLog =
  (change: (log: Log, memory: MemoryPorts) => Partial<Log>): EditMutant =>
  (ports, memory) => ({
    ...ports,
    channelLog: { ...ports.channelLog, ...change(ports.channelLog, memory) },
  });

/** The edit of a message into a publish that may have changed since it was found. */
function forced(found: readonly LogRecord[] | undefined, after: readonly MessageRecord[], seq: number) {
  const before = found?.filter(isMessage) ?? [];
  const edited = after.find((one) => one.seq === seq);
  return { before, after: before.map((one) => (one.seq === seq && edited ? edited : one)) };
}

/** Writes the edit first and the message then, without a transaction. */
const editFirst = withLog((log, { channelLog }) => ({
  async edit(channel, { edit, before, after }, retention) {
    if (!(await log.write(channel, [{ ...edit, data: null }], retention))) return 'sealed';
    await log.head(channel);
    // At once: the memory writes both, and has one of them already.
    channelLog.expire(channel, edit.seq);
    return channelLog.edit(channel, { edit, before, after }, retention);
  },
}));

/** Writes the message first and the edit then, without a transaction. */
const messageFirst = withLog((log, { channelLog }) => ({
  async edit(channel, { edit, before, after }, retention) {
    await log.head(channel);
    const written = channelLog.edit(channel, { edit, before, after }, retention);
    channelLog.expire(channel, edit.seq);
    const outcome = await written;
    if (outcome !== 'written') return outcome;
    await log.head(channel);
    return (await log.write(channel, [{ ...edit, data: null }], retention)) ? 'written' : 'sealed';
  },
}));

/** Writes the whole publish as the writer has found it, and so over what came since. */
const conditionForgotten = withLog((log, { channelLog }) => ({
  async edit(channel, { edit, after }, retention) {
    const found = await channelLog.publishOf(channel, edit.replaces);
    return log.edit(channel, { edit, before: found?.filter(isMessage) ?? [], after }, retention);
  },
}));

/** Writes into the message although a later edit or a deletion is there. */
const orderForgotten = withLog((log, { channelLog }) => ({
  async edit(channel, { edit, after }, retention) {
    const found = await channelLog.publishOf(channel, edit.replaces);
    return log.edit(channel, { edit, ...forced(found, after, edit.replaces) }, retention);
  },
}));

/** Keeps the content with the edit as well. */
const contentTwice = withLog((log, { channelLog }) => ({
  async edit(channel, { edit, before, after }, retention) {
    const outcome = await log.edit(channel, { edit, before, after }, retention);
    if (outcome !== 'written') return outcome;
    channelLog.expire(channel, edit.seq);
    channelLog.writeNow(channel, [edit]);
    return outcome;
  },
}));

/** Takes the content of an edit from the message of the same page, which may be older. */
const contentOfThePage = withLog((log, { channelLog }) => ({
  async *read(channel, range) {
    await log.head(channel);
    // A page is read item by item, so its first items may be older than its last ones.
    const older = channelLog.bare(channel, range);
    await log.head(channel);
    for (const record of channelLog.bare(channel, range)) {
      const early = older.find(({ seq }) => seq === record.seq) ?? record;
      const original = isEdit(record) && older.find(({ seq }) => seq === record.replaces);
      if (original && isMessage(original)) yield { ...record, data: original.data };
      else yield early;
    }
  },
}));

/** Deletes the message alone, and tells no subscriber. */
const deletionUntold: EditMutant = (ports, memory) => ({
  ...ports,
  outbound: {
    ...ports.outbound,
    post: async (id, frame) =>
      new TextDecoder().decode(frame).includes('removed') ? 'sent' : ports.outbound.post(id, frame),
  },
  channelLog: { ...ports.channelLog, head: memory.channelLog.head },
});

/** Takes every key for new. */
const keysNotChecked = withLog(() => ({ point: async () => undefined }));

/** Sends an edit before it is written. */
const postedBefore: EditMutant = (ports) => {
  const early: Promise<unknown>[] = [];
  return {
    ...ports,
    channelLog: {
      ...ports.channelLog,
      async edit(channel, rewriting, retention) {
        const { seq, replaces, data, time } = rewriting.edit;
        const event = { event: 'messages', channel, messages: [{ seq, replaces, data, time }] };
        const frame = new TextEncoder().encode(JSON.stringify(event));
        early.push(ports.outbound.post('early', frame));
        await Promise.all(early);
        return ports.channelLog.edit(channel, rewriting, retention);
      },
    },
  };
};

export const editMutants = {
  editFirst,
  messageFirst,
  conditionForgotten,
  orderForgotten,
  contentTwice,
  contentOfThePage,
  deletionUntold,
  keysNotChecked,
  postedBefore,
} satisfies Readonly<Record<string, EditMutant>>;

/** Deletes the row of a message when the message has expired, although its edit is served. */
const deletedTooEarly = withLog((log, { channelLog }) => ({
  async *read(channel, range) {
    const [first] = channelLog.bare(channel, { from: 0, to: Number.MAX_SAFE_INTEGER });
    if (first && isMessage(first) && first.edited !== undefined) channelLog.expire(channel, first.seq);
    yield* log.read(channel, range);
  },
}));

/** Each shows only after a message has expired. */
export const lateMutants = { deletedTooEarly } satisfies Readonly<Record<string, EditMutant>>;
