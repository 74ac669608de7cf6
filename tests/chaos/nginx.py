"""nginx in front of the service, configured as docs/deploy.md says, in a folder of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Self

from tests.chaos.stand import until
from tests.chaos.wire import Line
from tests.processes import ROOT, free_port
from tests.tools import needed

MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
log_format ids $http_x_request_id;
access_log {folder}/access.log ids;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{site}
}}
"""


class Nginx:
    def __init__(self, folder: Path, upstream: int) -> None:
        self._program = needed("nginx")
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        configuration = MAIN.format(folder=folder, site=documented(self.port, upstream))
        (folder / "nginx.conf").write_text(configuration, encoding="utf-8")

    def __enter__(self) -> Self:
        command = [self._program, "-p", str(self._folder), "-c", str(self._folder / "nginx.conf")]
        self._process = subprocess.Popen([*command, "-e", str(self._folder / "error.log")])
        until(self._is_open, 10)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    @property
    def seen(self) -> str:
        """The X-Request-Id of each request that nginx itself has taken for one."""
        return (self._folder / "access.log").read_text(encoding="utf-8")

    def _is_open(self) -> bool:
        try:
            Line(self.port).socket.close()
        except OSError:
            return False
        return True


def documented(port: int, upstream: int) -> str:
    """The configuration of the manual, at other ports."""
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found is not None
    site = found[1].replace("listen 127.0.0.1:8080", f"listen 127.0.0.1:{port}")
    return site.replace("server 127.0.0.1:8000", f"server 127.0.0.1:{upstream}")
