"""Ray's own client. Arguments: <address> <lines> <lines of a first log> chunks|lines"""

import asyncio
import logging
import sys
from pathlib import Path

from ray.job_submission import JobSubmissionClient

sys.path.append(str(Path(__file__).parents[2] / "contenders"))
from measure import measure

address, mode = sys.argv[1], sys.argv[4]
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


async def text_of(job_id):
    return "".join([chunk async for chunk in client.tail_job_logs(job_id)])


def lines_of(job_id):
    return asyncio.run(text_of(job_id)).split("\n")[:-1]


measure(lambda job_id: asyncio.run(read(job_id)), lines_of)
