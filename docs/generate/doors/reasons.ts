/** The notes of the table: why a door needs no check. Several doors use each note. */

export const platform = { none: 'The platform answers only for the host names of its API or URL.' };
export const programs = {
  none: 'Only a principal of the account with a grant of IAM comes here; no page of a browser can sign for it.',
};
export const iam = {
  none: 'IAM decides by the credentials with which the caller signs; these have an end of their own.',
};
export const byHandshake = { none: 'The handshake has decided it, and it holds for the connection.' };
export const notAConnection = { none: 'A request of a server is no connection and leaves none.' };
export const throttle = {
  none: 'The throttle of the stage bounds it; servers are trusted with their share of it.',
};
export const noContent = { none: 'There is no body.' };
export const nothingAsked = {
  none: 'The gateway answers by itself: no function runs, and no item is read.',
};
export const ownStage = { none: 'The event names a stage, and the rule passes it to that stage only.' };
export const developer = { none: 'It belongs to the developer at this machine, who may do everything here.' };
export const readsOnly = { none: 'It only shows what the local runtime has counted.' };
