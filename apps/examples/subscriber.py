#!/usr/bin/env python3
"""Prints the alerts of a running Weir: subscriber.py tcp://localhost:5556 [TOPIC] [COUNT]"""
import json
import sys

import zmq

endpoint = sys.argv[1]
topic = sys.argv[2] if len(sys.argv) > 2 else ""  # "high." for all of that severity, "" for everything
count = int(sys.argv[3]) if len(sys.argv) > 3 else None

socket = zmq.Context().socket(zmq.SUB)
socket.setsockopt_string(zmq.SUBSCRIBE, topic)
socket.connect(endpoint)
while count is None or count > 0:
    name, payload = socket.recv_multipart()
    if name == b"heartbeat":  # once a second: {"seq": number of the last alert}
        continue
    alert = json.loads(payload)
    print(name.decode(), alert["seq"], alert["event_time"], alert["subject"], alert.get("reason", ""), flush=True)
    count = count - 1 if count is not None else None
