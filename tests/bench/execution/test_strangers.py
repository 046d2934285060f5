"""Others on the machine: nobody but the driver talks to the workers of a run, nor lays modules before it."""

import os
import pathlib
import subprocess
import sys

import psutil
import pytest

from bench.running.execution.cluster import Cluster
from bench.running.execution.settings import Settings
from tests.conftest import BACKEND, REPOSITORY

NOBODY = 65534
# What an attacker would try at every port: Dask's clients and its calls to nannies and workers, without a
# certificate and with one that he made himself.
ATTACK = """
import asyncio, os, pathlib, sys, urllib.request
import distributed
from distributed.core import rpc
from distributed.protocol import pickle

marker, ports = sys.argv[1], sys.argv[2:]
own = distributed.Security.temporary()

def evil():
    with open(marker, "a") as file:
        file.write(f"ran as {os.getuid()}\\n")

async def call(address, arguments):
    async with rpc(address, timeout=2, connection_args=arguments) as there:
        print(address, (await there.identity())["type"])
        await there.run(function=pickle.dumps(evil))

async def attack(port):
    for kind, security in (("tcp", distributed.Security()), ("tls", own)):
        address = f"{kind}://127.0.0.1:{port}"
        for attempt in (
            call(address, security.get_connection_args("client")),
            talk(address, security),
        ):
            try:
                await asyncio.wait_for(attempt, 4)
            except (Exception, asyncio.CancelledError) as error:
                print(address, type(error).__name__, error)
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
        print(port, "is a page for everybody")
    except Exception as error:
        print(port, type(error).__name__)

async def talk(address, security):
    async with distributed.Client(address, security=security, timeout=2, asynchronous=True) as client:
        await client.run_on_scheduler(evil)
        await client.run(evil)

async def everywhere(ports):
    await asyncio.gather(*map(attack, ports))

asyncio.run(everywhere(["1"]))  # where nobody listens: nobody may not be able to read what this imports
print("ANYBODY")
if os.getuid() == 0:
    os.setgroups([]), os.setgid(NOBODY), os.setuid(NOBODY)
asyncio.run(everywhere(ports))
""".replace("NOBODY", str(NOBODY))


@pytest.fixture(scope="module")
def listening():
    """The ports at which a run with a worker listens, in all its processes, and what it put on its path."""
    before = set(sys.path)
    with Cluster(BACKEND, Settings(workers=1), ["digits"], most=1, planned=1, say=print):
        here = psutil.Process()
        found = [
            connection.laddr
            for process in (here, *here.children(recursive=True))
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        yield found, [pathlib.Path(path) for path in set(sys.path) - before]


def test_nothing_listens_beyond_this_machine_and_no_page_is_served(listening):
    found, _ = listening
    assert {address.ip for address in found} == {"127.0.0.1"}
    assert len(found) == 3  # scheduler, nanny and worker


def test_nobody_without_the_certificate_of_the_run_has_anything_run(listening, tmp_path_factory):
    found, _ = listening
    folder = tmp_path_factory.mktemp("open")
    marker = folder / "marker"
    folder.chmod(0o777)
    process = subprocess.run(
        [sys.executable, "-c", ATTACK, str(marker), *(str(address.port) for address in found)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "TMPDIR": "/tmp"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert not marker.exists(), marker.read_text()
    said = process.stdout.partition("ANYBODY\n")[2]
    assert len(said.splitlines()) == 5 * len(found), said  # each attempt at each port ended
    assert "Scheduler" not in said
    assert "Worker" not in said
    assert "Nanny" not in said
    assert "everybody" not in said
    assert "ImportError" not in said
    assert "ModuleNotFoundError" not in said
    assert "PermissionError" not in said


def test_modules_are_looked_for_in_no_folder_that_others_may_enter(listening):
    _, added = listening
    assert added
    for path in added:
        assert any((parent.stat().st_mode & 0o077) == 0 for parent in path.parents), path
