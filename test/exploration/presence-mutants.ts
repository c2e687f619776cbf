/** Mistakes in the code that keeps and announces presence. The exploration must find them. */

import { presenceDiff } from 'fanfare-protocol/events';
import * as v from 'valibot';
import type { PresenceStore, ShiftStore } from '../../lambdas/realtime/presence/presence-store.ts';
import { MemberList } from '../../packages/client/src/lib/member-list.ts';
import { type Deeds, deployed, type WorldPorts } from './presence-world.ts';

interface Mutant {
  readonly deeds: Deeds;
  /** The case in which it shows. */
  readonly where: string;
  /** The order in which it shows, and the sound code holds, if few orders show it. */
  readonly order?: readonly (readonly [process: string, label: string])[];
}

const between = (ports: (ports: WorldPorts) => Partial<WorldPorts>): Deeds => ({
  ...deployed,
  ports: (sound) => ({ ...sound, ...ports(sound) }),
});

const onPresence = (change: (presence: PresenceStore) => Partial<PresenceStore>): Deeds =>
  between(({ presence }) => ({ presence: { ...presence, ...change(presence) } }));

/** It marks each change as announced at once, so that after a crash no process announces it. */
const markedBeforeTold = onPresence((presence) => ({
  async write(place, after, expiresAt) {
    const isWritten = await presence.write(place, after, expiresAt);
    if (isWritten) await presence.announced(place, after.version, true);
    return isWritten;
  },
}));

/** The last writer wins. */
const writtenWithoutCondition = onPresence((presence) => ({
  async write(place, after, expiresAt) {
    const stored = await presence.read(place);
    return presence.write(place, { ...after, revision: (stored?.revision ?? 0) + 1 }, expiresAt);
  },
}));

/** A record is taken for the truth, and not for a sign of where to look. */
const recordsBelieved: Deeds = between(({ subscriptions }) => ({
  subscriptions: {
    ...subscriptions,
    attendance: (() => {
      let found: ReturnType<typeof subscriptions.attendance> | undefined;
      return (...args) => {
        found ??= subscriptions.attendance(...args);
        return found;
      };
    })(),
  },
}));

/** It skips writes that change nothing, so that a process with an older reading can still write. */
const onlyNewsWritten = onPresence((presence) => ({
  async write(place, after, expiresAt) {
    const stored = await presence.read(place);
    const isNothing =
      after.connections.size === (stored?.connections.size ?? 0) && after.state === (stored?.state ?? 'gone');
    return isNothing || presence.write(place, after, expiresAt);
  },
}));

/** A member that joins in between is in neither the list nor the events. */
const membersReadFirst: Deeds = {
  ...deployed,
  async begin(observer, doors) {
    await observer.read(doors);
    await observer.subscribe(doors);
  },
};

/** Believes a late join of a user who has left. */
const goneForgotten: Deeds = {
  ...deployed,
  list: () => {
    const members = new Map<string, { readonly user: string }>();
    return {
      ask() {},
      hear(event, member) {
        if (event === 'joined') members.set(member.user, member);
        else members.delete(member.user);
        return true;
      },
      answer(list) {
        members.clear();
        for (const member of list) members.set(member.user, member);
      },
      get members() {
        return [...members.values()];
      },
    };
  },
};

/** Loses events that were pushed while the list was on its way. */
const listBelieved: Deeds = {
  ...deployed,
  list: () => {
    const list = new MemberList();
    return {
      ask() {},
      hear: (event, member) => list.hear(event, member),
      answer(members) {
        list.ask();
        list.answer(members);
      },
      get members() {
        return list.members;
      },
    };
  },
};

/** A worker reads the audience once, and so announces a later version to an audience that is older than the version. */
const audienceKept = between(({ subscriptions }) => {
  let kept: ReturnType<typeof subscriptions.page> | undefined;
  return {
    subscriptions: {
      ...subscriptions,
      page(...args) {
        if (args[0].channel.startsWith('@user:')) return subscriptions.page(...args);
        kept ??= subscriptions.page(...args);
        return kept;
      },
    },
  };
});

/** A diff tells one of its changes, and all of them are marked. */
const oneOfSeveralTold = between(({ outbound }) => ({
  outbound: {
    ...outbound,
    async post(connectionId, frame) {
      const { success, output } = v.safeParse(presenceDiff, JSON.parse(new TextDecoder().decode(frame)));
      const [first] = success ? output : [];
      if (!first) return outbound.post(connectionId, frame);
      const { event, channel, members } = first;
      const one = JSON.stringify({ event, channel, member: members[0] });
      return outbound.post(connectionId, new TextEncoder().encode(one));
    },
  },
}));

