/** Decides for each request whether the calling function has the permission. */

import { ACCOUNT } from '../template/account.ts';
import { callingFunction } from './caller.ts';
import { type Decision, decide } from './decide.ts';
import type { Need, Statement } from './statement.ts';

/** The role of a function with its statements. */
export interface FunctionGrants {
  readonly roleName: string;
  readonly statements: readonly Statement[];
}

export interface Guard {
  /**
   * The refusal in the words of AWS, or `undefined` if the request is allowed.
   *
   * @param authorization The header `Authorization`.
   * @param needs Called only if the caller is a function with a known role. All other callers may do everything.
   */
  refusalOf(authorization: string | undefined, needs: () => readonly Need[]): string | undefined;
}

/** Allows everything. */
export const NO_GUARD: Guard = { refusalOf: () => undefined };

/** The beginning of a note about a refused permission. */
export const REFUSED = 'Refused:';

/** Decisions are remembered because requests repeat. The limit is for ids in resources, which are new each time. */
const MAX_REMEMBERED = 10_000;

const reasons: Readonly<Record<Exclude<Decision, 'allowed'>, (action: string) => string>> = {
  denied: () => 'with an explicit deny in an identity-based policy',
  'not-granted': (action) => `because no identity-based policy allows the ${action} action`,
};

export class Permissions implements Guard {
  private readonly grants: ReadonlyMap<string, FunctionGrants>;
  private readonly onNote: (sentence: string) => void;
  private readonly remembered = new Map<string, Decision>();
  private readonly noted = new Set<string>();

  constructor(grants: ReadonlyMap<string, FunctionGrants>, onNote: (sentence: string) => void) {
    this.grants = grants;
    this.onNote = onNote;
  }

  refusalOf(authorization: string | undefined, needs: () => readonly Need[]): string | undefined {
    const functionName = callingFunction(authorization);
    if (functionName === undefined || !this.grants.has(functionName)) return undefined;
    return this.refusalFor(functionName, needs());
  }

  /** The same for a request that AWS makes in the name of a function. */
  refusalFor(functionName: string, needs: readonly Need[]): string | undefined {
    const grants = this.grants.get(functionName);
    if (!grants) return undefined;
    for (const need of needs) {
      const decision = this.decision(functionName, grants, need);
      if (decision !== 'allowed') return this.refused(functionName, grants, need, decision);
    }
    return undefined;
  }

  private decision(functionName: string, { statements }: FunctionGrants, need: Need): Decision {
    // A decision that depends on the context is not remembered.
    if (need.context) return decide(statements, need);
    const id = `${functionName} ${need.action} ${need.resource}`;
    const known = this.remembered.get(id);
    if (known !== undefined) return known;
    const decision = decide(statements, need);
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(id, decision);
    return decision;
  }

  private refused(
    functionName: string,
    { roleName }: FunctionGrants,
    { action, resource }: Need,
    decision: Exclude<Decision, 'allowed'>,
  ): string {
    const user = `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${functionName}`;
    const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reasons[decision](action)}`;
    if (this.isNew(message))
      this.onNote(`${REFUSED} ${functionName} may not ${action} ${resource}; its role is ${roleName}.`);
    return message;
  }

  /** Logs each refusal once, as long as it is remembered. */
  private isNew(message: string): boolean {
    if (this.noted.has(message)) return false;
    if (this.noted.size >= MAX_REMEMBERED) this.noted.clear();
    this.noted.add(message);
    return true;
  }
}
