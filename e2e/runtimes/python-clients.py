"""Talks to a gateway as the Python SDK does: by requests and websocket-client. Prints what it got as JSON."""

import json
import sys

import requests
import websocket

url, token = sys.argv[1:3]
headers = {"Authorization": token, "SYNAPSE-User": "Token user", "SYNAPSE-Tenant": "Token tenant"}
session = requests.Session()
session.headers.update(headers)


def api(method, path, **options):
    response = session.request(method, url + path, timeout=(3, 30), **options)
    return response.status_code, (response.json() if response.content else None)


# The line separator is a line end to Python, and to nobody else.
entrypoint = "echo 한국어; printf 'a\\342\\200\\250b\\n'; sleep 0.3; echo end"
submitted, job = api("POST", "/jobs/", json={"entrypoint": entrypoint, "submission_id": None, "metadata": None})
path = f"/jobs/{job['job_id']}"

stream = session.get(f"{url}{path}/logs/stream/", stream=True, timeout=(3, 30))
events = [line for line in stream.iter_lines(decode_unicode=True) if line]

socket = websocket.create_connection(
    f"{url.replace('http', 'ws', 1)}{path}/logs/",
    header=[f"{name}: {value}" for name, value in headers.items()],
    timeout=30,
)
messages = []
while not messages or json.loads(messages[-1]).get("type") not in ("complete", "error"):
    messages.append(socket.recv())
# The gateway says that it is over; the client answers, as the protocol wants it.
close_code = int.from_bytes(socket.recv_frame().data[:2], "big")
socket.close()

try:
    refused = websocket.create_connection(f"{url.replace('http', 'ws', 1)}{path}/logs/", timeout=30)
except websocket.WebSocketBadStatusException as error:
    refused = error.status_code

print(
    json.dumps(
        {
            "submitted": submitted,
            "sse": {"status": stream.status_code, "type": stream.headers["content-type"], "events": events},
            "webSocket": {"messages": messages, "closeCode": close_code, "withoutToken": refused},
            "logs": session.get(f"{url}{path}/logs/", timeout=30).content.decode(),
            "status": api("GET", f"{path}/")[1]["status"],
            "jobs": len(api("GET", "/jobs/")[1]),
            "stop": api("POST", f"{path}/stop/"),
            "stopWithBody": api("POST", f"{path}/stop/", json={}),
            "nodes": [node["alive"] for node in api("GET", "/nodes/")[1]],
            "tasks": api("GET", "/tasks/"),
            "gpus": api("GET", "/gpu_status/")[1]["gpus"],
            "applications": api("GET", "/serve_applications/"),
            "unknown": api("GET", "/jobs/nope/"),
            "deleted": api("DELETE", f"{path}/"),
            "wrongToken": requests.get(f"{url}/jobs/", headers={"Authorization": "wrong"}, timeout=30).status_code,
        }
    )
)
