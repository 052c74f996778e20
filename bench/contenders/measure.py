"""What measure.ts is for programs in TypeScript."""

import json
import sys
import time

LINE_BYTES = 100


def measure(read):
    """Measures one way to read a log: `read` takes a job's ID and gives the counts of lines and characters."""
    _, count, warm_up_count = sys.argv[1:4]
    read(f"lines-{warm_up_count}")
    start, cpu = time.perf_counter(), time.process_time()
    lines, characters = read(f"lines-{count}")
    milliseconds = (time.perf_counter() - start) * 1000
    cpu_milliseconds = (time.process_time() - cpu) * 1000
    if lines != int(count) or characters != lines * LINE_BYTES:
        raise RuntimeError(f"{lines} lines and {characters} characters came of {count} lines")
    print(json.dumps({"lines": lines, "milliseconds": milliseconds, "cpuMilliseconds": cpu_milliseconds}))
