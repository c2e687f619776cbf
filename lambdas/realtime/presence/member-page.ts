/** What a page of members is, and what bounds it. */

import type { Member } from 'fanfare-protocol/actions';

export interface MemberPage {
  readonly members: Member[];
  /** Present if more users follow this one. */
  readonly next?: string;
}

/** Takes room for a member; false if there is not enough. */
export type Take = (member: Member) => boolean;
