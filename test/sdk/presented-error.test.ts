import { expect, onTestFinished, test, vi } from "vitest";

test("an error that the provider explains leaves no line beside its message; others are written", async () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => written.mockRestore());
  // A process changes what it writes once, and another test's may have been the first here.
  vi.resetModules();
  const { presented } = await import("../../sdk/dynamic/presented-error.ts");
  const { ChangeRefused } = await import("../../provider/resource/errors.ts");
  const error = presented(new ChangeRefused("Replica r: refused."), () => ({})) as Error;

  // As the dynamic provider's process does with every error.
  console.error(`${error}: ${error.stack}`);
  console.error("Error: something else");

  expect(error.message).toBe("Replica r: refused.\nMore: formations help CHANGE_REFUSED");
  expect(written.mock.calls).toEqual([["Error: something else"]]);
});
