import type { Context } from "../../resource/definition";
import type { SimilarWaits } from "../../resource/similar-waits";
import { type Wait, waitUntil } from "../../resource/wait";
import type { CitusApi } from "../api";
import type { FormationDetails } from "../endpoints";

/** A formation, archived or not; undefined: the server does not show it. */
type Seen = FormationDetails | undefined;

/** A wait for one formation. */
interface FormationWait extends Pick<Wait<Seen>, "what" | "verdict" | "describe"> {
  id: string;
  /** Those that take about as long. */
  among: SimilarWaits;
  /** When what it waits for began: milliseconds since the epoch. */
  since: number;
  /** Called with what each poll shows. */
  onSeen?(seen: Seen): void;
}

/**
 * Polls a formation as often as is useful, and as the account's rate limit allows to all waits together:
 * whose turn is next is decided when there is a slot, by what the polls of the others have shown.
 *
 * @throws as {@link waitUntil} does
 */
export async function awaitFormation(
  { id, among, since, onSeen, ...wait }: FormationWait,
  context: Context<CitusApi>,
): Promise<Seen> {
  const { api, clock } = context;
  const own = among.begin(since);
  const options = { ...context, likelihood: () => own.likelihood(clock.now()) };
  try {
    return await waitUntil<Seen>({
      ...context,
      ...wait,
      poll: async () => {
        const seen = await api.look(id, options);
        onSeen?.(seen);
        return seen;
      },
      verdict: (seen) => {
        const verdict = wait.verdict(seen);
        own.polled(clock.now(), verdict === "done");
        return verdict;
      },
      // An eighth: what is ready after three minutes is seen within half of one.
      pace: { floor: 60_000 / api.requestsPerMinute, cap: 30_000, part: 8 },
    });
  } finally {
    own.end();
  }
}
