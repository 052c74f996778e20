import { punchHole } from './hole.js';
import type { JobFiles } from './job-files.js';
import type { ProcessIdentity } from './job-store.js';
import { type ProcessEntry, processStart, readArguments, readProcesses } from './process-table.js';

const NAME = 'raywire-job';
/** Where arguments of the keeper stand among all that it was started with. */
const NAME_INDEX = 3;
const EXIT_RECORD_INDEX = 5;

/**
 * Keeps a log below the limit: its oldest blocks become a hole in the file, so that every byte keeps its place. Where the
 * hole ends is written down first: who reads in it then is not given zeros for text. Each second, for as long as the job.
 */
const TRIMMER = `
  trap '' HUP INT QUIT ALRM TERM PIPE
  trap 'kill -KILL "$nap"; exit' USR1
  dropped=0
  while :; do
    command -p sleep 1 & nap=$!
    wait "$nap"
    size=$(command -p stat -Lc %s "$3") || continue
    [ $((size - dropped)) -gt "$5" ] || continue
    next=$(((size - $5 + $5 / 8) / 4096 * 4096))
    printf '%020d %020d\\n' "$next" "$next" 1<>"$4" && command -p sync "$4" &&
      ${punchHole('"$dropped"', '$((next - dropped))', '"$3"')} && dropped=$next
  done
`;

/**
 * The shell that runs the shell of an entrypoint, waits for it, and writes down how it ended: with it, and not with the
 * gateway, lives the exit code. It leads the session and the process group of the job.
 *
 * Its arguments: the entrypoint, the exit record, the log, and, if the log has a limit, the record of what was dropped
 * and the limit in bytes. Nothing of it reaches the entrypoint, which has its own shell: its `exec`, `exit`, traps and
 * options end with that. A signal to the whole group, as by `stop`, does not end the keeper: a trap is nothing that a
 * child inherits, and a command in the foreground is waited for whatever comes. What the keeper would print itself, such
 * as that a signal ended the command, is not of the job.
 */
const KEEPER = `
exec 3>&1 >/dev/null 2>&1
trap : HUP INT QUIT ALRM TERM USR1 USR2 PIPE
printf 'started   \\n' 1<>"$2"
if [ -n "$5" ]; then (${TRIMMER}) 3>&- & trimmer=$!; fi
status=0
(exec /bin/sh -c "$1" >&3 2>&3 3>&-) || status=$?
trap '' HUP INT QUIT ALRM TERM USR1 USR2 PIPE
exec 3>&-
printf 'exited %03d\\n' "$status" 1<>"$2"
command -p sync "$2"
if [ -n "$5" ]; then kill -USR1 "$trimmer"; wait "$trimmer"; fi
exit "$status"
`;

/** The arguments of `/bin/sh` for the keeper of a job. */
export function keeperArguments(command: string, files: JobFiles, maxLogBytes: number): string[] {
  const limit = Number.isFinite(maxLogBytes) ? [files.dropped, String(maxLogBytes)] : [];
  return ['-c', KEEPER, NAME, command, files.exit, files.log, ...limit];
}

/** The keeper of a job whose gateway was killed before it knew the number: it is the one with this exit record. */
export function findKeeper(exitRecord: string): ProcessIdentity | undefined {
  const keeper = readProcesses().find(
    // The shell that it forks has the same arguments until it becomes that of the entrypoint.
    ({ pid, session }) => pid === session && readArguments(pid)?.[EXIT_RECORD_INDEX] === exitRecord,
  );
  return keeper && { pid: keeper.pid, startedAt: processStart(keeper.pid) };
}

/** Whether a process is not of the entrypoint: the keeper, its loop, and what that runs. */
export function isKeepers({ pid, parent, session }: ProcessEntry): boolean {
  const isKeeper = (process: number): boolean => readArguments(process)?.[NAME_INDEX] === NAME;
  return isKeeper(pid) || (parent !== session && isKeeper(parent));
}
