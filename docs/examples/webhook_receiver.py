#!/usr/bin/env python3
"""Receives the webhooks of TowerQL: checks their signatures, drops what it has received before, and appends each event to a file.

    webhook_receiver.py <port> <file>

Reads WEBHOOK_SECRETS: one secret (whsec_...), or two separated by a space while you rotate them. Needs only Python 3.8 or newer.
Listens on 127.0.0.1 without TLS: put a TLS proxy in front of it.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAX_BODY_BYTES = 64 * 1024 * 1024
TOLERANCE_SECONDS = 300

if len(sys.argv) != 3 or not os.environ.get("WEBHOOK_SECRETS"):
    sys.exit("usage: WEBHOOK_SECRETS=whsec_... webhook_receiver.py <port> <file>")
PORT, FILE = int(sys.argv[1]), sys.argv[2]
KEYS = [base64.b64decode(secret[len("whsec_"):]) for secret in os.environ["WEBHOOK_SECRETS"].split()]

# Ids of the events in the file. A delivery may come twice, always under the same id.
known = set()
lock = threading.Lock()
if os.path.exists(FILE):
    with open(FILE, encoding="utf-8") as lines:
        known.update(json.loads(line)["id"] for line in lines)


def is_genuine(body, headers):
    """Whether one of the secrets has signed the request, at most five minutes ago. Covers the bytes of the body, not its meaning."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in KEYS]
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > MAX_BODY_BYTES:
            return self.respond(413)
        body = self.rfile.read(length)
        if not is_genuine(body, self.headers):
            return self.respond(401)
        message_id = self.headers["webhook-id"]
        # A test delivery has no event.
        if not message_id.startswith("test_"):
            self.store(message_id, json.loads(body))
        self.respond(204)

    def store(self, message_id, event):
        """Acknowledge only what is safe: after a 2xx it does not come again."""
        with lock:
            if message_id in known:
                return
            with open(FILE, "a", encoding="utf-8") as lines:
                lines.write(json.dumps({"id": message_id, "event": event}) + "\n")
                lines.flush()
                os.fsync(lines.fileno())
            known.add(message_id)

    def respond(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
print(f"listening on port {server.server_port}", flush=True)
server.serve_forever()
