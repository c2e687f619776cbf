import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { busEvent } from '../../../packages/local/src/events/event.ts';
import { EventBuses } from '../../../packages/local/src/events/event-buses.ts';
import type { RuleModel } from '../../../packages/local/src/template/event-bus-model.ts';

const rule: RuleModel = {
  name: 'Rule',
  arn: 'arn:rule',
  busName: 'default',
  wants: () => true,
  everyMs: undefined,
  targets: [{ functionName: 'Work', input: {} }],
};

function busesWith(changes: Partial<RuleModel>) {
  const enqueued: [string, unknown][] = [];
  const notes: string[] = [];
  const buses = new EventBuses({
    model: { buses: ['default'], rules: [{ ...rule, ...changes }], notes: [] },
    enqueue: (functionName, event) => enqueued.push([functionName, event]),
    onNote: (note) => notes.push(note),
  });
  onTestFinished(() => buses.stop());
  return { buses, enqueued, notes };
}

function fakeTimers() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

describe('a rule with a rate', () => {
  it('makes an event at each time, and none before or after', () => {
    fakeTimers();
    const { buses, enqueued } = busesWith({ everyMs: 60_000 });
    buses.start();
    vi.advanceTimersByTime(59_999);
    const before = enqueued.length;
    vi.advanceTimersByTime(60_001);
    buses.stop();
    vi.advanceTimersByTime(600_000);

    expect([before, enqueued.length]).toEqual([0, 2]);
    expect(enqueued[0]).toMatchObject([
      'Work',
      { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: ['arn:rule'], detail: {} },
    ]);
  });

  it('that is longer than the longest timer does not fire at once', () => {
    fakeTimers();
    const { buses, enqueued } = busesWith({ everyMs: 30 * 86_400_000 });
    buses.start();
    vi.advanceTimersByTime(86_400_000);

    expect([enqueued, vi.getTimerCount()]).toEqual([[], 0]);
  });
});

describe('a rule whose template does not make JSON', () => {
  it('loses the event with a log line, and does not affect other targets', () => {
    const input = { InputTransformer: { InputPathsMap: {}, InputTemplate: '{' } };
    const { buses, enqueued, notes } = busesWith({
      targets: [{ functionName: 'Broken', input }, ...rule.targets],
    });
    buses.put('default', busEvent({ source: 'app', detailType: 'T', detail: {}, at: 0 }));

    expect(enqueued.map(([name]) => name)).toEqual(['Work']);
    expect(notes).toEqual(['The input template of the rule Rule made no JSON of an event, which is lost.']);
  });
});
