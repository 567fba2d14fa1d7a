import { describe, expect, test } from "vitest";
import { FormationsError } from "../../provider/errors.ts";
import {
  type Attempts,
  type Creation,
  CreationInDoubt,
  createOnce,
  type Judgement,
  sendOnce,
} from "../../provider/resource/create-once.ts";
import { AlreadyExists } from "../../provider/resource/errors.ts";
import { InstantClock } from "../support/clock.ts";
import { failure } from "../support/failure.ts";

class Lost extends FormationsError {
  readonly code = "LOST";
  override readonly mayHaveTakenEffect = true;
}

class Refused extends FormationsError {
  readonly code = "REFUSED";
}

class Taken extends FormationsError {
  readonly code = "TAKEN";
}

class OutOfTime extends FormationsError {
  readonly code = "OUT_OF_TIME";
  override readonly outOfTime = true;
}

const lost = () => new Lost("No response. It may have taken effect.");
const refused = () => new Refused("It is too large.");
const taken = () => new Taken("The name is taken.");
const rival = () => new AlreadyExists("another's");

/** What the server does, in order: a text is what it creates, or has to show; an error is thrown. */
type Script = readonly (string | Error)[];

interface Story extends Partial<Creation<string, string>> {
  /** What requests end with. */
  sends: Script;
  /** What looks end with. Default: nothing is there. */
  looks?: Script;
}

/** Creates by a script, and notes what was done. */
function told({ sends, looks = [], ...own }: Story) {
  const clock = new InstantClock();
  const aborter = new AbortController();
  const steps: string[] = [];
  const keys: string[] = [];
  const warnings: string[] = [];
  const progress: string[] = [];
  const judged: Attempts[] = [];
  const play = async (script: Script, index: number): Promise<string> => {
    const next = script[index] ?? "nothing";
    if (typeof next === "string") return next;
    throw next;
  };
  const count = (step: string) => steps.filter((one) => one === step).length;
  const creation: Creation<string, string> = {
    what: 'database "db"',
    pauses: [0],
    isTaken: (error) => error instanceof Taken,
    send: (key) => {
      steps.push("send");
      keys.push(key());
      return play(sends, count("send") - 1);
    },
    look: () => {
      steps.push("look");
      return play(looks, count("look") - 1);
    },
    judge: (seen, sent): Judgement<string> => {
      judged.push(sent);
      if (seen === "nothing") return sent.lost ? "absent" : "hidden";
      if (seen === "half") return { clearAway: async () => void steps.push("clear") };
      return seen === "another's" ? { rival: rival() } : { ours: seen };
    },
    ...own,
  };
  const context = {
    clock,
    signal: aborter.signal,
    warn: (text: string) => warnings.push(text),
    progress: (text: string) => progress.push(text),
  };
  const run = () => createOnce(creation, context);
  return { run, context, clock, aborter, steps, keys, warnings, progress, judged };
}

/** Stories by what happens: what is sent and looked for, and what comes of it. */
const stories: [string, Story, string, string | (abstract new (...args: never[]) => Error)][] = [
  ["a creation", { sends: ["db"] }, "send", "db"],
  ["a refusal is not looked into", { sends: [refused()] }, "send", Refused],
  ["a bug is not looked into", { sends: [new TypeError("bug")] }, "send", TypeError],
  ["ours, the response lost", { sends: [lost()], looks: ["db"] }, "send look", "db"],
  ["absent, the response lost", { sends: [lost(), "db"] }, "send look send", "db"],
  [
    "another's, the response lost",
    { sends: [lost()], looks: ["another's"] },
    "send look",
    AlreadyExists,
  ],
  [
    "another's, the place taken",
    { sends: [taken()], looks: ["another's"] },
    "send look",
    AlreadyExists,
  ],
  ["hidden, the place taken", { sends: [taken(), "db"] }, "send look", Taken],
  ["half made", { sends: [lost(), "db"], looks: ["half"] }, "send look clear send", "db"],
  [
    "half made to the last",
    { sends: [lost(), lost()], looks: ["half", "half"] },
    "send look clear send look clear",
    Lost,
  ],
  ["lost on every try", { sends: [lost(), lost()] }, "send look send look", Lost],
  [
    "found after the last try",
    { sends: [lost(), lost()], looks: ["nothing", "db"] },
    "send look send look",
    "db",
  ],
  [
    "taken by the lost request",
    { sends: [lost(), taken()], looks: ["nothing", "db"] },
    "send look send look",
    "db",
  ],
  ["refused after a lost response", { sends: [lost(), refused()] }, "send look send", Refused],
  ["no retries", { pauses: [], sends: [lost(), "db"] }, "send look", Lost],
  [
    "three retries",
    { pauses: [1, 2, 3], sends: [lost(), lost(), lost(), "db"] },
    "send look send look send look send",
    "db",
  ],
];

test.each(stories)("%s", async (_, story, steps, end) => {
  const one = told(story);
  if (typeof end === "string") expect(await one.run()).toBe(end);
  else await failure(one.run(), end);
  expect(one.steps.join(" ")).toBe(steps);
});

