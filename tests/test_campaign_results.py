"""The long checks were run on this version of the model and held; the page says which were not run."""

import pytest

from sim.version import model_version
from tests import campaign

RUN = "run `make campaign` (or `python -m tests.campaign --only NAME` for one of them)"


@pytest.fixture(scope="module")
def lines():
    assert campaign.PAGE.is_file(), f"there is no docs/campaign.md: the campaigns have not been run; {RUN}"
    return campaign.written_lines()


@pytest.mark.parametrize("name", campaign.CAMPAIGNS)
def test_a_campaign_was_run_in_full_on_this_version_of_the_model_and_held_or_the_page_says_it_was_not(lines, name):
    if name not in lines:
        said = campaign.PAGE.read_text(encoding="utf-8").partition(campaign.NOT_RUN)[2]
        assert name in said, f"docs/campaign.md neither has a row for '{name}' nor says that it was not run; {RUN}"
        return
    line, module = lines[name], campaign.CAMPAIGNS[name]
    assert line.model == model_version(), (
        f"docs/campaign.md: '{name}' was run on model {line.model}, and this is {model_version()}; {RUN}"
    )
    assert (line.size, line.seed) == (f"{module.SIZE:,}", str(module.SEED)), f"'{name}' was not run in full; {RUN}"
    assert line.holds, f"{name}: {line.result}"


def test_a_page_reads_back_as_it_was_written():
    line = campaign.Line("leaks", "Something.", "1,000", "53", "holds", "p = .3", "2025-01-01", "1-abc")
    assert campaign.lines_of(campaign.page_of([line])) == {"leaks": line}


def test_what_contradicts_theory_is_written_and_fails(monkeypatch, tmp_path, capsys):
    class Broken:
        """Nothing holds."""

        SIZE, SEED = 3, 1
        run = staticmethod(lambda size, seed: {"size": size})
        wrong = staticmethod(lambda result: [f"{result['size']} | too many"])
        found = staticmethod(str)

    monkeypatch.setattr(campaign, "CAMPAIGNS", {"broken": Broken})
    monkeypatch.setattr(campaign, "PAGE", tmp_path / "campaign.md")
    assert campaign.main(["--scale", "0.5"]) == 1
    assert not campaign.PAGE.exists()
    assert campaign.main([]) == 1
    line = campaign.written_lines()["broken"]
    assert (line.result, line.holds) == ("CONTRADICTED: 3 / too many", False)
    assert "broken" in capsys.readouterr().out


def test_every_campaign_says_in_a_sentence_what_it_proves():
    sentences = [campaign.proves(module) for module in campaign.CAMPAIGNS.values()]
    assert all(sentence.endswith(".") and "|" not in sentence for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_a_campaign_that_was_stopped_goes_on_where_it_stood(monkeypatch, tmp_path, capsys):
    class Holds:
        """It holds."""

        SIZE, SEED = 3, 1
        wrong = staticmethod(lambda result: [])
        found = staticmethod(str)

        def __init__(self):
            self.runs = 0

        def run(self, size, seed):
            self.runs += 1

    class Stops(Holds):
        """It is stopped the first time."""

        def run(self, size, seed):
            super().run(size, seed)
            if self.runs == 1:
                raise KeyboardInterrupt

    first, second = Holds(), Stops()
    monkeypatch.setattr(campaign, "CAMPAIGNS", {"first": first, "second": second})
    monkeypatch.setattr(campaign, "PAGE", tmp_path / "campaign.md")
    with pytest.raises(KeyboardInterrupt):
        campaign.main([])
    assert campaign.main([]) == 0
    assert (first.runs, second.runs) == (1, 2)
    assert "first (3): holds since" in capsys.readouterr().out
    assert campaign.main(["--again"]) == 0
    assert (first.runs, second.runs) == (2, 3)
