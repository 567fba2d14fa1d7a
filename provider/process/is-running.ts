/** Whether a process of this machine runs, also one of another user. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process that may not be signalled exists.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
