import { expect, test, vi } from "vitest";
import { ChangeRefused } from "../../provider/resource/errors.ts";
import { presented } from "../../sdk/dynamic/presented-error.ts";

test("an error that the provider explains leaves no line beside its message; others are written", () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  const error = presented(new ChangeRefused("Replica r: refused."), () => ({})) as Error;

  // As the dynamic provider's process does with every error.
  console.error(`${error}: ${error.stack}`);
  console.error("Error: something else");

  expect(error.message).toBe("Replica r: refused.");
  expect(written.mock.calls).toEqual([["Error: something else"]]);
});
