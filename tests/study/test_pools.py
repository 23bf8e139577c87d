"""Pools: threads and a Dask cluster give the same bytes; workers that are not this model are refused."""

import re
import shutil
import subprocess
from concurrent.futures import Future
from pathlib import Path

import pytest

from sim.errors import SimError
from sim.study.design.experiments import load_experiment
from sim.study.store.folder import create_folder, open_folder
from sim.study.store.locking import write_lock
from sim.study.store.parts import Range
from sim.study.sweep import cluster as clusters
from sim.study.sweep import pools, workers
from sim.study.sweep.cluster import Cluster
from sim.study.sweep.pools import open_pool
from sim.study.sweep.sweeps import sweep_on
from sim.study.sweep.tasks import jobs_of
from sim.study.sweep.workers import Identity, bit_probe, identity, refusal
from sim.version import model_version
from tests.campaigns import worker_faults
from tests.study.dask_clusters import PATIENCE, started_cluster, worker
from tests.study.sweeping import ROOT, command, small, swept


@pytest.fixture
def cluster(monkeypatch):
    """A scheduler on loopback without workers: its address, and a list of processes that will be ended."""
    monkeypatch.setattr(clusters, "_PATIENCE", PATIENCE)  # a busy machine starts a worker slowly
    with started_cluster() as found:
        yield found


def swept_on(address, file, out, meanwhile=lambda folder: None):
    """Return the folder of an experiment played on a cluster, and what was warned of."""
    said = []
    with write_lock(out), open_pool(address, None, said.append) as workers:
        folder = create_folder(out, load_experiment(file), "")
        sweep_on(folder, workers, lambda done, asked: meanwhile(out))
    return open_folder(out), said


@pytest.mark.slow
def test_a_cluster_gives_the_bytes_that_threads_give_also_with_a_worker_killed(tmp_path, monkeypatch, cluster):
    monkeypatch.chdir(tmp_path)
    address, processes = cluster
    file = small(tmp_path, replicates=2500, points=8)
    whole = swept(file, tmp_path / "threads", threads=2).content_hash()
    first, second = worker(address, "first"), worker(address, "second")
    processes += [first, second]
    assert swept_on(address, file, tmp_path / "cluster")[0].content_hash() == whole

    def kill(out):
        if first.poll() is None and len(list(out.glob("parts/*/*.sha256"))) >= 3:
            first.kill()

    folder, _ = swept_on(address, file, tmp_path / "killed", kill)
    assert first.wait(PATIENCE) != 0
    assert folder.content_hash() == whole


@pytest.mark.slow
def test_a_cluster_whose_only_worker_is_replaced_gives_the_same_bytes(tmp_path, monkeypatch, cluster):
    monkeypatch.chdir(tmp_path)
    address, processes = cluster
    file = small(tmp_path, replicates=2500, points=8)
    first = worker(address, "first")
    processes.append(first)

    def replace(out):
        if first.poll() is None and list(out.glob("parts/*/*.sha256")):
            first.kill()
            first.wait()
            processes.append(worker(address, "second"))

    folder, _ = swept_on(address, file, tmp_path / "replaced", replace)
    assert len(processes) == 3
    assert folder.content_hash() == swept(file, tmp_path / "threads").content_hash()


class LossyPool(pools.ThreadPool):
    """Threads that lose the first task they are given."""

    lost = False

    def submit(self, task):
        """Return what a task will give, or for the first a promise that is cancelled."""
        if self.lost:
            return super().submit(task)
        self.lost = True
        promise = Future()
        promise.cancel()
        promise.set_running_or_notify_cancel()
        return promise


def test_a_task_that_was_lost_is_played_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file, told = small(tmp_path), []
    with write_lock(tmp_path / "out"), LossyPool(1) as pool:
        folder = create_folder(tmp_path / "out", load_experiment(file), "")
        sweep_on(folder, pool, lambda done, asked: told.append((done, asked)))
    assert pool.lost
    assert told[-1] == (150, 150)
    assert folder.content_hash() == swept(file, tmp_path / "whole").content_hash()


@pytest.mark.slow
def test_what_is_sent_to_a_cluster_names_a_class_of_ones_own(tmp_path):
    """A class that a worker cannot unpickle would end it."""
    with write_lock(tmp_path / "out"):
        folder = create_folder(tmp_path / "out", load_experiment(small(tmp_path)), "")
    (job,) = jobs_of(folder, [Range(0, 0, 5)])
    sent = [one.sent() for one in (job, job._replace(model=Identity))]
    assert [one.model for one in sent] == [None, "sim.study.sweep.workers:Identity"]


