"""A receiver of webhooks: a real HTTP server in a process of its own.

It prints every request as a line of JSON before it answers, and checks signatures with the `standardwebhooks` package.
How it answers is what the last POST to /control said: a list of answers, one for each request, then `always`.

    receiver.py PORT SECRETS [CERT KEY]        SECRETS: whsec_… whsec_…, with commas between
"""

import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

secrets = [secret for secret in sys.argv[2].split(",") if secret]
plan = {"then": [], "always": {"status": 200}}
lock = threading.Lock()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/control":
            with lock:
                plan.clear()
                plan.update({"then": [], "always": {"status": 200}} | json.loads(body))
            return self.answer({"status": 204})
        headers = {name.lower(): value for name, value in self.headers.items()}
        with lock:
            answer = plan["then"].pop(0) if plan["then"] else plan["always"]
            request = {
                "path": self.path,
                "headers": headers,
                "body": body.decode(),
                "signed": [self.is_signed(secret, headers, body) for secret in secrets],
                "answer": answer,
            }
            print(json.dumps(request), flush=True)
        self.answer(answer)

    @staticmethod
    def is_signed(secret, headers, body):
        try:
            Webhook(secret).verify(body.decode(), headers)
            return True
        except Exception:
            return False

    def answer(self, answer):
        time.sleep(answer.get("slow_s", 0))
        if answer.get("drop"):
            self.close_connection = True
            return
        if answer.get("garbage"):
            self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
            self.close_connection = True
            return
        self.send_response(answer["status"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        """A connection that the gateway drops, or a handshake that it ends, is no trouble of the receiver's."""


server = Server(("127.0.0.1", int(sys.argv[1])), Receiver)
if len(sys.argv) > 3:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[3], sys.argv[4])
    server.socket = tls.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
