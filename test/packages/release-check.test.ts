/** What `npm run release` finds before packages are published, and what it says of them. */

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MOST_BYTES, sizeFindings } from '../../bin/packages/check.ts';
import { ROOT } from '../../bin/packages/places.ts';
import {
  announcement,
  type Candidate,
  changelogFindings,
  changesetFindings,
  reportFindings,
  uncommittedFindings,
} from '../../bin/packages/release-check.ts';

const CANDIDATE: Candidate = {
  name: 'fanfare-client',
  version: '1.2.3',
  packed: {
    tarball: path.join(ROOT, '.build/tarballs/fanfare-client-1.2.3.tgz'),
    size: 1000,
    unpackedSize: 3000,
    integrity: 'sha512-a',
    files: ['package.json', 'dist/index.js'],
  },
  findings: [],
  isTagged: false,
};

describe('a release', () => {
  it('has no findings when everything is committed, in a version, in the changelog and reported', () => {
    expect([
      ...uncommittedFindings('\n'),
      ...changesetFindings(['README.md', 'config.json']),
      ...changelogFindings('# fanfare-client\n\n## 1.2.3\n\nText.\n', '1.2.3'),
      ...reportFindings([]),
    ]).toEqual([]);
  });

  it('names each file that is not committed', () => {
    expect(uncommittedFindings(' M package.json\n?? new.ts\n')).toEqual([
      'There are changes that are not committed:\n M package.json\n?? new.ts',
    ]);
  });

  it('names each changeset that is in no version yet', () => {
    expect(changesetFindings(['README.md', 'config.json', 'brave-cat.md', 'old-dog.md'])).toEqual([
      '.changeset/brave-cat.md is in no version yet: run "npx changeset version".',
      '.changeset/old-dog.md is in no version yet: run "npx changeset version".',
    ]);
  });

  it.each([
    ['is missing', '# fanfare-client\n'],
    ['is part of a longer one', '# fanfare-client\n\n## 1.2.30\n'],
    ['is named in a sentence only', '# fanfare-client\n\nAfter 1.2.3 came nothing.\n'],
  ])('names a version whose entry in the changelog %s', (_how, changelog) => {
    expect(changelogFindings(changelog, '1.2.3')).toEqual(['CHANGELOG.md says nothing of 1.2.3.']);
  });

  it('names each door whose public API differs from the committed report', () => {
    expect(reportFindings(['index', 'inbox'])).toEqual([
      'The public API has changed, in index, inbox: run "npm run build".',
    ]);
  });

  it('says the command that publishes a version without a tag', () => {
    expect(announcement(CANDIDATE)).toBe(
      'fanfare-client@1.2.3 would be published: 2 files, 1000 bytes packed, 3000 unpacked.\n' +
        '  npm publish .build/tarballs/fanfare-client-1.2.3.tgz --access public && git tag fanfare-client@1.2.3',
    );
  });

  it('says no such command of a version that has a tag', () => {
    expect(announcement({ ...CANDIDATE, isTagged: true })).toBe(
      'fanfare-client@1.2.3 has a tag already, and would not be published.',
    );
  });
});

describe('a limit of bytes', () => {
  it('admits a core of 6.5 KB, and no larger one', () => {
    expect(MOST_BYTES.get('index')).toBe(6656);
  });

  it('admits a door of just as many bytes', () => {
    expect(sizeFindings(MOST_BYTES)).toEqual([]);
  });

  it.each([...MOST_BYTES])('names the door %s when it has one byte more', (door, most) => {
    expect(sizeFindings(new Map([...MOST_BYTES, [door, most + 1]]))).toEqual([
      `${door} has ${most + 1} bytes gzipped, and may have ${most}.`,
    ]);
  });

  it('is missed by name at a new door', () => {
    expect(sizeFindings(new Map([['extra', 10]]))).toEqual(['extra has no limit of bytes.']);
  });
});
