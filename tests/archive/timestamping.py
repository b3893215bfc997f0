"""A timestamping authority of our own: OpenSSL's, behind a small server on loopback."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """\
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
[ca_extensions]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[tsa_extensions]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[req]
distinguished_name = nobody
[nobody]
"""


def _openssl(*arguments: str) -> bytes:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


class Authority:
    """Keys, certificates and answers, all in one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.roots = folder / "ca.pem"
        self.config = folder / "tsa.cnf"
        self.config.write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self._certify("ca", "/CN=Test root")
        self._certify(
            "tsa", "/CN=Test authority", "-CA", str(self.roots), "-CAkey", f"{folder}/ca.key"
        )

    def _certify(self, name: str, subject: str, *issuer: str) -> None:
        path = self.folder / name
        _openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-sha256"),
            *("-config", str(self.config), "-extensions", f"{name}_extensions"),
            *("-subj", subject, "-keyout", f"{path}.key", "-out", f"{path}.pem", *issuer),
        )

    def answer(self, query: bytes) -> bytes:
        """Return the reply to a request, both in DER."""
        path = self.folder / "query.tsq"
        path.write_bytes(query)
        config = ("-config", str(self.config))
        return _openssl("ts", "-reply", *config, "-queryfile", str(path), "-out", "/dev/stdout")


@contextmanager
def serving(authority: Authority) -> Iterator[str]:
    """Serve an authority on loopback, give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            content = authority.answer(query)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
