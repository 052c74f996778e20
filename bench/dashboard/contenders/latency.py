"""From `print` to the reader, with Ray's own client. Arguments: <address> <job ID>…"""

import asyncio
import json
import logging
import re
import sys
import time

from ray.job_submission import JobSubmissionClient

TIMED = re.compile(r"^(\d+) (\d+\.\d+)$")

# It tells of every WebSocket that ends.
logging.getLogger("ray.dashboard.modules.job.sdk").setLevel(logging.WARNING)
client = JobSubmissionClient(sys.argv[1])
lines = []


async def read(job_id):
    pending = ""
    async for chunk in client.tail_job_logs(job_id):
        now = time.time() * 1000
        *whole, pending = (pending + chunk).split("\n")
        for line in whole:
            if match := TIMED.match(line):
                lines.append([f"{job_id}/{match[1]}", now - float(match[2])])


async def main():
    await asyncio.gather(*(read(job_id) for job_id in sys.argv[2:]))
    print(json.dumps({"lines": lines, "idleRequestsPerSecond": 0}))


asyncio.run(main())
