import { expect, onTestFinished } from "vitest";
import type { Simulator } from "../../../simulators/kit/simulator.ts";

/**
 * Starts a simulator for the running test. When the test ends it is closed, and the test fails if
 * an ordered fault never struck or a request came that no correct client sends; a test that makes
 * such requests on purpose takes them out: `simulator.unexpected.splice(0)`.
 */
export async function running<T extends Simulator>(simulator: T): Promise<T> {
  await simulator.start();
  onTestFinished(() => ended(simulator));
  return simulator;
}

/** Closes a simulator, and fails where a fault ordered never struck or a request was none to be sent. */
export async function ended(simulator: Simulator): Promise<void> {
  await simulator.close();
  expect(simulator.faultsLeft(), "faults that never struck").toEqual([]);
  expect(simulator.unexpected, "unexpected requests").toEqual([]);
}
