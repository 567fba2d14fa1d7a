/**
 * What every error that the provider explains has in common: a stable code, and a message that says
 * what was tried, on what, what came back and what to do next. It never holds a credential.
 */
export abstract class FormationsError extends Error {
  /** Stable, for programs: `UNAUTHORIZED`, `CHANGE_REFUSED`, … */
  abstract readonly code: string;

  /** Whether the time for the operation was over, or would have been before it could go on. */
  readonly outOfTime: boolean = false;

  /** Whether what was asked may have been done all the same: look before asking for it again. */
  readonly mayHaveTakenEffect: boolean = false;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
