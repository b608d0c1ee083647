"""Runs: the same bytes every time, kept, taken up again, reworded, compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.coverage.cases import CaseSet, FaqCase
from qa.coverage.compare import Change, compare
from qa.coverage.files import load_case_folder
from qa.coverage.judge import Judge
from qa.coverage.records import AskedAs, Cause, Run, Verdict
from qa.coverage.robust import Rewording
from qa.coverage.run import Asked, run_cases, settings_of_run, wordings
from qa.coverage.saved import RunStore
from qa.engine import Engine
from qa.errors import FaqError
from qa.settings import seed_corpus
from qa.wire import MAX_QUESTION

NOW = datetime(2024, 3, 1, 8, 30)
CASES = CaseSet.of(
    (
        FaqCase(
            "lifts",
            "老旧小区加装了多少部电梯？",
            ("电梯装了好多部",),
            any_of=("67部", "280余部"),
            topic="小区",
        ),
        FaqCase("booster", "打加强针要满足什么条件？", all_of=("满8个月",), owner="卫健委"),
        FaqCase("weather", "今天天气怎么样", refuse=True),
        FaqCase("chief", "民政局局长是谁？", all_of=("薛千勇",), refuse=False),
    )
)


_QUESTIONS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), min_size=1, max_size=MAX_QUESTION
)


@pytest.fixture(scope="module")
def rewording(engine: Engine) -> Rewording:
    """What rewords questions with the lexicon that ships."""
    return Rewording(engine.lexicon, engine.segmenter)


@pytest.fixture(scope="module")
def run(engine: Engine) -> Run:
    return run_cases(engine, CASES)


def _changed(run: Run, at: int, **changes: object) -> Run:
    results = list(run.results)
    results[at] = replace(results[at], **changes)  # type: ignore[arg-type]
    return replace(run, results=tuple(results))


# --- a run ---------------------------------------------------------------------------------------------


def test_every_wording_is_asked_in_order_and_judged(run: Run) -> None:
    assert [(r.case, r.kind, r.variant) for r in run.results] == [
        ("lifts", AskedAs.QUESTION, 0),
        ("lifts", AskedAs.VARIANT, 1),
        ("booster", AskedAs.QUESTION, 0),
        ("weather", AskedAs.QUESTION, 0),
        ("chief", AskedAs.QUESTION, 0),
    ]
    first = run.results[0]
    assert (first.status, first.verdict, first.cause) == ("answered", Verdict.RIGHT, Cause.NONE)
    assert run.results[2].cause is Cause.IMPOSSIBLE
    assert run.results[3].verdict is Verdict.REFUSED_RIGHTLY


def test_quotes_are_slices_of_their_transcripts(run: Run, engine: Engine) -> None:
    quotes = [quote for result in run.results for quote in result.quotes]
    assert quotes
    for quote in quotes:
        assert engine.transcripts[quote.transcript].text[quote.start : quote.end] == quote.quote


def test_a_run_says_what_it_was_made_with(run: Run, engine: Engine) -> None:
    assert (run.corpus, run.faq) == (engine.corpus, CASES.digest)
    assert run.settings == settings_of_run(engine, robust=False)
    assert run.case_set == CASES


def test_the_same_run_has_the_same_bytes_and_comes_back_from_them(run: Run, engine: Engine) -> None:
    written = run.to_json()
    assert run_cases(engine, CASES).to_json() == written
    again = Run.from_json(written, "run.json")
    assert again == run
    assert again.to_json() == written
    assert run_cases(engine, again.case_set).to_json() == written


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"not json"])
def test_what_is_no_run_is_refused(data: bytes) -> None:
    with pytest.raises(FaqError, match="不是 minsheng coverage 存下的结果"):
        Run.from_json(data, "run.json")


def test_a_run_of_another_format_is_refused(run: Run) -> None:
    with pytest.raises(FaqError, match="别的版本"):
        Run.from_json(replace(run, format=99).to_json(), "run.json")


def test_the_share_right_counts_what_people_wrote(run: Run) -> None:
    ok = sum(result.verdict.ok for result in run.results)
    assert run.share_right == ok / 5
    assert replace(run, results=()).share_right == 1.0
    made = replace(run.results[2], kind=AskedAs.DIALECT)
    assert replace(run, results=(*run.results, made)).share_right == run.share_right


def test_what_the_starter_set_expects_stands_in_the_briefings(engine: Engine) -> None:
    judge = Judge(engine)
    nothing = engine.explain("？？")
    for case in load_case_folder(seed_corpus() / "faq").cases.cases:
        if not case.refuse:
            assert judge.judge(case, nothing).cause is not Cause.IMPOSSIBLE, case.question


def test_what_is_quotable_leaves_out_questions_and_words_that_only_say_who_speaks(run: Run) -> None:
    words = [passage.words for passage in run.ground.passages]
    assert not any(text.startswith("请问我们如果想以个人身份") for text in words)
    assert not any(text.endswith(("，", "：")) for text in words if len(text) < 40 and "表示" in text)
    assert any("延长缴费至满15年" in sentence.text for sentence in run.ground.sentences)
    assert not any("群众事，无小事" in sentence.text for sentence in run.ground.sentences)
    assert run.ground.departments["大足区民政局党委书记、局长"] == "民政局"
    assert run.ground.departments["卫健委"] == run.ground.departments["大足区卫生健康委党委书记、主任"]


# --- kept and taken up again ---------------------------------------------------------------------------


def test_a_saved_run_is_found_by_id_beginning_path_and_as_the_latest(run: Run, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    assert store.ids() == ()
    folder = store.save(run, {"report.html": b"x"}, NOW)
    later = store.save(_changed(run, 0, confidence=0.1), {}, datetime(2024, 3, 2, 8, 30))
    assert store.ids() == (folder.name, later.name)
    assert folder.name.startswith("20240301-083000-")
    assert (folder / "report.html").read_bytes() == b"x"
    for name in (folder.name, folder.name[:8], str(folder), str(folder / "run.json")):
        assert store.load(name) == run
    assert store.load("latest").results[0].confidence == 0.1
    assert store.save(run, {}, NOW) == folder
    assert not (folder / "report.html").exists()


def test_a_run_that_is_not_there_is_told_with_what_there_is(run: Run, tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    with pytest.raises(FaqError, match="还没有存下的结果"):
        store.load("latest")
    folder = store.save(run, {}, NOW)
    store.save(run, {}, datetime(2024, 3, 2, 8, 30))
    for name in ("2023", "2024", ""):  # none, more than one, nothing
        with pytest.raises(FaqError, match="最近一次是 20240302"):
            store.load(name)
    (folder / "run.json").write_bytes(b"{}")
    with pytest.raises(FaqError, match="已损坏"):
        store.load(folder.name)


def test_an_interrupted_run_is_taken_up_where_it_stopped(run: Run, engine: Engine, tmp_path: Path) -> None:
    store, asked_with = RunStore(tmp_path), settings_of_run(engine, robust=False)

    def stop(asked: Sequence[Asked]) -> Iterable[Asked]:
        yield from asked[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), store.partial(engine.corpus, asked_with, CASES) as partial:
        run_cases(engine, CASES, stop, done=partial.done, keep=partial.keep)
    (kept,) = store.folder.glob(".partial-*")
    kept.write_bytes(kept.read_bytes() + b'{"case": "cut sho')
    asked: list[str] = []

    with store.partial(engine.corpus, asked_with, CASES) as partial:
        assert len(partial.done) == 3

        def keep(result: object) -> None:
            asked.append(str(result))

        assert run_cases(engine, CASES, done=partial.done, keep=keep).to_json() == run.to_json()
    assert len(asked) == 2
    assert not kept.exists()
    assert store.ids() == ()


def test_another_version_or_set_takes_nothing_over(engine: Engine, tmp_path: Path) -> None:
    store, asked_with = RunStore(tmp_path), settings_of_run(engine, robust=False)
    result = run_cases(engine, CASES).results[0]
    with suppress(KeyboardInterrupt), store.partial(engine.corpus, asked_with, CASES) as partial:
        partial.keep(result)
        raise KeyboardInterrupt
    assert list(store.folder.glob(".partial-*"))
    others = ((engine.corpus, CaseSet.of(CASES.cases[:1])), ("sha256:other", CASES))
    for corpus, cases in others:
        with store.partial(corpus, asked_with, cases) as partial:
            assert not partial.done


def test_a_data_directory_that_cannot_be_written_is_told(run: Run, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file, not a folder")
    store = RunStore(tmp_path)
    with pytest.raises(FaqError, match="用 --data 换一个数据目录"):
        store.save(run, {}, NOW)
    with (
        pytest.raises(FaqError, match="用 --data"),
        store.partial(engine.corpus, settings_of_run(engine, robust=False), CASES),
    ):
        raise AssertionError("not reached")


# --- reworded ------------------------------------------------------------------------------------------


def test_a_question_is_reworded_in_every_kind_and_always_the_same_way(
    engine: Engine, rewording: Rewording
) -> None:
    question = "民政局怎么办理养老保险登记？"
    made = dict(rewording.reworded(question))
    assert set(made) == {kind for kind in AskedAs if kind.made}
    assert made == dict(Rewording(engine.lexicon, engine.segmenter).reworded(question))
    assert made[AskedAs.TRADITIONAL] == "民政局怎麼辦理養老保險登記？"
    assert made[AskedAs.PINYIN] == "minzhengju zenme banli yanglaobaoxian dengji"
    assert sorted(made[AskedAs.SLIP]) == sorted(question)
    assert made[AskedAs.SLIP] != question
    assert len(made[AskedAs.HOMOPHONE]) == len(question)
    assert "怎么" not in made[AskedAs.DIALECT]


@settings(deadline=None, max_examples=60)
@given(_QUESTIONS)
def test_any_question_can_be_reworded_and_then_asked(rewording: Rewording, question: str) -> None:
    for kind, text in rewording.reworded(question):
        assert kind.made
        assert text != question
        assert 0 < len(text) <= MAX_QUESTION


def test_wordings_made_are_asked_after_peoples_and_not_counted(
    engine: Engine, rewording: Rewording, run: Run
) -> None:
    made = tuple(rewording.wordings(CASES.cases))
    robust = run_cases(engine, CASES, made=made)
    assert robust.asked == run.results
    assert [r.asked for r in robust.results[len(run.results) :]] == [asked.text for asked in made]
    assert robust.settings.robust
    assert robust.share_right == run.share_right
    assert tuple(wordings(CASES.cases))[1].kind is AskedAs.VARIANT


# --- compared ------------------------------------------------------------------------------------------


def test_two_runs_are_compared_wording_by_wording(run: Run) -> None:
    before = _changed(run, 0, verdict=Verdict.WRONG, quotes=())
    before = _changed(before, 2, verdict=Verdict.RIGHT)
    before = _changed(before, 4, quotes=(replace(run.results[4].quotes[0], quote="别的话"),))
    before = replace(
        before, results=(*before.results[:1], *before.results[2:], replace(run.results[0], case="gone"))
    )
    compared = compare(before, run)
    assert {changed.result.asked: changed.change for changed in compared.changes if changed.after} == {
        "老旧小区加装了多少部电梯？": Change.FIXED,
        "电梯装了好多部": Change.APPEARED,
        "打加强针要满足什么条件？": Change.BROKEN,
        "今天天气怎么样": Change.UNCHANGED,
        "民政局局长是谁？": Change.MOVED,
    }
    (gone,) = compared.of(Change.VANISHED)
    assert (gone.result.case, gone.after) == ("gone", None)
    assert list(compared.counts.values()) == [1, 1, 1, 1, 1, 1]
    assert list(compared.counts) == list(Change)


def test_words_quoted_from_another_place_have_not_moved(run: Run) -> None:
    shifted = tuple(
        replace(quote, start=quote.start + 5, end=quote.end + 5) for quote in run.results[0].quotes
    )
    assert compare(_changed(run, 0, quotes=shifted), run).counts[Change.UNCHANGED] == len(run.results)
    assert compare(run, run).counts[Change.UNCHANGED] == len(run.results)
