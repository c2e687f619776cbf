/** Takes messages of a user out of a frame that waits in the mailbox of another user. */

/** The messages keep their numbers. `undefined`: the frame has no message of the user. */
export function emptiedFrame(frame: string, user: string): string | undefined {
  const event: unknown = JSON.parse(frame);
  if (!isRecord(event) || !Array.isArray(event['messages'])) return undefined;
  const messages: readonly unknown[] = event['messages'];
  const isTheirs = (one: unknown) => isRecord(one) && one['from'] === user;
  if (!messages.some(isTheirs)) return undefined;
  return JSON.stringify({ ...event, messages: messages.map((one) => (isTheirs(one) ? emptied(one) : one)) });
}

function emptied(message: unknown): unknown {
  if (!isRecord(message)) return message;
  const { from: _from, name: _name, removed: _removed, ...rest } = message;
  return { ...rest, data: null };
}

/** Whether a frame names the user as a member who came or left. A diff is a list of such events. */
export function tellsOf(frame: string, user: string): boolean {
  const parsed: unknown = JSON.parse(frame);
  const events: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  return events.some((event) => {
    if (!isRecord(event)) return false;
    const { member, members } = event;
    const told: readonly unknown[] = Array.isArray(members) ? members : [member];
    return told.some((one) => isRecord(one) && one['user'] === user);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
