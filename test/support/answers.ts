import type { HttpClient } from "../../provider/http/client.ts";

/** A call of an API's client, and what it reads of the responses that it gets. */
export interface AnswerCase {
  name: string;
  call(client: HttpClient): Promise<unknown>;
  /** A response as the API's documentation has it. */
  valid: unknown;
  /**
   * The paths of what its caller can't do without, `clusters.0.id`. Everything else may be absent, null
   * or of another form, and the response is read all the same. Default: all of it.
   */
  needed?: readonly string[];
  /** Whether only the status counts, whatever the body is. Default: false. */
  isStatusOnly?: boolean;
  /** Other valid responses, and what is read of them. */
  others?: readonly { answer: unknown; reads: unknown }[];
  /** Responses that are nearly valid, and must not be taken for something that they do not say. */
  invalid?: readonly unknown[];
}

/** What every call is sent with. */
export const options = {};

/** A time as every API writes it. */
export const time = "2026-01-01T00:00:00Z";
