import { describe, expect, it } from 'vitest';
import { logLines } from '../../../lambdas/realtime/log-lines.ts';
import type { AlarmDesign } from '../../../lib/observability/alarm-design.ts';
import { type AlarmName, alarmNames, alarms } from '../../../lib/observability/alarm-table.ts';
import { drills, quietHour } from './drills.ts';
import { Scene, WatchedStage } from './scene.ts';

const stage = WatchedStage.synthesized();

/** The trouble begins at minute 15 and lasts until minute 35; every period of that time has it in this size. */
const [BEGIN, END] = [15, 35];

function drilled(name: AlarmName, size: number, on = stage): Scene {
  const scene = new Scene(on);
  const period = scene.periodOf(name);
  for (let minute = BEGIN; minute < END; minute += period) drills[name](scene, minute, size);
  if (name !== 'sweep-stopped') return scene;
  for (const minute of [0, 5, 10, 35, 40, 45, 50, 55]) drills[name](scene, minute, 5);
  return scene;
}

/** The least that sets it off, and the most that does not. */
function sizesOf(name: AlarmName): { readonly enough: number; readonly tooLittle: number } {
  const { threshold, below }: AlarmDesign = alarms[name];
  return below
    ? { enough: threshold - 1, tooLittle: threshold }
    : { enough: threshold, tooLittle: threshold - 1 };
}

describe('an alarm of a stage', () => {
  it.each(alarmNames)('%s goes off in its drill, not before the trouble, and ends after it', (name) => {
    const scene = drilled(name, sizesOf(name).enough);
    const states = scene.states(name);
    const period = scene.periodOf(name);
    const before = states.slice(0, BEGIN / period);
    const after = states.slice(END / period + alarms[name].periods[1]);

    expect(before).not.toContain(true);
    expect(states).toContain(true);
    expect(after.length).toBeGreaterThan(0);
    expect(after).not.toContain(true);
  });

  it.each(alarmNames)('%s stays silent just under its threshold', (name) => {
    expect(drilled(name, sizesOf(name).tooLittle).states(name)).not.toContain(true);
  });

  it.each(alarmNames.filter((name) => alarms[name].periods[0] > 1))(
    '%s stays silent when the trouble lasts for one period only',
    (name) => {
      const scene = new Scene(stage);
      if (name === 'sweep-stopped') quietHour(scene, { sweeps: false });
      if (name === 'sweep-stopped')
        for (let minute = 0; minute < 60; minute += 5) if (minute !== BEGIN) drills[name](scene, minute, 5);
      if (name !== 'sweep-stopped') drills[name](scene, BEGIN, sizesOf(name).enough);

      expect(scene.states(name)).not.toContain(true);
    },
  );
});

describe('the alarms of a stage', () => {
  it('are silent in a quiet hour, with its single failures', () => {
    const scene = new Scene(stage);
    quietHour(scene);

    expect(scene.ringing()).toEqual([]);
  });

  it('tell of a stage without any traffic only that its sweep has stopped', () => {
    expect(new Scene(stage).ringing()).toEqual(['sweep-stopped']);
  });

  it('do not count ten refused handshakes of ten as an attack', () => {
    const scene = new Scene(stage);
    for (let minute = 0; minute < 60; minute += 5)
      for (let times = 0; times < 10; times += 1)
        scene.logged(minute, 'authorize', (log) =>
          log.info(logLines.handshakeRefused, { code: 'signature' }),
        );

    expect(scene.states('handshakes-refused')).not.toContain(true);
  });

  it('go off in the drill of no other alarm', () => {
    const together = alarmNames.map((name) => {
      const scene = drilled(name, sizesOf(name).enough);
      for (let minute = 0; minute < 60; minute += 1) scene.lambda(minute, 'close-expired', 'Invocations', 1);
      return [name, scene.ringing()] as const;
    });
    const others = together.filter(([name, ringing]) => ringing.some((one) => one !== name));

    expect(others.map(([name]) => name)).toEqual([]);
  });
});

describe('a template in which a mistake is planted', () => {
  it.each([
    [
      'a sentence is renamed in the filters only',
      logLines.commandFailed,
      'A command did not work',
      'commands-fail',
    ],
    ['a field of the filters has another name', '$.unreached', '$.missed', 'unreached'],
    [
      'the filters count into another namespace',
      '"MetricNamespace":"Fanfare/',
      '"MetricNamespace":"Fanfares/',
      'posts-refused',
    ],
    [
      'an alarm takes the lower values',
      'GreaterThanOrEqualToThreshold',
      'LessThanThreshold',
      'functions-slow',
    ],
    [
      'a missing data point is a good sign',
      '"TreatMissingData":"breaching"',
      '"TreatMissingData":"notBreaching"',
      'sweep-stopped',
    ],
    [
      'a metric of Lambda has another name',
      '"MetricName":"Throttles"',
      '"MetricName":"Throttled"',
      'functions-throttled',
    ],
    ['a dimension has another name', '"Name":"ApiId"', '"Name":"ApiName"', 'gateway-fails'],
  ] as const)('%s: a drill finds it', (_mistake, text, instead, name) => {
    const mutant = stage.changed(escaped(text), escaped(instead));

    expect(drilled(name, sizesOf(name).enough, mutant).states(name)).not.toContain(true);
  });
});

/** As a text within the JSON of a template. */
function escaped(text: string): string {
  return text.startsWith('"') ? text : JSON.stringify(text).slice(1, -1);
}