@pytest.fixture
def certificates(tmp_path):
    """The files of an authority made up for a test, and of one who is known to it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    made = {name: tmp_path / f"{name}.pem" for name in ("ca", "ca-key", "request", "cert", "key")}
    for words in CERTIFICATES:
        command = [made[word[1:]] if word.startswith("@") else word for word in words.split()]
        subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True)
    return ["--tls-ca-file", made["ca"], "--tls-cert", made["cert"], "--tls-key", made["key"]]


CERTIFICATES = (
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout @ca-key -out @ca",
    "req -newkey rsa:2048 -nodes -subj /CN=cluster -keyout @key -out @request",
    "x509 -req -in @request -CA @ca -CAkey @ca-key -CAcreateserial -days 2 -out @cert",
)


@pytest.mark.slow
def test_two_faults_of_workers_end_in_the_right_bytes_and_are_told():
    result = worker_faults.run(2, worker_faults.SEED)
    assert len(result["endings"]) == 2
    assert worker_faults.wrong(result) == []


@pytest.mark.slow
def test_a_cluster_under_tls_plays_for_those_alone_who_have_its_certificates(tmp_path, monkeypatch, certificates):
    monkeypatch.chdir(tmp_path)
    file = small(tmp_path, replicates=20)
    with started_cluster("tls", certificates) as (address, processes):
        processes.append(worker(address, "one", options=certificates))
        words = ["sweep", file, "--executor", "dask", "--address", address]
        process = command(*words, "--out", tmp_path / "out", *certificates)
        _, complaint = process.communicate(timeout=2 * PATIENCE)
        assert (process.returncode, complaint.decode()) == (0, "")
        for other, options in enumerate([[], [certificates[0], certificates[3], *certificates[2:]]]):
            process = command(*words, "--out", tmp_path / f"other-{other}", *options)
            _, complaint = process.communicate(timeout=2 * PATIENCE)
            assert process.returncode == 1
            line, go_on = complaint.decode().splitlines()
            assert line.startswith(f"no Dask scheduler answers at {address} (")
            assert go_on.startswith("Go on with: sim sweep")
    assert open_folder(tmp_path / "out").content_hash() == swept(file, tmp_path / "threads").content_hash()


def test_a_worker_with_an_edited_rule_is_refused_by_name_and_reason(tmp_path, monkeypatch, cluster):
    monkeypatch.chdir(tmp_path)
    address, processes = cluster
    other = tmp_path / "checkout"
    for name in ("sim", "scenarios", "experiments", "evidence"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    rule = other / "sim" / "rules" / "war.py"
    rule.write_text(rule.read_text(encoding="utf-8").replace("sd * shock", "2.0 * sd * shock"), encoding="utf-8")
    processes.append(worker(address, "edited", other))
    file = small(tmp_path, replicates=20)
    process = command("sweep", file, "--out", tmp_path / "out", "--executor", "dask", "--address", address)
    _, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert re.search(rf"worker tcp://\S+ is refused: its model is \S+, this is {model_version()}", complaint.decode())
    assert "the cluster has no worker that can be used" in complaint.decode()
    processes.append(worker(address, "sound"))
    folder, said = swept_on(address, file, tmp_path / "again")
    assert len(said) == 1
    assert folder.content_hash() == swept(file, tmp_path / "threads").content_hash()


def test_a_worker_of_another_version_or_of_other_bits_is_refused():
    own = Identity("1-a", "0.9.0", "0123456789abcdef")
    assert refusal(own, own) == ""
    assert refusal(own, own._replace(model="1-b")) == "its model is 1-b, this is 1-a"
    assert refusal(own, own._replace(package="0.8.0")) == "its package is 0.8.0, this is 0.9.0"
    assert refusal(own, own._replace(probe="fedcba9876543210")) == (
        "it gives other bits under the same version (probe fedcba987654, here 0123456789ab)"
    )


def test_the_probe_sees_the_last_bit(monkeypatch):
    before = bit_probe()
    assert before == bit_probe() == identity(model_version()).probe
    from sim.engines import ensemble

    rows_of = ensemble.rows_of

    def nudged(*given):
        rows = rows_of(*given)
        rows[-1, -1] += 1e-9
        return rows

    monkeypatch.setattr(ensemble, "rows_of", nudged)
    assert bit_probe() != before


def test_another_version_needs_no_probe(monkeypatch):
    monkeypatch.setattr(workers, "bit_probe", lambda: pytest.fail("played"))
    assert identity("1-another").model == model_version()


def test_a_cluster_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr(clusters, "_PATIENCE", 0.2)
    monkeypatch.setattr(workers, "bit_probe", lambda: "")
    with pytest.raises(SimError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9", print)


def test_the_page_on_clusters_names_the_commands_that_are_tested():
    page = (Path(ROOT) / "docs" / "how-to" / "use-a-cluster.md").read_text(encoding="utf-8")
    assert "dask scheduler --host 127.0.0.1 --port 8786" in page
    assert "dask worker tcp://127.0.0.1:8786 --nworkers 2 --nthreads 1" in page
