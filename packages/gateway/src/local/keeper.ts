import type { ProcessIdentity } from './job-store.js';
import { processStart, readArguments, readProcesses } from './process-table.js';

/**
 * The shell that runs the shell of an entrypoint, waits for it, and writes down how it ended: with it, and not with the
 * gateway, lives the exit code. It leads the session and the process group of the job.
 *
 * Its arguments: the entrypoint, and the file of the exit record. Nothing of it reaches the entrypoint, which has its
 * own shell: its `exec`, `exit`, traps and options end with that. A signal to the whole group, as by `stop`, does not
 * end it: a trap is nothing that a child inherits, and a command in the foreground is waited for whatever comes. What it
 * would print itself, such as that a signal ended the command, is not of the job.
 */
export const KEEPER: string = `
exec 3>&1 >/dev/null 2>&1
trap : HUP INT QUIT ALRM TERM USR1 USR2 PIPE
printf 'started   \\n' 1<>"$2"
status=0
(exec /bin/sh -c "$1" >&3 2>&3 3>&-) || status=$?
trap '' HUP INT QUIT ALRM TERM USR1 USR2 PIPE
exec 3>&-
printf 'exited %03d\\n' "$status" 1<>"$2"
command -p sync "$2"
exit "$status"
`;

/** The keeper of a job whose gateway was killed before it knew the number: it is the one with this exit record. */
export function findKeeper(exitRecord: string): ProcessIdentity | undefined {
  const keeper = readProcesses().find(
    // The shell that it forks has the same arguments until it becomes that of the entrypoint.
    ({ pid, session }) => pid === session && readArguments(pid)?.at(-1) === exitRecord,
  );
  return keeper && { pid: keeper.pid, startedAt: processStart(keeper.pid) };
}
