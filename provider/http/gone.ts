import { Gone, NotFound } from "./errors";

/**
 * An answer, or undefined where the API says that what was asked for does not exist: 410, or 404 in
 * words of its own. A 404 that is empty or a web page comes from a wrong URL, and stays an error.
 */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Gone || (error instanceof NotFound && error.fromApi)) return undefined;
    throw error;
  }
}
