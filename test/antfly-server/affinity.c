/* An Antfly server of 0.2 hangs at its start where it sees fewer than six processors: it is shown eight. */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
  (void)pid;
  memset(set, 0, size);
  for (int processor = 0; processor < 8; processor++) CPU_SET_S(processor, size, set);
  return 0;
}
