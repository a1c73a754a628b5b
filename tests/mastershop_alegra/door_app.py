"""A small application behind the door: it says what it got, and hangs or talks on demand."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

# Who got as far as the application, one line each.
SEEN = Path(os.environ["DOOR_SEEN"])


def application(environ, start_response):
    path = environ["PATH_INFO"]
    with SEEN.open("a") as file:
        file.write(f"{environ['REQUEST_METHOD']} {path} {environ['QUERY_STRING']}\n")
    if path.endswith("/hang"):
        time.sleep(float(environ["QUERY_STRING"]))
    if path == "/much":
        start_response("200 OK", [("Content-Length", str(int(environ["QUERY_STRING"])))])
        return [b"x" * int(environ["QUERY_STRING"])]
    body = b"" if path == "/deaf" else environ["wsgi.input"].read()
    said = json.dumps({"path": path, "body": body.decode("latin-1")}).encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]
