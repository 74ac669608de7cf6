"""A real Redis in a folder of its own, to be stopped and killed at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest

from tests.processes import free_port

PROGRAM = shutil.which("redis-server", path="/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin")
MISSING = "Redis is not installed; `make proxies` installs it as root on Debian"
START_LIMIT = 10.0


class RedisServer:
    """Keeps nothing on disk: one that is started again has forgotten everything."""

    def __init__(self, folder: Path, *options: str) -> None:
        if PROGRAM is None:
            pytest.skip(MISSING)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        fixed = ("--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder))
        self.command = [PROGRAM, *fixed, "--save", "", "--appendonly", "no", *options]
        self._log = folder / "redis.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(self.command, stdout=output, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_LIMIT
        while not self._is_open():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise AssertionError(f"Redis did not start:\n{self._log.read_text()}")
            time.sleep(0.01)

    def kill(self) -> None:
        """Also while it is stopped."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def stop(self) -> None:
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def ask(self, *words: str) -> list[str]:
        """What it answers to a command, line by line as it stands in the protocol."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
            line.sendall((" ".join(words) + "\r\nQUIT\r\n").encode())
            received = b"".join(iter(lambda: line.recv(65536), b""))
        return received.decode().removesuffix("+OK\r\n").splitlines()

    def keys(self) -> list[str]:
        return [line for line in self.ask("KEYS", "*") if not line.startswith(("*", "$"))]

    def _signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def _is_open(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def encrypting(folder: Path) -> tuple[RedisServer, Path]:
    """One that speaks TLS alone, and its certificate, which nobody has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: install the package openssl")
    certificate, key = folder / "server.pem", folder / "server.key"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=redis"
    address = ("-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-out", str(certificate), "-keyout", str(key))
    subprocess.run([*make.split(), *address, *files], check=True, capture_output=True)
    server = RedisServer(folder)
    server.command += ["--port", "0", "--tls-port", str(server.port), "--tls-auth-clients", "no"]
    server.command += ["--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    return server, certificate
