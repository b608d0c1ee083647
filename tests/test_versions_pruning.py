"""Old versions are done away with: never what is asked or can be gone back to, whatever interrupts."""

from __future__ import annotations

import io
import random
import shutil
import time
from pathlib import Path

import pytest

from qa.cli import run
from qa.errors import VersionError
from qa.settings import Settings
from qa.versions import pruning as module
from qa.versions.draft import Draft
from qa.versions.inventory import damage, read_manifest
from qa.versions.layout import DataDirectory, read_state, short
from qa.versions.pruning import prune, pruning
from qa.versions.publishing import find_version, prepare, roll_back, roll_back_to, switch
from qa.versions.storing import current_folder
from tests.staff import HALL, HOURS, begun, described, quotes, started, tiny_corpus
from web.live import LiveEngine

VERSIONS = 5


def _hours(number: int) -> str:
    return HOURS.replace("九点", f"九点{number}分")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with five versions, the last one current."""
    root = tmp_path_factory.mktemp("pruning")
    data = DataDirectory(root / "data")
    settings = Settings(data=data.root)
    begun(data, tiny_corpus(root / "corpus"))
    for number in range(1, VERSIONS):
        folder = Draft.begun(data, settings, "王某").transcripts / "hall-2022"
        text = HALL.replace(HOURS, _hours(number))
        (folder / "source.txt").write_text(text, "utf-8")
        (folder / "transcript.yaml").write_text(described(text, "hall-2022发布会"), "utf-8")
        switch(data, prepare(data, settings).name, "王某", f"第{number}次")
    return data.root


@pytest.fixture
def data(made: Path, tmp_path: Path) -> DataDirectory:
    # Versions share files by links; a copy would hold each file once for every version.
    shutil.copytree(made, tmp_path / "data", copy_function=_linked)
    return DataDirectory(tmp_path / "data")


def _linked(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def _published(data: DataDirectory) -> tuple[str, ...]:
    state = read_state(data)
    assert state is not None
    return state.published()


def _whole(data: DataDirectory) -> None:
    for name in data.names():
        assert not damage(data.version(name), read_manifest(data.version(name)))


def test_the_current_version_and_the_last_ones_stay(data: DataDirectory) -> None:
    one, two, three, four, five = _published(data)
    found = prune(data, 2)
    assert found.gone == (two, one)
    assert found.kept == (five, four, three)
    assert set(data.names()) == {three, four, five}
    assert _published(data) == (one, two, three, four, five)  # the history stays
    _whole(data)
    assert prune(data, 2).gone == ()


def test_what_is_in_force_again_after_a_rollback_counts_as_late(data: DataDirectory) -> None:
    one, _, three, _, five = _published(data)
    roll_back(data, one, "王某", "")
    assert prune(data, 1).kept == (one, five)
    assert current_folder(data).name == one
    assert roll_back_to(data, None) == (one, five)
    with pytest.raises(VersionError, match="没有这个版本"):
        find_version(data, short(three))


def test_a_rollback_passes_over_what_is_gone(data: DataDirectory) -> None:
    *_, three, four, five = _published(data)
    roll_back(data, four, "王某", "")
    shutil.rmtree(data.version(five))
    assert roll_back_to(data, None) == (four, three)


@pytest.mark.parametrize("keep", [0, -1])
def test_nothing_to_go_back_to_is_refused(data: DataDirectory, keep: int) -> None:
    with pytest.raises(VersionError, match="至少要留 1 个") as refused:
        pruning(data, keep)
    assert refused.value.code == "prune_too_few"
    assert len(data.names()) == VERSIONS


def test_what_is_freed_is_what_no_other_version_holds(made: Path, tmp_path: Path) -> None:
    data = DataDirectory(shutil.copytree(made, tmp_path / "data"))  # copied, nothing is shared
    one, two, *_, five = _published(data)
    among, beyond = Path("transcripts/hall-2022/source.txt"), Path("lexicon/words.txt")
    for name, file, other in ((two, among, one), (two, beyond, five)):
        (data.version(name) / file).unlink()
        (data.version(name) / file).hardlink_to(data.version(other) / file)
    gone = [data.version(name) for name in pruning(data, 1).gone]
    held = sum(path.stat().st_size for folder in gone for path in folder.rglob("*") if path.is_file())
    twice = (data.version(one) / among).stat().st_size
    assert pruning(data, 1).freed == held - twice - (data.version(five) / beyond).stat().st_size


def test_an_interrupted_prune_goes_on(data: DataDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "remove_folder", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prune(data, 1)
    monkeypatch.undo()
    assert len(data.names()) == VERSIONS - 1
    _whole(data)
    prune(data, 1)
    assert len(data.names()) == len(list(data.versions.iterdir())) == 2


def test_a_killed_prune_leaves_each_version_whole_or_gone(data: DataDirectory) -> None:
    current = current_folder(data).name
    process = started(data.root, "corpus", "prune", "--keep", "1", "--yes")
    while not (data.root / "lock.json").exists() and process.poll() is None:
        time.sleep(0.0005)
    time.sleep(random.Random(5).uniform(0, 0.01))
    process.kill()
    process.wait()
    assert current_folder(data).name == current
    _whole(data)
    assert {current, *_published(data)[-2:]} <= set(data.names())
    assert len(prune(data, 1).kept) == len(list(data.versions.iterdir())) == 2


def test_a_server_answers_on_while_old_versions_go(data: DataDirectory) -> None:
    live = LiveEngine(Settings(data=data.root), seconds=0.05)
    before = live.current
    prune(data, 1)
    live.look()
    assert live.current is before
    assert quotes(live.current) == _hours(VERSIONS - 1)
    assert live.status.problem is None


def test_it_is_asked_first_and_told_what_goes(
    data: DataDirectory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINSHENG_DATA", str(data.root))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run(["corpus", "prune", "--keep", "2"]) == 1
    assert capsys.readouterr().out.count("清理  ") == 2
    assert len(data.names()) == VERSIONS
    assert run(["corpus", "prune", "--keep", "2", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "已清理 2 个版本，腾出 " in told
    assert "留下 3 个" in told
    assert run(["corpus", "versions"]) == 0
    assert capsys.readouterr().out.count("已清理") == 2
    assert run(["corpus", "prune", "--keep", "2", "--yes"]) == 0
    assert "没有要清理的" in capsys.readouterr().out
