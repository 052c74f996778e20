"""The Python Synapse SDK. Arguments: <base URL> <lines> <lines of a first log> websocket|http"""

import sys

from measure import measure
from synapse_sdk.clients.agent import AgentClient
from synapse_sdk.utils.network import StreamLimits

UNLIMITED = 2**62

client = AgentClient(sys.argv[1], "bench")
# By default it stops after 10,000 messages, and skips long ones.
client.stream_limits = StreamLimits(
    max_messages=UNLIMITED, max_lines=UNLIMITED, max_bytes=UNLIMITED, max_message_size=UNLIMITED
)
tail = client.websocket_tail_job_logs if sys.argv[4] == "websocket" else client.stream_tail_job_logs


def read(job_id):
    lines = characters = 0
    for line in tail(job_id):
        lines += 1
        characters += len(line)
    return lines, characters


measure(read, tail)
