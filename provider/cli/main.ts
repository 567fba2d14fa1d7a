#!/usr/bin/env node
// First: what follows needs a Node.js that is new enough.
import "../node-version";
import { Command } from "commander";
import { FormationsError } from "../errors";
import { packageVersion } from "../version";
import { describeRecover } from "./recover/command";

const program = new Command("formations")
  .description("What pulumi-formations does besides `pulumi up`.")
  .version(packageVersion());
describeRecover(program);

program.parseAsync().catch((error: unknown) => {
  const isKnown = error instanceof FormationsError;
  console.error(`formations: ${isKnown ? error.message : (error as Error)?.stack}`);
  process.exitCode = 1;
});
