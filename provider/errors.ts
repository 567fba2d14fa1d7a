/**
 * What all errors have in common that the provider explains: a stable code, and a message that says
 * what was attempted, on what, what the server said and what to do next. It never holds a credential.
 */
export abstract class FormationsError extends Error {
  /** Stable, for programs: `UNAUTHORIZED`, `CHANGE_REFUSED`, … */
  abstract readonly code: string;

  /** The code whose entry on the page of errors says what to do. Default: its own. */
  get topic(): string {
    return this.code;
  }

  /** Whether the deadline had passed, or would have passed before the operation could continue. */
  readonly outOfTime: boolean = false;

  /** Whether what was asked may have been done all the same: look before asking for it again. */
  readonly mayHaveTakenEffect: boolean = false;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