/** Observers that never asked for diffs get them, and do not understand them. */
const diffsForAll = between(({ subscriptions }) => ({
  subscriptions: {
    ...subscriptions,
    async page(...args) {
      const page = await subscriptions.page(...args);
      return { ...page, subscriptions: page.subscriptions.map((row) => ({ ...row, takesDiffs: true })) };
    },
  },
}));

/** The end of a connection comes before the beginning of the next one, and is taken for a leave. */
const orderOfRecordsBelieved = between(({ connections }) => ({
  connections: {
    ...connections,
    async shardOf() {
      return undefined;
    },
  },
}));

const onShifts = (change: (shifts: ShiftStore) => Partial<ShiftStore>): Deeds =>
  between(({ shifts }) => ({ shifts: { ...shifts, ...change(shifts) } }));

/** The worker ends its shift although the list has grown since it looked. */
const notesOverheard = onShifts((shifts) => ({
  async end(worker) {
    const { notes } = (await shifts.take(worker, { now: 0, until: 1 })) ?? { notes: -1 };
    return shifts.end(worker, notes);
  },
}));

/** A repeated batch calls the worker by another name, and takes the worker that it never started for one that works. */
const calledByNewNames: Deeds = {
  ...deployed,
  call: (ports, worker) => {
    calls += 1;
    return deployed.call(ports, `${worker}/${calls}`);
  },
};
let calls = 0;

/** A change leaves the due list before it is told, so that no worker follows one that dies in between. */
const outOfTheListTooSoon = onPresence((presence) => ({
  write: (place, after, expiresAt) =>
    presence.write(place, { ...after, until: after.version > after.announced ? 0 : after.until }, expiresAt),
}));

/** An observer is shown a user who may go again without a word. */
const arrivingShown = onPresence((presence) => ({
  async page(...args) {
    const page = await presence.page(...args);
    const rows = page.rows.map((row) =>
      row.state === 'arriving' ? { ...row, state: 'here' as const } : row,
    );
    return { ...page, rows };
  },
}));

/** The worker takes a list of which nothing is due yet for an empty one. */
const laterForgotten = between(({ dueList }) => ({
  dueList: {
    ...dueList,
    async next() {
      return undefined;
    },
  },
}));

/** Her last tab is gone, and a worker was started. */
const ANN_LEAVES = [
  ['a', 'subscribes'],
  ['stream of a/1', 'mark'],
  ['a', 'unsubscribes'],
  ['stream of a/2', 'start'],
] as const;

export const presenceMutants: Readonly<Record<string, Mutant>> = {
  markedBeforeTold: { deeds: markedBeforeTold, where: 'a tab that leaves' },
  writtenWithoutCondition: {
    deeds: writtenWithoutCondition,
    where: 'a tab that leaves while another one comes',
  },
  recordsBelieved: { deeds: recordsBelieved, where: 'a tab whose records are given to two at once' },
  onlyNewsWritten: { deeds: onlyNewsWritten, where: 'a tab whose records are given to two at once' },
  membersReadFirst: { deeds: membersReadFirst, where: 'a tab that stays' },
  goneForgotten: { deeds: goneForgotten, where: 'a tab that leaves, in a namespace without a linger' },
  audienceKept: {
    deeds: audienceKept,
    where: 'two tabs that leave, where records are given to two at once',
  },
  oneOfSeveralTold: { deeds: oneOfSeveralTold, where: 'two users in one batch, of whom one leaves' },
  diffsForAll: { deeds: diffsForAll, where: 'two users in one batch, who leave' },
  orderOfRecordsBelieved: {
    deeds: orderOfRecordsBelieved,
    where: 'a tab that goes when the next one has come',
  },
  notesOverheard: {
    deeds: notesOverheard,
    where: 'a user who comes when another one has left',
    order: [
      ...ANN_LEAVES,
      // It waits twice, tells that she has left, and finds the list empty.
      ['farewell/3', 'next'],
      ['farewell/3', 'next'],
      ['farewell/3', 'next'],
      ['b', 'subscribes'],
      ['stream of b/4', 'note'],
    ],
  },
  calledByNewNames: { deeds: calledByNewNames, where: 'two users who come in one window' },
  outOfTheListTooSoon: {
    deeds: outOfTheListTooSoon,
    where: 'a user who comes when another one has left',
    order: [...ANN_LEAVES, ['farewell/3', 'write'], ['farewell/3', 'crashes']],
  },
  arrivingShown: { deeds: arrivingShown, where: 'a user who comes and goes in a window' },
  laterForgotten: { deeds: laterForgotten, where: 'two users who leave and linger' },
  listBelieved: { deeds: listBelieved, where: 'a tab that stays' },
};
