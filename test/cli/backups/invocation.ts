import { Command } from "commander";
import { onTestFinished, vi } from "vitest";
import { FormationsError } from "../../../provider/errors.ts";
import { type AntflyOptions, AntflySimulator } from "../../../simulators/antfly.ts";
import { running } from "../../simulators/kit/testing.ts";

/** Where every simulator here has its backups. */
export const location = "file:///backups";
export const place = ["--location", location, "--connection", "bk"];

/** How a command ended. */
export interface Ended {
  out: string;
  err: string;
  /** What was thrown at the program, which prints it and ends with 1. */
  error?: string;
  code: number;
}

/** A simulator with the tables people and orders, which the environment names as the server. */
export async function server(options: AntflyOptions = {}): Promise<AntflySimulator> {
  const simulator = await other(options);
  vi.stubEnv("FORMATIONS_ANTFLY_URL", simulator.url);
  vi.stubEnv("FORMATIONS_ANTFLY_API_KEY", simulator.token);
  onTestFinished(() => void vi.unstubAllEnvs());
  return simulator;
}

/** A simulator that the environment does not name. */
export async function other(options: AntflyOptions = {}): Promise<AntflySimulator> {
  const simulator = await running(new AntflySimulator(options));
  simulator.addTable("people", { ann: { age: 1 }, bob: { age: 2 } });
  simulator.addTable("orders");
  simulator.addLocation(location);
  return simulator;
}

/** Runs one command in this process, as the program would. */
export async function invoke(
  describe: (program: Command) => void,
  ...args: string[]
): Promise<Ended> {
  const out: string[] = [];
  const err: string[] = [];
  const spies = [
    vi.spyOn(console, "log").mockImplementation((line) => void out.push(String(line))),
    vi.spyOn(console, "error").mockImplementation((line) => void err.push(String(line))),
  ];
  const program = new Command("formations").exitOverride();
  program.configureOutput({ writeErr: (text) => void err.push(text) });
  describe(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program.parseAsync(args, { from: "user" });
    return { out: out.join("\n"), err: err.join("\n"), code: Number(process.exitCode ?? 0) };
  } catch (error) {
    const isTold = error instanceof FormationsError;
    const isUsage = error instanceof Error && "exitCode" in error;
    if (!isTold && !isUsage) throw error;
    return { out: out.join("\n"), err: err.join("\n"), error: error.message, code: 1 };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}
