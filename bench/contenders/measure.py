"""What measure.ts is for programs in TypeScript."""

import hashlib
import json
import sys
import time

# Each distinct line once.
PROOF_LOG = "lines-10000"


def measure(read, lines_of):
    """Measures one way to read a log: `read` takes a job's ID and gives the counts of lines and characters, `lines_of`
    gives the lines themselves."""
    _, count, warm_up_count = sys.argv[1:4]
    if warm_up_count != "0":
        read(f"lines-{warm_up_count}")
    start, cpu = time.perf_counter(), time.process_time()
    lines, characters = read(f"lines-{count}")
    milliseconds = (time.perf_counter() - start) * 1000
    cpu_milliseconds = (time.process_time() - cpu) * 1000
    digest = hashlib.sha256()
    for line in lines_of(PROOF_LOG):
        digest.update(f"{line}\n".encode())
    measured = {"lines": lines, "codePoints": characters, "digest": digest.hexdigest()}
    print(json.dumps({**measured, "milliseconds": milliseconds, "cpuMilliseconds": cpu_milliseconds}))