describe("a look that fails", () => {
  test("after a lost response tells the doubt, the reason, and that nothing more was sent", async () => {
    const one = told({ sends: [lost(), "db"], looks: [refused()] });
    const error = await failure(one.run(), CreationInDoubt);
    expect(error.message).toBe(
      'No response. It may have taken effect. Checking for database "db" failed: It is too large. ' +
        "Nothing more was sent; the next `pulumi up` checks before it creates.",
    );
    expect(error).toMatchObject({ mayHaveTakenEffect: true, outOfTime: false });
    expect(error.cause).toBeInstanceOf(Lost);
    expect(one.steps).toEqual(["send", "look"]);
  });

  test("for lack of time is out of time", async () => {
    const one = told({ sends: [lost()], looks: [new OutOfTime("Too late.")] });
    expect((await failure(one.run(), CreationInDoubt)).outOfTime).toBe(true);
  });

  test("after a later refusal still tells of the response that was lost", async () => {
    const one = told({ sends: [lost(), taken()], looks: ["nothing", refused()] });
    const error = await failure(one.run(), CreationInDoubt);
    expect(error.message).toContain("No response.");
  });

  test("where nothing was lost fails as it is", async () => {
    await failure(told({ sends: [taken()], looks: [refused()] }).run(), Refused);
  });

  test("by a bug of ours fails as that", async () => {
    await failure(told({ sends: [lost()], looks: [new TypeError("bug")] }).run(), TypeError);
  });

  test("while it judges is a look that fails", async () => {
    const judge = () => Promise.reject(refused());
    await failure(told({ sends: [lost()], judge }).run(), CreationInDoubt);
  });
});

describe("what may have taken effect", () => {
  test("is what the resource says, where it knows better than the error", async () => {
    const one = told({ sends: [lost()], mayHaveTakenEffect: () => false });
    await failure(one.run(), Lost);
    expect(one.steps).toEqual(["send"]);
  });

  test("is passed to the judgement, with all failures and when the first request was sent", async () => {
    const first = lost();
    const second = taken();
    const one = told({ pauses: [1_000], sends: [first, second], looks: ["nothing", "db"] });
    const began = one.clock.now();
    await one.run();
    expect(one.judged).toEqual([
      { began, failures: [first], lost: first },
      { began, failures: [first, second], lost: first },
    ]);
  });
});

describe("the key", () => {
  test("is the same for each retry", async () => {
    const one = told({ sends: [lost(), "db"] });
    await one.run();
    expect(new Set(one.keys).size).toBe(1);
  });

  test("is a new one once something was cleared away", async () => {
    const one = told({ sends: [lost(), "db"], looks: ["half"] });
    await one.run();
    expect(new Set(one.keys).size).toBe(2);
  });

  test("that is too old is not used again", async () => {
    const one = told({
      pauses: [60, 60],
      keyLifetime: 100,
      settling: 60,
      sends: [lost(), lost(), "db"],
    });
    await failure(one.run(), Lost);
    expect(one.steps).toEqual(["send", "look", "send", "look"]);
  });
});

describe("time", () => {
  test("passes before a look for a lost request, and before a retry, and not otherwise", async () => {
    const sends = [lost(), taken(), "db"];
    const one = told({ pauses: [1_000, 0], settling: 500, sends });
    await one.run();
    expect(one.clock.sleeps).toEqual([500, 1_000]);
  });

  test("is not waited for once something was cleared away", async () => {
    const one = told({ pauses: [1_000], sends: [lost(), "db"], looks: ["half"] });
    await one.run();
    expect(one.clock.sleeps).toEqual([]);
  });
});

describe("a cancellation", () => {
  test("while a request is under way ends there", async () => {
    const one = told({ sends: [lost(), "db"] });
    one.aborter.abort();
    await failure(one.run(), Lost);
    expect(one.steps).toEqual(["send"]);
  });

  test.each([
    ["before the look", { settling: 500 }, "send"],
    ["before the retry", { pauses: [500] }, "send look"],
  ])("%s ends with the lost response", async (_, own, steps) => {
    const one = told({ sends: [lost(), "db"], ...own });
    one.clock.onSleep = () => one.aborter.abort();
    await failure(one.run(), Lost);
    expect(one.steps.join(" ")).toBe(steps);
  });
});

describe("those who wait hear", () => {
  test("of a lost response before the look, and of the retry after it", async () => {
    const one = told({ sends: [lost(), "db"] });
    await one.run();
    expect(one.warnings).toEqual([
      'No response. It may have taken effect. Checking for database "db" before retrying.',
    ]);
    expect(one.progress).toEqual(['database "db" does not exist; creating it again']);
  });

  test("of no retry where none is left", async () => {
    const one = told({ pauses: [], sends: [lost()] });
    await failure(one.run(), Lost);
    expect(one.warnings).toEqual([expect.stringMatching(/Checking for database "db"\.$/)]);
  });

  test("of a retry after a refusal, where the place turns out to be free", async () => {
    const one = told({ sends: [taken(), "db"], judge: () => "absent" });
    await one.run();
    expect(one.warnings).toEqual([
      'The name is taken. But database "db" does not exist; creating it again.',
    ]);
  });

  test("nothing of a rival but the error", async () => {
    const one = told({ sends: [taken()], looks: ["another's"] });
    await failure(one.run(), AlreadyExists);
    expect([...one.warnings, ...one.progress]).toEqual([]);
  });
});

describe("a change", () => {
  const warnings: string[] = [];
  const context = { warn: (text: string) => warnings.push(text) };

  test("gives its response", async () => {
    expect(await sendOnce(async () => "done", context)).toEqual({ response: "done" });
    expect(warnings).toEqual([]);
  });

  test("whose response was lost is left to the caller to look for", async () => {
    const error = lost();
    expect(await sendOnce(() => Promise.reject(error), context)).toEqual({ lost: error });
    expect(warnings).toEqual(["No response. It may have taken effect. Checking whether it did."]);
  });

  test("that is refused fails", async () => {
    await failure(
      sendOnce(() => Promise.reject(refused()), context),
      Refused,
    );
  });
});
