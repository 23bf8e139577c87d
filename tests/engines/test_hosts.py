"""The module plays to the same bits in Node and in a browser as in Python, by the one memory plan that Python writes."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engines import ensemble, host
from sim.engines.arrays import arrays_of
from sim.engines.layout import layout_of
from sim.engines.lowering import ENTRY
from sim.scenario.load import load
from sim.shipped import shipped_names
from sim.steps.columns import columns_of
from tests.engines.compiled_functions import writer_of
from tests.engines.worlds import busy
from tests.hashes import hash_of

PLAN = layout_of().plan

HOST = Path(sim.__file__).parent / "engines" / "host.js"
SEED, REPLICATES = 11, 20

# What both hosts are given: a module and jobs by name, each with its arrays as base64; and how they give back rows.
AS_BYTES = "const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));\n"
AS_TEXT = "const text = (rows) => btoa(String.fromCharCode(...new Uint8Array(rows.buffer)));\n"
NODE = (
    AS_BYTES
    + AS_TEXT
    + """
const { playRows } = require(process.argv[1]);
const { module: code, jobs } = JSON.parse(require("fs").readFileSync(0, "utf8"));
WebAssembly.compile(bytes(code)).then((module) => {
  const played = (job) => text(playRows({ ...job, module, whole: bytes(job.whole), scenario: bytes(job.scenario) }));
  console.log(JSON.stringify(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, played(job)]))));
});
"""
)
PAGE = (
    "<!doctype html><title>A page</title><script>\n"
    + AS_BYTES
    + AS_TEXT
    + """
const worker = new Worker(URL.createObjectURL(new Blob([HOST], { type: "text/javascript" })));
const answer = (job) => new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data.error ?? text(data.rows));
  worker.postMessage(job);
});
(async () => {
  const { module: code, jobs } = GIVEN;
  const module = await WebAssembly.compile(bytes(code));
  const rows = {};
  for (const [name, job] of Object.entries(jobs))
    rows[name] = await answer({ ...job, module, whole: bytes(job.whole), scenario: bytes(job.scenario) });
  window.rows = rows;
})();
</script>
"""
)


def as_text(data):
    return base64.b64encode(data).decode("ascii")


def job_of(scenario, seed, first, count):
    """What a host is given to play some replicates of a scenario."""
    arrays = arrays_of(scenario)
    return {
        "plan": host.memory_plan(arrays, count, len(columns_of(scenario))),
        "whole": as_text(arrays.whole.tobytes()),
        "scenario": as_text(arrays.scenario.tobytes()),
        "seed": str(seed),
        "first": first,
        "count": count,
    }


def rows_from(text, count):
    return np.frombuffer(base64.b64decode(text), dtype="<f8").reshape(count, -1)


@pytest.fixture(scope="module")
def jobs():
    return {name: job_of(load(name), SEED, 0, REPLICATES) for name in shipped_names("scenarios")}


@pytest.fixture(scope="module")
def in_python():
    return {name: hash_of(ensemble.rows_of(load(name), SEED, 0, REPLICATES)) for name in shipped_names("scenarios")}


@pytest.fixture(scope="module")
def in_node():
    """What plays jobs in Node."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on the path, in which the module could be played")

    def played(jobs, module=None):
        given = json.dumps({"module": as_text(module or ensemble.module_bytes()), "jobs": jobs})
        command = [node, "-e", NODE, str(HOST)]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stderr
        return {name: rows_from(text, jobs[name]["count"]) for name, text in json.loads(done.stdout).items()}

    return played


@pytest.fixture(scope="module")
def in_browser(tmp_path_factory):
    """What plays jobs in a worker of a page that is opened as a file."""
    from tests.report.browsers import launched, started  # takes Playwright, which only these tests need

    def played(jobs):
        given = json.dumps({"module": as_text(ensemble.module_bytes()), "jobs": jobs})
        file = tmp_path_factory.mktemp("page") / "page.html"
        text = PAGE.replace("HOST", json.dumps(HOST.read_text(encoding="utf-8"))).replace("GIVEN", given)
        file.write_text(text, encoding="utf-8")
        page.goto(file.as_uri())
        page.wait_for_function("() => window.rows", timeout=600_000)
        return {name: rows_from(text, jobs[name]["count"]) for name, text in page.evaluate("() => rows").items()}

    with started() as playwright:
        browser = launched(playwright)
        page = browser.new_page()
        yield played
        browser.close()


def test_node_plays_every_shipped_scenario_to_the_bits_of_python(in_node, jobs, in_python):
    assert {name: hash_of(rows) for name, rows in in_node(jobs).items()} == in_python


def test_a_browser_plays_every_shipped_scenario_to_the_bits_of_python(in_browser, jobs, in_python):
    """From a file, without a server: the worker is made of a blob."""
    assert {name: hash_of(rows) for name, rows in in_browser(jobs).items()} == in_python


def test_replicates_are_found_by_number_under_the_largest_seed_and_in_a_memory_with_room_for_more(in_node):
    scenario, seed, first = load("secret-track-1.5"), 2**63 - 1, 2**40 - 5
    job = job_of(scenario, seed, first, 8) | {"count": 3}
    assert hash_of(in_node({"some": job})["some"]) == hash_of(ensemble.rows_of(scenario, seed, first, 3))


def test_a_replicate_in_which_the_module_stops_is_missing_and_the_others_stand(in_node):
    """In its third week, the second of four takes what is no number for a whole one; so does the last."""
    head = "def War_play_week(P, R, S, sheet, work):\n"
    number = f"P[{PLAN['War.replicate']}]"
    when = f"({number} == 11 or {number} == 13) and P[{PLAN['War.week']}] == 2"
    text = ensemble.unit_text().replace(head, f"{head}    if {when}:\n        P[{PLAN['War.week']}] = int(nan)\n")
    module = host.assembled(writer_of(text, ENTRY, ensemble.ARGUMENTS)[1])
    scenario = busy("track-1.5-exposed-denied")
    rows = in_node({"some": job_of(scenario, SEED, 10, 4)}, module)["some"]
    assert np.isnan(rows).all(axis=1).tolist() == [False, True, False, True]
    expected = ensemble.rows_of(scenario, SEED, 10, 4)
    expected[[1, 3]] = np.nan
    assert hash_of(rows) == hash_of(expected)


def test_the_plan_is_plain_data_and_says_all_that_the_entry_is_called_with():
    scenario = load("reference")
    plan = host.memory_plan(arrays_of(scenario), 5, 45)
    assert json.loads(json.dumps(plan)) == plan
    known = [*plan["places"], *plan["sizes"], "seed", "first"]
    assert len(known) == len(set(known))
    assert set(plan["arguments"]) <= set(known)
    assert plan["places"]["rows"] + 5 * plan["sizes"]["row_bytes"] <= plan["pages"] * host.PAGE
