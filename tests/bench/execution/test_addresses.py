"""What may be found at the address of a scheduler."""

import contextlib
import random
import socket
import struct
import threading
import time

import dask
import distributed
import msgpack
import pytest

from bench import errors
from bench.running.execution import scheduler
from bench.running.execution.cluster import _quiet


def message(content: object) -> bytes:
    """A message of Dask's protocol with one frame."""
    frame = msgpack.packb(content)
    header = struct.pack("QQ", 1, len(frame))
    return struct.pack("Q", len(header) + len(frame)) + header + frame


chance = random.Random(1)
ANSWERS = {
    "zeros": bytes(4096),
    "a length of zero": bytes(8),
    "ones": b"\xff" * 64,
    "a page": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "more than there is": struct.pack("Q", 2**62),
    "many frames": struct.pack("QQ", 8, 2**60),
    "a number": message(5),
    "nothing": message(None),
    "a list": message([1]),
    "no greeting": message({"op": "identity"}),
    "too deep": struct.pack("QQQ", 100_016, 1, 100_000) + b"\x91" * 100_000,
    **{f"chance {each}": struct.pack("Q", 100) + chance.randbytes(100) for each in range(100)},
}


@contextlib.contextmanager
def answering(answer: bytes):
    """The address of a port that says this, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):  # until it is closed
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


def refused(address: str) -> str:
    begun = time.monotonic()
    with _quiet(), pytest.raises(errors.ClusterError) as caught, scheduler.connect(address):
        pass
    assert time.monotonic() - begun < 30
    (line,) = str(caught.value).splitlines()
    assert f"no Dask scheduler answers at {address!r}" in line
    return line


def test_whatever_answers_there_that_is_no_scheduler_is_refused_in_one_line(capfd):
    for answer in ANSWERS.values():
        with answering(answer) as address:
            refused(address)
    assert capfd.readouterr().err == ""


def test_what_stops_in_the_middle_of_a_message_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(scheduler, "CONNECT_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(struct.pack("Q", 1000))
                time.sleep(5)

        threading.Thread(target=serve, daemon=True).start()
        assert "does not answer within 1 s" in refused(f"tcp://127.0.0.1:{server.getsockname()[1]}")


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    """A scheduler of somebody who has certificates, its worker, and Dask's settings for these."""
    security = distributed.Security.temporary()
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_text(security.tls_client_cert)
    (folder / "key.pem").write_text(security.tls_client_key)
    names = {"ca-file": "cert.pem", "client.cert": "cert.pem", "client.key": "key.pem"}
    settings = {f"distributed.comm.tls.{name}": str(folder / file) for name, file in names.items()}
    with distributed.LocalCluster(
        n_workers=1, processes=False, protocol="tls", security=security, dashboard_address=None
    ) as cluster:
        yield cluster, settings


def test_certificates_of_dasks_configuration_open_a_scheduler_that_asks_for_them(secured):
    cluster, settings = secured
    with dask.config.set(settings), scheduler.connect(cluster.scheduler_address) as client:
        assert client.submit(int, pure=False).result() == 0
    assert "tls://" in refused(cluster.scheduler_address)  # without them


def test_the_address_of_a_worker_is_not_taken_for_that_of_a_scheduler(secured):
    cluster, settings = secured
    with dask.config.set(settings):
        assert "what answers there is a Worker of Dask" in refused(cluster.workers[0].address)
