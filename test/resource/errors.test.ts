import { describe, expect, test } from "vitest";
import { FormationsError } from "../../provider/errors.ts";
import * as errors from "../../provider/resource/errors.ts";

describe("each error has a code that programs can rely on, and its own name:", () => {
  test.each([
    [errors.ConfigurationError, "ConfigurationError", "CONFIGURATION"],
    [errors.InvalidArguments, "InvalidArguments", "INVALID_ARGUMENTS"],
    [errors.ChangeRefused, "ChangeRefused", "CHANGE_REFUSED"],
    [errors.AlreadyExists, "AlreadyExists", "ALREADY_EXISTS"],
    [errors.NoSuchResource, "NoSuchResource", "NO_SUCH_RESOURCE"],
    [errors.ResourceFailed, "ResourceFailed", "RESOURCE_FAILED"],
    [errors.WaitTimedOut, "WaitTimedOut", "WAIT_TIMED_OUT"],
    [errors.Cancelled, "Cancelled", "CANCELLED"],
  ])("%o", (type, name, code) => {
    const cause = new Error("why");
    const error = new type("what happened", { cause });
    expect(error).toBeInstanceOf(FormationsError);
    expect(error).toMatchObject({ name, code, message: "what happened", cause });
  });
});

describe("an incomplete resource", () => {
  const marks = { pending: true };

  test("says why in the words of what failed", () => {
    const cause = new RangeError("no answer");
    const error = new errors.Incomplete({ id: "s-1", state: { state: "creating" }, marks }, cause);
    expect(error).toMatchObject({
      name: "Incomplete",
      code: "INCOMPLETE",
      message: "no answer",
      cause,
      id: "s-1",
      state: { state: "creating" },
      marks,
    });
  });

  test("says why where what failed was no error", () => {
    expect(new errors.Incomplete({ id: "s-1", state: {}, marks }, "no answer").message).toBe(
      "no answer",
    );
  });
});
