/** What the store behind answers, and how a request is refused in the same form. */

/** Sends one request to the store behind, and returns status and body. */
export type Send = (operation: string, body: object) => Promise<StoreAnswer>;

export interface StoreAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Mistake {
  /** @default a ValidationException */
  readonly type?: string;
  readonly message: string;
}

export function refusal({
  type = 'com.amazon.coral.validate#ValidationException',
  message,
}: Mistake): StoreAnswer {
  return { status: 400, body: { __type: type, message } };
}
