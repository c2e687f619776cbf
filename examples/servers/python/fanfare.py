"""The calls of a server to Fanfare with Python's standard library alone: mint a token, publish, revoke.

    python3 fanfare.py token ann
    python3 fanfare.py publish public:news '"Hello"'
    python3 fanfare.py revoke ann
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign_token(secret, audience, user, seconds=3600, **claims):
    """A token for the audience: the name of the stage for a user, and `<stage>/servers` for a server.

    Claims may be `channels`, as {"chat:*": ["subscribe", "publish"]}, and `info`.
    """
    issued_at = int(time.time())
    header = {"alg": "HS256", "typ": "JWT"}
    claims = {"iss": "fanfare", "aud": audience, "sub": user, "iat": issued_at, "exp": issued_at + seconds, **claims}
    content = ".".join(base64url(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    # The bytes of the secret's text are the key: it is not decoded.
    signature = hmac.new(secret.encode(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64url(signature)}"


class Fanfare:
    def __init__(self, url, stage, secret, server="python"):
        self.url, self.stage, self.secret, self.server = url, stage, secret, server

    def publish(self, channels, data, key=None):
        """The key is the same in each attempt, so that the message lands once. 207: some of the channels refused it."""
        body = {"channels": channels, "data": data, "key": key or str(uuid.uuid4())}
        return self.post("/messages", body)["results"]

    def revoke(self, user):
        """Makes the user's tokens worthless, and closes their connections. Returns how many it closed."""
        return self.post("/revocations", {"user": user})["closed"]

    def post(self, path, body, attempts=4):
        token = sign_token(self.secret, f"{self.stage}/servers", self.server, seconds=300)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers, method="POST")
        for attempt in range(attempts):
            try:
                # A revocation may take 30 seconds.
                with urllib.request.urlopen(request, timeout=35) as response:
                    return json.load(response)
            except urllib.error.HTTPError as refusal:
                may_pass = refusal.code >= 500 or refusal.code in (408, 429)
                if not may_pass or attempt == attempts - 1:
                    raise RuntimeError(f"Fanfare answered {refusal.code}: {refusal.read().decode()}") from None
            except OSError:
                if attempt == attempts - 1:
                    raise
            time.sleep(0.2 * 2**attempt)


def main(command, *args):
    stage, secret = os.environ["FANFARE_STAGE"], os.environ["FANFARE_SECRET"]
    if command == "token":
        return sign_token(secret, stage, *args)
    fanfare = Fanfare(os.environ["FANFARE_URL"], stage, secret)
    if command == "publish":
        channel, data = args
        return json.dumps(fanfare.publish([channel], json.loads(data)))
    return fanfare.revoke(*args)


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
