import { StackStatus } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, found, stack, toolkit } from './accounts.ts';

const edge = { stackName: 'Fanfare-prod-edge', region: 'us-east-1', bootstrapVersion: 6 };
const inState = (status: string) => ({ stacks: new Map([['Fanfare-prod', stack(status)]]) });

describe('preflight, about the bootstrap stack', () => {
  it('is content with the version that the template asks for, and with any stack if it asks for none', () => {
    expect(found('bootstrap', { stacks: new Map([['CDKToolkit', toolkit(6)]]) })).toEqual([]);
    expect(found('bootstrap', { stacks: new Map() }, { bootstrapVersion: 0 })).toEqual([]);
  });

  it.each([
    ['it is missing', new Map(), 'there is no stack CDKToolkit'],
    ['it is older', new Map([['CDKToolkit', toolkit(5)]]), 'has version 5, and the deployment needs 6'],
    [
      'its own creation failed',
      new Map([['CDKToolkit', stack('ROLLBACK_COMPLETE', { BootstrapVersion: '30' })]]),
      'is ROLLBACK_COMPLETE',
    ],
  ])('refuses when %s, and names the command', (_, stacks, sentence) => {
    expect(found('bootstrap', { stacks })).toMatchObject([
      {
        severity: 'refuses',
        sentence: expect.stringContaining(sentence),
        remedy: expect.stringContaining(`\`npx cdk bootstrap aws://${ACCOUNT}/eu-central-1\``),
      },
    ]);
  });

  it('looks for it in the region of the edge, too', () => {
    const edgeStacks = new Map([['CDKToolkit', toolkit(6)]]);

    expect(found('bootstrap', { edgeStacks }, { edge })).toEqual([]);
    expect(found('bootstrap', {}, { edge })).toMatchObject([
      { remedy: expect.stringContaining(`aws://${ACCOUNT}/us-east-1`) },
    ]);
    expect(found('bootstrap', {}, { edge }, 'us-east-1')).toEqual([]);
  });
});

const usable = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'IMPORT_COMPLETE',
  'IMPORT_ROLLBACK_COMPLETE',
  'DELETE_COMPLETE',
];
const working = Object.values(StackStatus).filter(
  (status) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS',
);
const broken = Object.values(StackStatus).filter((status) => status.endsWith('_FAILED'));

describe('preflight, about a stack that exists', () => {
  it.each(usable)('says nothing about %s', (status) => {
    expect(found('stack', inState(status))).toEqual([]);
  });

  it.each(['ROLLBACK_COMPLETE', 'REVIEW_IN_PROGRESS'])(
    'notes that `cdk deploy` goes on from %s by itself',
    (status) => {
      expect(found('stack', inState(status))).toMatchObject([
        { severity: 'note', sentence: expect.stringContaining('`cdk deploy`') },
      ]);
    },
  );

  it.each(working)('refuses %s, and says how to wait', (status) => {
    expect(found('stack', inState(status))).toMatchObject([
      {
        severity: 'refuses',
        sentence: expect.stringContaining(`Fanfare-prod in eu-central-1 is ${status}`),
        remedy: expect.stringContaining('`aws cloudformation describe-stacks --stack-name Fanfare-prod'),
      },
    ]);
  });

  it.each(broken)('refuses %s, and says what to do first', (status) => {
    expect(found('stack', inState(status))).toMatchObject([
      { severity: 'refuses', remedy: expect.stringMatching(/`(aws cloudformation|npx cdk rollback) /) },
    ]);
  });

  it('never advises to delete data: it says so only for a stack that was never complete or is being deleted', () => {
    const deletes = broken.filter((status) =>
      found('stack', inState(status)).some(({ remedy }) => remedy?.includes('delete-stack')),
    );

    expect(deletes).toEqual(['DELETE_FAILED', 'ROLLBACK_FAILED']);
  });

  it('says that it does not know a new state', () => {
    expect(found('stack', inState('HALF_COMPLETE'))).toMatchObject([{ severity: 'note' }]);
  });

  it('checks the stack of the edge in the same way', () => {
    const edgeStacks = new Map([['Fanfare-prod-edge', stack('DELETE_FAILED')]]);

    expect(found('stack', { edgeStacks }, { edge })).toMatchObject([
      { sentence: expect.stringContaining('Fanfare-prod-edge in us-east-1 is DELETE_FAILED') },
    ]);
  });
});
