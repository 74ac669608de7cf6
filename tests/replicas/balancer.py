"""nginx in front of several processes of the service, set up as docs/deploy.md says."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.db.embedded.processes import wait_until
from tests.processes import free_port
from tests.tools import needed

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream colophon {{
{servers}
        keepalive 32;
        keepalive_timeout 60s;
    }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://colophon;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_connect_timeout 3s;
            proxy_read_timeout 20s;
        }}
    }}
}}
"""


@contextmanager
def balancer(folder: Path, addresses: Sequence[str]) -> Iterator[str]:
    """Return the address of an nginx that spreads requests over `addresses`."""
    program = needed("nginx")
    folder.mkdir()
    port = free_port()
    servers = "\n".join(f"        server {address} max_fails=0;" for address in addresses)
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, servers=servers, port=port))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(configuration)])
    try:
        assert wait_until((folder / "nginx.pid").exists, 10)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
