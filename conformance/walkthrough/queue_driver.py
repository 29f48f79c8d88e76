"""Drives a queue in Python along the specification's paths: conformance/drive/PROTOCOL.md says what the lines mean."""
import json
import sys
from collections import deque


class Queue:
    """A queue of bounded size."""

    def __init__(self, capacity):
        self.capacity = capacity
        self.items = deque()

    def put(self, value):
        """False: it is full."""
        if len(self.items) == self.capacity:
            return False
        self.items.append(value)
        return True

    def get(self):
        """None: it is empty."""
        return self.items.popleft() if self.items else None


queue, got = Queue(1), {}


def step(ask):
    if ask["step"] == "Put":
        return queue.put(ask["with"]["v"])
    if ask["step"] == "Get":
        value = queue.get()
        if value is not None:
            got["got." + ask["lane"]] = value
        return value is not None
    return None


def answer(message):
    global queue, got
    if message["do"] == "begin":
        queue = Queue(message["constants"]["Capacity"])
        got = {"got." + lane["value"]: 0 for lane in message["lanes"] if lane["kind"] == "consumer"}
    elif message["do"] == "step":
        taken = step(message)
        if taken is None:
            return {"unknown": True}
        if not taken:
            return {"refused": True, "words": {"items": list(queue.items), **got}}
    elif message["do"] == "end":
        return {}
    return {"words": {"items": list(queue.items), **got}}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
