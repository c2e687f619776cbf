/** A setting that is wrong, in one sentence: which one it is, its value, and what is allowed. */

export class SettingError extends Error {
  override readonly name = 'SettingError';
}
