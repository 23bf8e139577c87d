"""Nothing wrong is ever read from a result folder: each file is what its place says, or is refused by name."""

import hashlib
import json
import os
import shutil

import pytest

from sim.errors import SimError
from sim.study.play.results import Failure, Part
from sim.study.store import parts
from sim.study.store.contents import parts_as_bytes
from sim.study.store.folder import open_folder
from sim.study.store.locking import FolderError
from sim.study.store.manifests import json_bytes, origin_of, sealed
from sim.study.store.parts import Range
from sim.study.sweep.asked_replicates import missing_ranges
from tests.campaigns import folder_bits
from tests.study.sweeping import gone_on, small, swept


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Three folders: of one question, of its other seed, and of other points."""
    place = tmp_path_factory.mktemp("played")
    file = small(place, replicates=20, points=2)
    text = file.read_text(encoding="utf-8")
    swept(file, place / "one")
    file.write_text(text.replace("seed = 1000", "seed = 1001"), encoding="utf-8")
    swept(file, place / "other seed")
    swept(small(place, replicates=20, points=3), place / "other points")
    return place


@pytest.fixture
def folder(played, tmp_path):
    shutil.copytree(played / "one", tmp_path / "out")
    return open_folder(tmp_path / "out")


def held(folder):
    """Return every range of a folder with what it holds."""
    return {where: folder.part(where) for there in folder.present.values() for where in there}


def put(folder, *groups, origin=None):
    """Put parts in the place of those that a folder has: each group of ranges with what they hold in files of its own."""
    shutil.rmtree(folder.path / "parts")
    origin = origin or origin_of(folder.manifest)
    for group in groups:
        parts.write(folder.path / "parts", parts_as_bytes(group.items(), origin))
    return open_folder(folder.path)


def refused(folder, told):
    """Check that a folder is not read, and that the same is played again and gives what it gave before."""
    with pytest.raises(SimError, match=told) as error:
        folder.content_hash()
    assert "play it again with sim sweep" in str(error.value)
    assert "\n" not in str(error.value)
    said = []
    again = gone_on(folder.path, warn=said.append)
    assert len(said) == 1
    assert again.content_hash() == again.summary()["content_sha256"]
    return again


# Manifest, design, summary


@pytest.mark.parametrize("key", ["title", "seed", "replicates", "command", "time", "engine", "model_version"])
def test_a_manifest_that_says_something_else_is_refused(folder, key):
    path = folder.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(json_bytes(manifest | {key: manifest[key] * 2}))
    with pytest.raises(FolderError, match=r"manifest\.json: is not what its checksum says; restore it from a copy"):
        open_folder(folder.path)


def test_a_manifest_whose_hash_was_taken_away_is_refused(folder):
    manifest = {name: value for name, value in folder.manifest.items() if name != "sha256"}
    (folder.path / "manifest.json").write_bytes(json_bytes(manifest))
    with pytest.raises(FolderError, match=r"manifest\.json: is not what its checksum says"):
        open_folder(folder.path)


def test_inputs_that_are_not_those_that_were_hashed_are_refused(folder):
    scenarios = json.loads(json.dumps(folder.manifest["scenarios"]))
    scenarios["two"]["values"]["weeks"] = 61
    (folder.path / "manifest.json").write_bytes(json_bytes(sealed(folder.manifest | {"scenarios": scenarios})))
    with pytest.raises(FolderError, match=r"manifest\.json: its inputs are not what their checksum says"):
        open_folder(folder.path)


def test_the_design_of_another_folder_is_refused(folder, played):
    shutil.copy(played / "other points" / "design.json", folder.path / "design.json")
    with pytest.raises(
        FolderError, match=r"design\.json: is not the design that manifest\.json was written with; restore"
    ):
        open_folder(folder.path)


@pytest.mark.parametrize("name", ["manifest.json", "design.json"])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"\xff", b"[" * 100_000])
def test_a_file_that_is_gone_or_cannot_be_read_is_refused_by_name(folder, name, content):
    path = folder.path / name
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(FolderError, match=name.replace(".", r"\.")):
        open_folder(folder.path)


def test_what_is_rewritten_is_hashed_again(folder):
    longer = folder.extend(30)
    assert open_folder(longer.path).replicates == 30


def test_a_summary_that_says_something_else_is_refused(folder):
    path = folder.path / "summary.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"replicates": 20', '"replicates": 21', 1), encoding="utf-8")
    with pytest.raises(SimError, match=r"summary\.json: is not what its checksum says; write it again with sim sweep"):
        open_folder(folder.path).summary()
    assert gone_on(folder.path).summary() == json.loads(text)


@pytest.mark.parametrize("other", ["other seed", "other points"])
def test_the_summary_of_other_results_is_refused(folder, played, other):
    shutil.copy(played / other / "summary.json", folder.path / "summary.json")
    with pytest.raises(SimError, match=r"summary\.json: is of other results"):
        folder.summary()


def test_the_summary_of_fewer_replicates_is_refused(folder):
    with pytest.raises(SimError, match=r"summary\.json: is of other results"):
        folder.extend(30).summary()


# Parts that are not what their place says


def test_parts_of_another_seed_are_refused_and_played_again(folder, played):
    shutil.rmtree(folder.path / "parts")
    shutil.copytree(played / "other seed" / "parts", folder.path / "parts")
    before = open_folder(played / "one").content_hash()
    assert refused(open_folder(folder.path), "comes from other results").content_hash() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", 3), ("inputs_sha256", "0" * 64), ("model_version", "1-0"), ("seed", 1001)],
)
def test_a_part_says_what_it_comes_from(folder, field, value):
    other = origin_of(folder.manifest)._replace(**{field: value})
    refused(put(folder, held(folder), origin=other), f"comes from other results \\({field} ")


def test_a_renamed_part_is_refused(folder):
    first, second = held(folder).items()
    folder = put(folder, dict([first]), dict([second]))
    for file in (folder.path / "parts" / "000").glob("000000-*"):
        text = file.read_bytes().replace(b"000000-000000000", b"000000-000000020")
        file.with_name(file.name.replace("000000-000000000", "000000-000000020")).write_bytes(text)
        file.unlink()
    refused(open_folder(folder.path), r"holds other replicates than its name says \(000/000000-000000000-0020\)")


def test_parts_that_were_exchanged_with_their_checksums_are_refused(folder):
    first, second = held(folder).items()
    folder = put(folder, dict([first]), dict([second]))
    place, names = folder.path / "parts" / "000", ("000000-000000000-0020", "000001-000000000-0020")
    content = {name: (place / f"{name}.parquet").read_bytes() for name in names}
    for name, other in zip(names, reversed(names), strict=True):
        (place / f"{name}.parquet").write_bytes(content[other])
        line = f"{hashlib.sha256(content[other]).hexdigest()}  {name}.parquet\n"
        (place / f"{name}.sha256").write_text(line, encoding="ascii")
    refused(open_folder(folder.path), "holds other replicates than its name says")


def test_a_renamed_part_of_several_points_is_refused(folder):
    for file in (folder.path / "parts" / "000").iterdir():
        file.write_bytes(file.read_bytes().replace(b"-to-000001-", b"-to-000003-"))
        file.rename(file.with_name(file.name.replace("-to-000001-", "-to-000003-")))
    refused(open_folder(folder.path), "holds other replicates than its name says")


@pytest.mark.parametrize("ending", [".parquet", ".sha256"])
@pytest.mark.parametrize("share", [0.0, 0.5])
@pytest.mark.parametrize("together", [True, False])
def test_a_part_that_was_cut_off_is_refused(folder, ending, share, together):
    content = held(folder)
    folder = put(folder, content if together else dict([next(iter(content.items()))]))
    [file] = (folder.path / "parts" / "000").glob(f"*{ending}")
    file.write_bytes(file.read_bytes()[: int(len(file.read_bytes()) * share)])
    refused(open_folder(folder.path), "damaged|is not what its checksum says")


def test_a_part_that_has_fewer_replicates_than_it_says_is_refused(folder):
    content = held(folder)
    one = Range(1, 0, 20)
    content[one] = content[one]._replace(columns={name: values[1:] for name, values in content[one].columns.items()})
    refused(put(folder, content), "does not hold the replicates 0 to 19 of point 1")


def test_a_part_that_has_a_replicate_twice_is_refused(folder):
    content = held(folder)
    one = Range(1, 0, 20)
    columns = {name: values.copy() for name, values in content[one].columns.items()}
    columns["replicate"][3] = 4
    refused(put(folder, content | {one: Part(columns, ())}), "does not hold the replicates 0 to 19 of point 1")


def test_a_part_that_holds_what_another_holds_is_refused(folder):
    content = held(folder)
    one = Range(1, 0, 10)
    columns = {name: values[:10] for name, values in content[Range(1, 0, 20)].columns.items()}
    folder = put(folder, content, {one: Part(columns, ())})
    refused(folder, "holds replicates that .* holds too")


def test_a_point_that_the_design_has_not_is_refused(folder):
    content = held(folder)
    refused(put(folder, {Range(7, 0, 20): content[Range(1, 0, 20)]}), "holds a point that the design has not")


@pytest.mark.parametrize("one", [Range(1, 1990, 20), Range(1, 0, 0)])
def test_a_range_that_no_part_can_hold_is_refused(folder, one):
    refused(
        put(folder, {one: next(iter(held(folder).values()))}), "holds no replicates, or those of more than one block"
    )


def test_checksums_that_name_files_elsewhere_are_refused(folder):
    [file] = (folder.path / "parts" / "000").glob("*.sha256")
    file.write_bytes(file.read_bytes().replace(b"  0", b"  ../000/0"))
    refused(open_folder(folder.path), "it names other files")


def test_a_folder_full_of_damage_says_so_in_one_line(folder, played):
    content = held(folder)
    other = origin_of(folder.manifest)._replace(seed=7)
    folder = put(folder, *({where: part} for where, part in content.items()), origin=other)
    said = []
    gone_on(folder.path, warn=said.append)
    [line] = said
    assert "(and 1 more damaged parts); set aside in" in line


# What else lies among the parts


def test_strange_entries_are_named_once_and_passed_over(folder):
    before = folder.content_hash()
    place = folder.path / "parts"
    (place / "letter").touch()
    (place / "000" / "folder").mkdir()
    (place / "000" / "1-2-3.sha256").touch()
    (place / "001" / "deep").mkdir(parents=True)
    again = open_folder(folder.path)
    assert again.content_hash() == before
    assert len(again.strange) == 4
    said = []
    gone_on(folder.path, warn=said.append)
    assert said == [again.strange_line()]
    assert "(and 3 more): is no part of results, and passed over" in said[0]


def test_a_part_in_the_wrong_folder_is_strange_and_one_of_several_points_is_refused(folder):
    first, _ = held(folder).items()
    (folder.path / "parts" / "000").rename(folder.path / "parts" / "001")
    refused(open_folder(folder.path), "holds other replicates than its name says")
    folder = put(folder, dict([first]))
    (folder.path / "parts" / "000").rename(folder.path / "parts" / "001")
    again = open_folder(folder.path)
    assert again.present == {}
    assert len(again.strange) == 2


needs_links = pytest.mark.skipif(os.name == "nt", reason="making links asks for rights on Windows")


@needs_links
def test_no_link_among_the_parts_is_read(folder, played):
    place = folder.path / "parts"
    shutil.rmtree(place)
    place.symlink_to(played / "one" / "parts")
    again = open_folder(folder.path)
    assert (again.present, again.strange) == ({}, [place])
    place.unlink()
    place.mkdir()
    (place / "000").symlink_to(played / "one" / "parts" / "000")
    again = open_folder(folder.path)
    assert (again.present, again.strange) == ({}, [place / "000"])


@needs_links
def test_a_file_of_a_part_that_is_a_link_is_damage(folder, tmp_path):
    [file] = (folder.path / "parts" / "000").glob("*.parquet")
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SimError, match="the part is damaged"):
        open_folder(folder.path).content_hash()


@needs_links
@pytest.mark.parametrize("at", ["parts", "parts/000"])
def test_nothing_is_written_through_a_link(folder, tmp_path, at):
    (tmp_path / "elsewhere").mkdir()
    shutil.rmtree(folder.path / at)
    (folder.path / at).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SimError, match="is a link, through which nothing is written"):
        gone_on(folder.path)
    assert [*(tmp_path / "elsewhere").iterdir()] == []


@needs_links
def test_a_link_where_a_file_is_written_aside_is_not_followed(folder, tmp_path):
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    (folder.path / f"{parts.ASIDE}summary.json").symlink_to(target)
    folder.write_summary(folder.summary())
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_file_of_a_part_without_checksums_is_taken_away_on_going_on(folder):
    for file in (folder.path / "parts" / "000").glob("*.sha256"):
        file.unlink()
    [left] = (folder.path / "parts" / "000").iterdir()
    assert len(missing_ranges(open_folder(folder.path))) == 2
    left.rename(left.with_name("000000-to-000001-0123456789ab.parquet"))
    said = []
    gone_on(folder.path, warn=said.append)
    assert said == []
    assert not left.with_name("000000-to-000001-0123456789ab.parquet").exists()


# Parts of many points


def test_points_with_few_replicates_share_a_part_and_are_read_as_if_alone(folder):
    before, content = folder.content_hash(), held(folder)
    assert len([*folder.path.glob("parts/*/*")]) == 2
    assert put(folder, *({where: part} for where, part in content.items())).content_hash() == before
    assert len([*folder.path.glob("parts/*/*")]) == 4


def test_a_part_of_many_points_is_read_once_for_its_names_and_once_for_all_its_points(folder, monkeypatch):
    read, plainly = [], parts.read
    monkeypatch.setattr(parts, "read", lambda *where: read.append(where) or plainly(*where))
    again = open_folder(folder.path)
    for point in again.points:
        again.columns(point.number)
    assert len(read) == 2


def test_only_the_points_that_failed_are_played_again(folder):
    before, content = folder.content_hash(), held(folder)
    one = Range(1, 0, 20)
    lost = content[one]._replace(
        columns={name: values[:19] for name, values in content[one].columns.items()},
        failed=(Failure(19, "E: x", ""),),
    )
    folder = put(folder, content | {one: lost})
    assert folder.drop_failed() == 1
    again = open_folder(folder.path)
    assert missing_ranges(again) == [one]
    assert gone_on(folder.path).content_hash() == before


# Every bit


def test_every_flipped_bit_is_noticed_or_harmless():
    result = folder_bits.run(folder_bits.SIZE // 100, folder_bits.SEED)
    assert folder_bits.wrong(result) == [], folder_bits.found(result)
