/**
 * Keeps the process alive when it can't write. A reader of standard output may stop (`| head`): the command
 * goes on, and its exit code stays true. Output that can't be stored, as on a full disk, is a failure.
 */
export function guardStreams({ stdout, stderr } = process): void {
  // Without a listener, an error ends the process with a stack trace, or is not noticed at all.
  stderr.on("error", () => {});
  let isLost = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isLost) return;
    isLost = true;
    console.error(`formations: Standard output can't be written: ${error.message}`);
  });
  process.once("exit", () => {
    if (isLost) process.exitCode = 1;
  });
}
