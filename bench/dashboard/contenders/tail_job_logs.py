"""Ray's own client. Arguments: <address> <lines> <lines of a first log> chunks|lines"""

import asyncio
import json
import logging
import sys
import time

from ray.job_submission import JobSubmissionClient

address, count, warm_up_count, mode = sys.argv[1:5]
# It tells of every WebSocket that ends.
logging.getLogger("ray.dashboard.modules.job.sdk").setLevel(logging.WARNING)
client = JobSubmissionClient(address)


async def read(job_id):
    """Counts only, which is the least that shows that all of it came; or splits, as Raywire does."""
    lines = characters = 0
    if mode == "chunks":
        async for chunk in client.tail_job_logs(job_id):
            newlines = chunk.count("\n")
            lines += newlines
            characters += len(chunk) - newlines
        return lines, characters
    pending = ""
    async for chunk in client.tail_job_logs(job_id):
        *whole, pending = (pending + chunk).split("\n")
        for line in whole:
            lines += 1
            characters += len(line)
    return lines, characters


async def main():
    await read(f"lines-{warm_up_count}")
    start, cpu = time.perf_counter(), time.process_time()
    lines, characters = await read(f"lines-{count}")
    milliseconds = (time.perf_counter() - start) * 1000
    if lines != int(count) or characters != lines * 100:
        raise RuntimeError(f"{lines} lines and {characters} characters came of {count} lines")
    cpu_milliseconds = (time.process_time() - cpu) * 1000
    print(json.dumps({"lines": lines, "milliseconds": milliseconds, "cpuMilliseconds": cpu_milliseconds}))


asyncio.run(main())
