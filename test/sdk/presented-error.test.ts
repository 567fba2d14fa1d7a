import { expect, test, vi } from "vitest";

test("an error that the provider explains leaves no line beside its message; others are written", async () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  // It mutes its process's console once, which another test of this worker may have had done.
  vi.resetModules();
  const { ChangeRefused } = await import("../../provider/resource/errors.ts");
  const { presented } = await import("../../sdk/dynamic/presented-error.ts");
  const error = presented(new ChangeRefused("Replica r: refused."), () => ({})) as Error;

  // As the dynamic provider's process does with every error.
  console.error(`${error}: ${error.stack}`);
  console.error("Error: something else");

  expect(error.message).toBe("Replica r: refused.");
  expect(written.mock.calls).toEqual([["Error: something else"]]);
});
