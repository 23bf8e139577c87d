"""Schedulers and workers of Dask on loopback, as processes that are ended with the test."""

import contextlib
import os
import socket
import subprocess
import sys
import time

from tests.study.sweeping import ROOT

DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker"]
PATIENCE = 60.0


def started(words, package=ROOT, variables=None):
    """Return a started process that finds the package in a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONWARNINGS": "ignore", **(variables or {})}
    return subprocess.Popen(
        [str(word) for word in words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def worker(address, name, package=ROOT, options=(), variables=None):
    """Return a started worker with one thread and no nanny that would start it again."""
    return started(
        [*WORKER, address, "--nthreads", "1", "--no-nanny", "--name", name, "--no-dashboard", *options],
        package,
        variables,
    )


@contextlib.contextmanager
def started_cluster(protocol="tcp", options=()):
    """Give a started scheduler without workers: its address, and a list of processes that will be ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [
        started([*DASK, "--host", "127.0.0.1", "--port", port, "--no-dashboard", "--protocol", protocol, *options])
    ]
    address = f"{protocol}://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(port))
        yield address, processes
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


def answers(port):
    """Return whether something listens at a port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true):
    """Wait until something is true."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
